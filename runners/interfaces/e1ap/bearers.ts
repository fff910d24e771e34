import { gtpTunnel, type SliceId, snssaiOf, type Tunnel, tunnelOf } from '../ap/tunnel.ts';
import { plmnOctets } from '../ap/values.ts';
import type { AsAlgorithms, AsKeys } from '../rrc/security.ts';
import { unwrapElements, wrapElements } from './codec.ts';
import type { Ies } from './types.ts';

/** A data radio bearer that a gNB-CU-UP is to set up. */
export interface E1Drb {
  readonly drb: number;
  readonly snBits: 12 | 18;
  readonly flows: readonly { readonly qfi: number; readonly fiveQi: number }[];
}

/** A PDU session of IPv4 with its bearers. */
export interface E1Session {
  readonly id: number;
  readonly slice: SliceId;
  readonly isIntegrityProtected: boolean;
  /** Where the UPF takes what comes from the UE. */
  readonly uplink: Tunnel;
  readonly drbs: readonly E1Drb[];
}

export interface E1Context {
  readonly cuCpUeId: number;
  readonly plmn: string;
  readonly algorithms: AsAlgorithms;
  readonly keys: AsKeys['userPlane'];
  readonly sessions: readonly E1Session[];
}

export const CIPHERINGS = ['nEA0', 'c-128-NEA1', 'c-128-NEA2', 'c-128-NEA3'] as const;
export const INTEGRITIES = ['nIA0', 'i-128-NIA1', 'i-128-NIA2', 'i-128-NIA3'] as const;

const AMBR = 1_000_000_000;

/** @see TS 37.483 clause 9.2.2.1 */
export function bearerContextSetup(context: E1Context): Ies<'BearerContextSetupRequest'> {
  const { cuCpUeId, plmn, sessions } = context;
  return {
    'gNB-CU-CP-UE-E1AP-ID': cuCpUeId,
    SecurityInformation: securityOf(context),
    UEDLAggregateMaximumBitRate: AMBR,
    'Serving-PLMN': plmnOctets(plmn),
    ActivityNotificationLevel: 'pdu-session',
    'System-BearerContextSetupRequest': {
      'nG-RAN-BearerContextSetupRequest': wrapElements('NG-RAN-BearerContextSetupRequest', {
        'PDU-Session-Resource-To-Setup-List': sessions.map(sessionToSetup),
      }),
    },
  };
}

export function securityOf({
  algorithms,
  keys,
}: Pick<E1Context, 'algorithms' | 'keys'>): Ies<'BearerContextSetupRequest'>['SecurityInformation'] {
  return {
    securityAlgorithm: {
      cipheringAlgorithm: CIPHERINGS[algorithms.ciphering],
      integrityProtectionAlgorithm: INTEGRITIES[algorithms.integrity],
    },
    uPSecuritykey: { encryptionKey: keys.ciphering.key, integrityProtectionKey: keys.integrity.key },
  };
}

const PRIORITY = {
  priorityLevel: 8,
  'pre-emptionCapability': 'shall-not-trigger-pre-emption',
  'pre-emptionVulnerability': 'not-pre-emptable',
} as const;

export function sessionToSetup(session: E1Session) {
  const { id, slice, isIntegrityProtected, uplink, drbs } = session;
  return {
    'pDU-Session-ID': id,
    'pDU-Session-Type': 'ipv4' as const,
    sNSSAI: snssaiOf(slice),
    securityIndication: {
      integrityProtectionIndication: isIntegrityProtected ? ('required' as const) : ('not-needed' as const),
      confidentialityProtectionIndication: 'required' as const,
      ...(isIntegrityProtected ? { maximumIPdatarate: { maxIPrate: 'max-UErate' as const } } : {}),
    },
    'nG-UL-UP-TNL-Information': { gTPTunnel: gtpTunnel(uplink) },
    'dRB-To-Setup-List-NG-RAN': drbs.map(drbToSetup),
  };
}

