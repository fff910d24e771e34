import { CIPHERINGS, INTEGRITIES, modificationsIn, sessionsToSetup } from '../../interfaces/e1ap/bearers.ts';
import { failure, outgoing, wrapElements } from '../../interfaces/e1ap/codec.ts';
import type { AcceptedMessage, Ies, Outgoing } from '../../interfaces/e1ap/types.ts';
import { gtpTunnel, tunnelOf } from '../../interfaces/ap/tunnel.ts';
import type { ApMessage } from '../../interfaces/ap/types.ts';
import type { PdcpSecurity } from '../../interfaces/pdcp/entity.ts';
import { algorithmOf } from '../../interfaces/rrc/security.ts';
import type { CuUpHas } from './defects.ts';
import type { UpBearer, UpSession, UserPlane } from './user-plane.ts';

/** What a gNB-CU-UP has for one UE. */
export interface BearerContext {
  readonly cuCpId: number;
  readonly cuUpId: number;
  security: Security;
  readonly sessions: Map<number, UpSession>;
}

interface Security {
  readonly ciphering: PdcpSecurity['ciphering'];
  readonly integrity: PdcpSecurity['integrity'];
}

export interface BearersDeps {
  readonly userPlane: UserPlane;
  readonly has: CuUpHas;
  /** Where it takes packets. */
  readonly gtpuHost: string;
}

type Listed = NonNullable<ReturnType<typeof sessionsToSetup>>[number];
type DrbToSetup = Pick<
  Listed['dRB-To-Setup-List-NG-RAN'][number],
  'dRB-ID' | 'pDCP-Configuration' | 'qos-flow-Information-To-Be-Setup'
>;
type SessionToSetup = Pick<Listed, 'pDU-Session-ID' | 'securityIndication' | 'nG-UL-UP-TNL-Information'> & {
  readonly 'dRB-To-Setup-List-NG-RAN': readonly DrbToSetup[];
};
type Cause = Ies<'BearerContextSetupFailure'>['Cause'];

/** The bearers of all UEs. @see TS 37.483 clause 8.3 */
export class Bearers {
  readonly #deps: BearersDeps;
  readonly #contexts = new Map<number, BearerContext>();
  #nextId = 0;

  constructor(deps: BearersDeps) {
    this.#deps = deps;
  }

  get contexts(): readonly BearerContext[] {
    return [...this.#contexts.values()];
  }

  setUp(message: AcceptedMessage<'BearerContextSetupRequest'>): Outgoing {
    const { ies } = message;
    const cuCpId = ies['gNB-CU-CP-UE-E1AP-ID'];
    const wanted = sessionsToSetup(ies['System-BearerContextSetupRequest']);
    const security = this.#securityIn(ies.SecurityInformation);
    if (wanted === null) return refused(message, { radioNetwork: 'unspecified' });
    if ('refused' in security) return refused(message, security.refused);
    const canProtect = (security.integrity?.algorithm ?? 0) !== 0;
    if (!canProtect && wanted.some(mustProtect) && !this.#deps.has('null-integrity-accepted'))
      return refused(message, { radioNetwork: 'uP-integrity-protection-not-possible' });
    this.#nextId += 1;
    const context: BearerContext = { cuCpId, cuUpId: this.#nextId, security, sessions: new Map() };
    const opened = this.#openAll(context, wanted);
    if (opened.length === 0) return refused(message, { radioNetwork: 'multiple-PDU-Session-ID-Instances' });
    this.#contexts.set(context.cuUpId, context);
    return outgoing('BearerContextSetupResponse', {
      'gNB-CU-CP-UE-E1AP-ID': cuCpId,
      'gNB-CU-UP-UE-E1AP-ID': context.cuUpId,
      'System-BearerContextSetupResponse': {
        'nG-RAN-BearerContextSetupResponse': wrapElements('NG-RAN-BearerContextSetupResponse', {
          'PDU-Session-Resource-Setup-List': opened,
        }),
      },
    });
  }

  modify(message: AcceptedMessage<'BearerContextModificationRequest'>): Outgoing {
    const { ies } = message;
    const ids = { cuCp: ies['gNB-CU-CP-UE-E1AP-ID'], cuUp: ies['gNB-CU-UP-UE-E1AP-ID'] };
    const context = this.#contexts.get(ids.cuUp);
    if (context === undefined || context.cuCpId !== ids.cuCp)
      return refused(message, { radioNetwork: 'unknown-or-inconsistent-pair-of-ue-e1ap-id' });
    const wanted = modificationsIn(ies['System-BearerContextModificationRequest']);
    const toAdd = (wanted['PDU-Session-Resource-To-Setup-Mod-List'] ?? []).map((each) => ({
      ...each,
      'dRB-To-Setup-List-NG-RAN': each['dRB-To-Setup-Mod-List-NG-RAN'].map((drb) => ({
        ...drb,
        'qos-flow-Information-To-Be-Setup': drb['flow-Mapping-Information'],
      })),
    }));
    const added = this.#openAll(context, toAdd).map(({ 'dRB-Setup-List-NG-RAN': drbs, ...each }) => ({
      ...each,
      'dRB-Setup-Mod-List-NG-RAN': drbs,
    }));
    const modified = (wanted['PDU-Session-Resource-To-Modify-List'] ?? []).flatMap((each) =>
      this.#modifySession(context, each),
    );
    for (const { 'pDU-Session-ID': id } of wanted['PDU-Session-Resource-To-Remove-List'] ?? [])
      this.#close(context, id);
    const set = {
      ...(added.length === 0 ? {} : { 'PDU-Session-Resource-Setup-Mod-List': added }),
      ...(modified.length === 0 ? {} : { 'PDU-Session-Resource-Modified-List': modified }),
    };
    return outgoing('BearerContextModificationResponse', {
      'gNB-CU-CP-UE-E1AP-ID': ids.cuCp,
      'gNB-CU-UP-UE-E1AP-ID': ids.cuUp,
      'System-BearerContextModificationResponse': {
        'nG-RAN-BearerContextModificationResponse': wrapElements(
          'NG-RAN-BearerContextModificationResponse',
          set,
        ),
      },
    });
  }