function drbToSetup({ drb, snBits, flows }: E1Drb) {
  return {
    'dRB-ID': drb,
    'sDAP-Configuration': {
      defaultDRB: 'true' as const,
      'sDAP-Header-UL': 'absent' as const,
      'sDAP-Header-DL': 'absent' as const,
    },
    'pDCP-Configuration': pdcpOf(snBits),
    'cell-Group-Information': [{ 'cell-Group-ID': 0 }],
    'qos-flow-Information-To-Be-Setup': flows.map(({ qfi, fiveQi }) => ({
      'qoS-Flow-Identifier': qfi,
      qoSFlowLevelQoSParameters: {
        'qoS-Characteristics': { 'non-Dynamic-5QI': { fiveQI: fiveQi } },
        nGRANallocationRetentionPriority: PRIORITY,
      },
    })),
  };
}

/** Further sessions of a UE. @see TS 37.483 clause 9.2.2.4 */
export function sessionsToAdd(
  ids: { readonly cuCp: number; readonly cuUp: number },
  sessions: readonly E1Session[],
): Ies<'BearerContextModificationRequest'> {
  const added = sessions.map((session) => {
    const { 'dRB-To-Setup-List-NG-RAN': drbs, ...rest } = sessionToSetup(session);
    const mapped = drbs.map(({ 'qos-flow-Information-To-Be-Setup': flows, ...drb }) => ({
      ...drb,
      'flow-Mapping-Information': flows,
    }));
    return { ...rest, 'dRB-To-Setup-Mod-List-NG-RAN': mapped };
  });
  return modification(ids, { 'PDU-Session-Resource-To-Setup-Mod-List': added });
}

/** Sessions that are not wanted any more. */
export function sessionsToRemove(
  ids: { readonly cuCp: number; readonly cuUp: number },
  sessions: readonly number[],
): Ies<'BearerContextModificationRequest'> {
  const removed = sessions.map((id) => ({ 'pDU-Session-ID': id }));
  return modification(ids, { 'PDU-Session-Resource-To-Remove-List': removed });
}

function modification(
  ids: { readonly cuCp: number; readonly cuUp: number },
  set: Parameters<typeof wrapElements<'NG-RAN-BearerContextModificationRequest'>>[1],
): Ies<'BearerContextModificationRequest'> {
  return {
    'gNB-CU-CP-UE-E1AP-ID': ids.cuCp,
    'gNB-CU-UP-UE-E1AP-ID': ids.cuUp,
    'System-BearerContextModificationRequest': {
      'nG-RAN-BearerContextModificationRequest': wrapElements('NG-RAN-BearerContextModificationRequest', set),
    },
  };
}

/** A bearer as the gNB-CU-UP is told of it when the UE has moved, or come back. */
export interface MovedDrb {
  readonly drb: number;
  /** Where the gNB-DU takes what goes to the UE now. */
  readonly downlink: Tunnel;
}

interface MovedSession {
  readonly id: number;
  readonly drbs: readonly MovedDrb[];
}

/** Where a gNB-DU takes what goes to the UE, by the bearers of a session. @see TS 37.483 clause 9.2.2.4 */
export function downlinkTunnels(
  ids: { readonly cuCp: number; readonly cuUp: number },
  sessions: readonly MovedSession[],
): Ies<'BearerContextModificationRequest'> {
  return modification(ids, modified(sessions, {}));
}

/** The same under new keys: PDCP is re-established. @see clauses 9.2.2.4, 9.3.1.38 */
export function downlinkTunnelsUnderKeys(
  ids: { readonly cuCp: number; readonly cuUp: number },
  sessions: readonly MovedSession[],
  { snBits, ...security }: Pick<E1Context, 'algorithms' | 'keys'> & { readonly snBits: 12 | 18 },
): Ies<'BearerContextModificationRequest'> {
  const pdcp = { ...pdcpOf(snBits), 'pDCP-Reestablishment': 'true' as const };
  return {
    ...modification(ids, modified(sessions, { 'pDCP-Configuration': pdcp })),
    SecurityInformation: securityOf(security),
  };
}

function modified(
  sessions: readonly MovedSession[],
  beside: { readonly 'pDCP-Configuration'?: ReturnType<typeof pdcpOf> },
) {
  return {
    'PDU-Session-Resource-To-Modify-List': sessions.map(({ id, drbs }) => ({
      'pDU-Session-ID': id,
      'dRB-To-Modify-List-NG-RAN': drbs.map(({ drb, downlink }) => ({
        ...{ 'dRB-ID': drb, ...beside },
        'dL-UP-Parameters': [
          { 'uP-TNL-Information': { gTPTunnel: gtpTunnel(downlink) }, 'cell-Group-ID': 0 },
        ],
      })),
    })),
  };
}

function pdcpOf(snBits: 12 | 18) {
  const size = snBits === 12 ? ('s-12' as const) : ('s-18' as const);
  return { 'pDCP-SN-Size-UL': size, 'pDCP-SN-Size-DL': size, 'rLC-Mode': 'rlc-am' as const };
}

type SetupRequest = Ies<'BearerContextSetupRequest'>['System-BearerContextSetupRequest'];
type SetupResponse = Ies<'BearerContextSetupResponse'>['System-BearerContextSetupResponse'];
type ModificationRequest = NonNullable<
  Ies<'BearerContextModificationRequest'>['System-BearerContextModificationRequest']
>;

/** The sessions in a BEARER CONTEXT SETUP REQUEST; null of one for E-UTRAN. */
export function sessionsToSetup(system: SetupRequest) {
  if (!('nG-RAN-BearerContextSetupRequest' in system)) return null;
  const set = system['nG-RAN-BearerContextSetupRequest'];
  return unwrapElements('NG-RAN-BearerContextSetupRequest', set)['PDU-Session-Resource-To-Setup-List'] ?? [];
}

export function sessionsSetUp(system: SetupResponse | undefined) {
  if (system === undefined || !('nG-RAN-BearerContextSetupResponse' in system)) return [];
  const set = system['nG-RAN-BearerContextSetupResponse'];
  return unwrapElements('NG-RAN-BearerContextSetupResponse', set)['PDU-Session-Resource-Setup-List'] ?? [];
}

export function modificationsIn(system: ModificationRequest | undefined) {
  if (system === undefined || !('nG-RAN-BearerContextModificationRequest' in system)) return {};
  return unwrapElements(
    'NG-RAN-BearerContextModificationRequest',
    system['nG-RAN-BearerContextModificationRequest'],
  );
}

type ModificationResponse = NonNullable<
  Ies<'BearerContextModificationResponse'>['System-BearerContextModificationResponse']
>;

/** What a gNB-CU-UP has set up of a session: its own tunnels. */
export interface E1SessionSetUp {
  readonly id: number;
  /** Where it takes what the UPF sends. */
  readonly downlink: Tunnel;
  /** Where it takes what the gNB-DU sends, by bearer. */
  readonly uplinks: ReadonlyMap<number, Tunnel>;
}

interface ListedSession {
  readonly 'pDU-Session-ID': number;
  readonly 'nG-DL-UP-TNL-Information': object;
}
interface ListedDrb {
  readonly 'dRB-ID': number | bigint;
  readonly 'uL-UP-Transport-Parameters': readonly { readonly 'uP-TNL-Information': object }[];
}

/** The sessions of a BEARER CONTEXT SETUP RESPONSE, with their tunnels; those without are left out. */
export function tunnelsSetUp(system: SetupResponse | undefined): readonly E1SessionSetUp[] {
  return sessionsSetUp(system).flatMap((session) => tunnelsOf(session, session['dRB-Setup-List-NG-RAN']));
}

/** The same of a BEARER CONTEXT MODIFICATION RESPONSE. */
export function tunnelsAdded(system: ModificationResponse | undefined): readonly E1SessionSetUp[] {
  if (system === undefined || !('nG-RAN-BearerContextModificationResponse' in system)) return [];
  const set = system['nG-RAN-BearerContextModificationResponse'];
  const { 'PDU-Session-Resource-Setup-Mod-List': list = [] } = unwrapElements(
    'NG-RAN-BearerContextModificationResponse',
    set,
  );
  return list.flatMap((session) => tunnelsOf(session, session['dRB-Setup-Mod-List-NG-RAN']));
}

function tunnelsOf(session: ListedSession, drbs: readonly ListedDrb[]): readonly E1SessionSetUp[] {
  const downlink = tunnelOf(session['nG-DL-UP-TNL-Information']);
  const uplinks = drbs.flatMap((drb) => {
    const tunnel = tunnelOf(drb['uL-UP-Transport-Parameters'][0]?.['uP-TNL-Information']);
    return tunnel === null ? [] : [[Number(drb['dRB-ID']), tunnel] as const];
  });
  return downlink === null ? [] : [{ id: session['pDU-Session-ID'], downlink, uplinks: new Map(uplinks) }];
}