  /** Null of a UE that is not known. */
  release(cuCp: number, cuUp: number): Outgoing | null {
    const context = this.#contexts.get(cuUp);
    if (context?.cuCpId !== cuCp) return null;
    this.#forget(context);
    return outgoing('BearerContextReleaseComplete', {
      'gNB-CU-CP-UE-E1AP-ID': cuCp,
      'gNB-CU-UP-UE-E1AP-ID': cuUp,
    });
  }

  /** All of them, or those that are meant. */
  forget(isMeant: (context: BearerContext) => boolean = () => true): void {
    for (const context of this.contexts) if (isMeant(context)) this.#forget(context);
  }

  #forget(context: BearerContext): void {
    for (const id of context.sessions.keys()) this.#close(context, id);
    this.#contexts.delete(context.cuUpId);
  }

  #close({ sessions }: BearerContext, id: number): void {
    const session = sessions.get(id);
    if (session === undefined) return;
    this.#deps.userPlane.closeSession(session);
    sessions.delete(id);
  }

  #openAll(context: BearerContext, wanted: readonly SessionToSetup[]) {
    return wanted.flatMap((each) => {
      const uplink = tunnelOf(each['nG-UL-UP-TNL-Information']);
      if (uplink === null || context.sessions.has(each['pDU-Session-ID'])) return [];
      const session = this.#deps.userPlane.openSession(each['pDU-Session-ID'], uplink);
      context.sessions.set(session.id, session);
      const isProtected = each.securityIndication.integrityProtectionIndication !== 'not-needed';
      const drbs = each['dRB-To-Setup-List-NG-RAN'].map((drb) =>
        this.#openBearer(
          session,
          drb,
          securityFor(context, isProtected && !this.#deps.has('integrity-left-out')),
        ),
      );
      return [
        {
          'pDU-Session-ID': session.id,
          ...(isProtected ? { securityResult: PERFORMED } : {}),
          'nG-DL-UP-TNL-Information': this.#tunnel(session.teid),
          'dRB-Setup-List-NG-RAN': drbs.map((drb) => this.#drbSetUp(drb)),
        },
      ];
    });
  }

  #openBearer(session: UpSession, wanted: DrbToSetup, security: PdcpSecurity): UpBearer {
    const flows = wanted['qos-flow-Information-To-Be-Setup'];
    return this.#deps.userPlane.openBearer(session, {
      drb: Number(wanted['dRB-ID']),
      qfis: flows.map((flow) => flow['qoS-Flow-Identifier']),
      snBits: wanted['pDCP-Configuration']['pDCP-SN-Size-UL'] === 's-12' ? 12 : 18,
      security,
    });
  }

  #drbSetUp({ drb, qfis, teid }: UpBearer) {
    return {
      'dRB-ID': drb,
      'uL-UP-Transport-Parameters': [{ 'uP-TNL-Information': this.#tunnel(teid), 'cell-Group-ID': 0 }],
      'flow-Setup-List': qfis.map((qfi) => ({ 'qoS-Flow-Identifier': qfi })),
    };
  }

  #modifySession(
    context: BearerContext,
    wanted: NonNullable<ReturnType<typeof modificationsIn>['PDU-Session-Resource-To-Modify-List']>[number],
  ) {
    const session = context.sessions.get(wanted['pDU-Session-ID']);
    if (session === undefined) return [];
    const isForgotten = this.#deps.has('forgets-modification');
    const uplink = tunnelOf(wanted['nG-UL-UP-TNL-Information']);
    if (uplink !== null && !isForgotten) session.uplink = uplink;
    const modified = (wanted['dRB-To-Modify-List-NG-RAN'] ?? []).flatMap((each) => {
      const bearer = session.bearers.get(Number(each['dRB-ID']));
      const downlink = tunnelOf(each['dL-UP-Parameters']?.[0]?.['uP-TNL-Information']);
      if (bearer !== undefined && downlink !== null && !isForgotten) bearer.downlink = downlink;
      return bearer === undefined ? [] : [{ 'dRB-ID': bearer.drb }];
    });
    const added = (wanted['dRB-To-Setup-List-NG-RAN'] ?? []).map((each) =>
      this.#openBearer(session, each, securityFor(context, false)),
    );
    for (const each of wanted['dRB-To-Remove-List-NG-RAN'] ?? [])
      this.#deps.userPlane.closeBearer(session, Number(each['dRB-ID']));
    return [
      {
        'pDU-Session-ID': session.id,
        ...(added.length === 0 ? {} : { 'dRB-Setup-List-NG-RAN': added.map((each) => this.#drbSetUp(each)) }),
        ...(modified.length === 0 ? {} : { 'dRB-Modified-List-NG-RAN': modified }),
      },
    ];
  }

  #tunnel(teid: number) {
    return { gTPTunnel: gtpTunnel({ host: this.#deps.gtpuHost, teid }) };
  }

  #securityIn(given: Ies<'BearerContextSetupRequest'>['SecurityInformation']): Security | { refused: Cause } {
    const { securityAlgorithm, uPSecuritykey } = given;
    const ciphering = algorithmOf(securityAlgorithm.cipheringAlgorithm, CIPHERINGS);
    if (ciphering === null) return { refused: { radioNetwork: 'encryption-algorithms-not-supported' } };
    const { integrityProtectionAlgorithm: named } = securityAlgorithm;
    const integrity = named === undefined ? 0 : algorithmOf(named, INTEGRITIES);
    if (integrity === null)
      return { refused: { radioNetwork: 'integrity-protection-algorithms-not-supported' } };
    const { encryptionKey, integrityProtectionKey } = uPSecuritykey;
    return {
      ciphering: { algorithm: ciphering, key: encryptionKey },
      integrity:
        integrityProtectionKey === undefined ? null : { algorithm: integrity, key: integrityProtectionKey },
    };
  }
}

function mustProtect({ securityIndication }: Pick<Listed, 'securityIndication'>): boolean {
  return securityIndication.integrityProtectionIndication === 'required';
}

const PERFORMED = {
  integrityProtectionResult: 'performed',
  confidentialityProtectionResult: 'performed',
} as const;

function securityFor({ security }: BearerContext, isProtected: boolean): PdcpSecurity {
  return { ciphering: security.ciphering, integrity: isProtected ? security.integrity : null };
}

function refused(message: ApMessage, cause: Cause): Outgoing {
  const answer = failure(message, cause);
  if (answer === null) throw new TypeError(`${message.name} has no failure`);
  return answer;
}
