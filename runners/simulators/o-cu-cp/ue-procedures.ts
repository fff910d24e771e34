import type { Tunnel } from '../../interfaces/ap/tunnel.ts';
import {
  bearerContextSetup,
  downlinkTunnels as e1Downlinks,
  type E1Session,
  type E1SessionSetUp,
  sessionsToAdd,
  sessionsToRemove,
  tunnelsAdded,
  tunnelsSetUp,
} from '../../interfaces/e1ap/bearers.ts';
import { downlinkTunnels, drbToSetupMod } from '../../interfaces/f1ap/bearers.ts';
import { outgoing as f1, unwrapItems as unwrapF1, wrapItems as wrapF1 } from '../../interfaces/f1ap/codec.ts';
import type { Ies as F1Ies } from '../../interfaces/f1ap/types.ts';
import { outgoing as ng } from '../../interfaces/ngap/codec.ts';
import type { AcceptedMessage as NgAccepted, Ies as NgIes } from '../../interfaces/ngap/types.ts';
import type { AsAlgorithms } from '../../interfaces/rrc/security.ts';
import type { CuCpSettings } from './config.ts';
import type { CuCpHas } from './defects.ts';
import type { E1Server } from './e1.ts';
import type { NgClient } from './ng.ts';
import type { CuUe, UeSession } from './ue.ts';
import {
  asSetupItem,
  bestOf,
  drbForUe,
  type OpenedSession,
  openedSessions,
  responseTransfer,
  SN_BITS,
  wantedIn,
  type WantedSession,
} from './wanted.ts';

export interface UeProceduresDeps {
  readonly settings: CuCpSettings;
  readonly has: CuCpHas;
  readonly ng: NgClient;
  readonly e1: E1Server;
  readonly forget: (ue: CuUe) => void;
}
export type Procedures = UeProcedures;

type ReleaseCause = F1Ies<'UEContextReleaseCommand'>['Cause'];

const UNSPECIFIED = { radioNetwork: 'unspecified' } as const;

/** What is done for a UE, one thing after the other. @see TS 38.401 clauses 8.1, 8.5, 8.9 */
export class UeProcedures {
  readonly #deps: UeProceduresDeps;

  constructor(deps: UeProceduresDeps) {
    this.#deps = deps;
  }

  async downlinkNas(ue: CuUe, nas: Uint8Array): Promise<void> {
    const SRBID = ue.rrc.nasBearer;
    await ue.du.send(
      f1('DLRRCMessageTransfer', { ...ue.ids, SRBID, RRCContainer: ue.rrc.informationTransfer(nas) }),
    );
  }

  async setUpContext(ue: CuUe, { ies }: NgAccepted<'InitialContextSetupRequest'>): Promise<void> {
    const ids = { 'AMF-UE-NGAP-ID': ies['AMF-UE-NGAP-ID'], 'RAN-UE-NGAP-ID': ue.id };
    const algorithms = this.#choose(ies.UESecurityCapabilities);
    const isDone = algorithms !== null && (await this.#secure(ue, ies.SecurityKey.bits, algorithms));
    if (!isDone) {
      const Cause = { radioNetwork: 'failure-in-radio-interface-procedure' } as const;
      await this.#deps.ng.send(ng('InitialContextSetupFailure', { ...ids, Cause }));
      return;
    }
    const nas = ies['NAS-PDU'];
    if (nas !== undefined) await this.downlinkNas(ue, nas);
    const wanted = wantedIn((ies.PDUSessionResourceSetupListCxtReq ?? []).map(asSetupItem));
    const done = wanted.length === 0 ? [] : await this.#open(ue, wanted);
    await this.#deps.ng.send(
      ng('InitialContextSetupResponse', {
        ...ids,
        ...(done.length === 0
          ? {}
          : {
              PDUSessionResourceSetupListCxtRes: done.map(({ id, downlink, qfis }) => ({
                pDUSessionID: id,
                pDUSessionResourceSetupResponseTransfer: responseTransfer(downlink, qfis),
              })),
            }),
      }),
    );
  }

  /** UE CONTEXT SETUP with SRB2 and the security mode command, and what becomes of it. */
  async #secure(ue: CuUe, kgnb: Uint8Array, algorithms: AsAlgorithms): Promise<boolean> {
    const { answerWithinMs } = this.#deps.settings;
    ue.kgnb = kgnb;
    const secured = ue.awaits(['securityModeComplete', 'securityModeFailure'], answerWithinMs);
    const outcome = await ue.du.request('UEContextSetupRequest', {
      ...ue.ids,
      'SpCell-ID': ue.place.cell.nrcgi,
      ServCellIndex: 0,
      CUtoDURRCInformation: {},
      'SRBs-ToBeSetup-List': wrapF1('SRBs-ToBeSetup-Item', [{ sRBID: 2 }]),
      RRCContainer: ue.rrc.securityModeCommand(kgnb, algorithms),
    });
    if (outcome.kind !== 'successful') return false;
    if ((await secured)?.name !== 'securityModeComplete') return false;
    const masterCellGroup = outcome.message.ies.DUtoCURRCInformation.cellGroupConfig;
    return this.#reconfigure(ue, ue.rrc.reconfiguration({ masterCellGroup }));
  }

  async #reconfigure(ue: CuUe, RRCContainer: Uint8Array): Promise<boolean> {
    const complete = ue.awaits(['rrcReconfigurationComplete'], this.#deps.settings.answerWithinMs);
    await ue.du.send(f1('DLRRCMessageTransfer', { ...ue.ids, SRBID: 1, RRCContainer }));
    return (await complete) !== null;
  }

  async setUpSessions(ue: CuUe, { ies }: NgAccepted<'PDUSessionResourceSetupRequest'>): Promise<void> {
    const ids = { 'AMF-UE-NGAP-ID': ies['AMF-UE-NGAP-ID'], 'RAN-UE-NGAP-ID': ue.id };
    const items = ies.PDUSessionResourceSetupListSUReq;
    const done = await this.#open(ue, wantedIn(items));
    const failed = items.filter(({ pDUSessionID }) => !done.some(({ id }) => id === pDUSessionID));
    await this.#deps.ng.send(
      ng('PDUSessionResourceSetupResponse', {
        ...ids,
        ...(done.length === 0
          ? {}
          : {
              PDUSessionResourceSetupListSURes: done.map(({ id, downlink, qfis }) => ({
                pDUSessionID: id,
                pDUSessionResourceSetupResponseTransfer: responseTransfer(downlink, qfis),
              })),
            }),
        ...(failed.length === 0
          ? {}
          : {
              PDUSessionResourceFailedToSetupListSURes: failed.map(({ pDUSessionID }) => ({
                pDUSessionID,
                pDUSessionResourceSetupUnsuccessfulTransfer: { cause: UNSPECIFIED },
              })),
            }),
      }),
    );
  }

  /** First the gNB-CU-UP, then the gNB-DU, then the gNB-CU-UP again, and the UE at last. */
  async #open(ue: CuUe, wanted: readonly WantedSession[]): Promise<readonly UeSession[]> {
    const opened = await this.#openAtCuUp(
      ue,
      wanted.map((each) => each.e1),
    );
    if (opened.length === 0) return [];
    const sessions = openedSessions(opened, wanted);
    const { has } = this.#deps;
    const outcome = await ue.du.request('UEContextModificationRequest', {
      ...ue.ids,
      'DRBs-ToBeSetupMod-List': wrapF1(
        'DRBs-ToBeSetupMod-Item',
        sessions.map(({ ue: { atDu } }) => {
          const { snBits, ...rest } = atDu;
          return drbToSetupMod(has('omits-pdcp-sn-length') ? rest : { ...rest, snBits: snBits ?? SN_BITS });
        }),
      ),
    });
    if (outcome.kind !== 'successful') return [];
    const { ies } = outcome.message;
    const tunnels = downlinkTunnels(unwrapF1('DRBs-SetupMod-Item', ies['DRBs-SetupMod-List']));
    if (!has('du-tunnel-not-told')) await this.#tellTunnels(ue, sessions, tunnels);
    const masterCellGroup = ies.DUtoCURRCInformation?.cellGroupConfig ?? new Uint8Array(0);
    const nas = wanted.flatMap((each) => each.nas ?? []);
    const drbs = sessions.map(drbForUe);
    const container = ue.rrc.reconfiguration({ masterCellGroup, drbs, nas });
    if (!(await this.#reconfigure(ue, container))) return [];
    for (const { ue: session } of sessions) ue.sessions.set(session.id, session);
    return sessions.map((each) => each.ue);
  }

  async #openAtCuUp(ue: CuUe, wanted: readonly E1Session[]): Promise<readonly E1SessionSetUp[]> {
    const { e1, settings, has } = this.#deps;
    const { keys, algorithms } = ue.rrc;
    if (keys === null || algorithms === null) return [];
    const { bearers } = ue;
    if (bearers !== null) {
      const ids = { cuCp: ue.id, cuUp: bearers.cuUpId };
      const outcome = await bearers.session.request(
        'BearerContextModificationRequest',
        sessionsToAdd(ids, wanted),
      );
      if (outcome.kind !== 'successful') return [];
      return tunnelsAdded(outcome.message.ies['System-BearerContextModificationResponse']);
    }
    const [session] = e1.sessions.known;
    if (session === undefined) return [];
    const { ciphering, integrity } = keys.userPlane;
    const given = has('user-plane-keys-swapped')
      ? { ciphering: integrity, integrity: ciphering }
      : keys.userPlane;
    const request = bearerContextSetup({
      ...{ cuCpUeId: ue.id, plmn: settings.plmn, algorithms, keys: given, sessions: wanted },
    });
    const outcome = await session.request('BearerContextSetupRequest', request);
    if (outcome.kind !== 'successful') return [];
    const { ies } = outcome.message;
    ue.bearers = { session, cuUpId: ies['gNB-CU-UP-UE-E1AP-ID'] };
    return tunnelsSetUp(ies['System-BearerContextSetupResponse']);
  }

  async #tellTunnels(
    ue: CuUe,
    sessions: readonly OpenedSession[],
    tunnels: readonly { readonly drb: number; readonly downlink: Tunnel }[],
  ): Promise<void> {
    if (ue.bearers === null) return;
    const told = sessions.map(({ ue: { id, drb } }) => ({
      id,
      drbs: tunnels.filter((each) => each.drb === drb),
    }));
    const ids = { cuCp: ue.id, cuUp: ue.bearers.cuUpId };
    await ue.bearers.session.request('BearerContextModificationRequest', e1Downlinks(ids, told));
  }

  async releaseSessions(ue: CuUe, { ies }: NgAccepted<'PDUSessionResourceReleaseCommand'>): Promise<void> {
    const ids = { 'AMF-UE-NGAP-ID': ies['AMF-UE-NGAP-ID'], 'RAN-UE-NGAP-ID': ue.id };
    const named = ies.PDUSessionResourceToReleaseListRelCmd.map(({ pDUSessionID }) => pDUSessionID);
    const gone = named.flatMap((id) => ue.sessions.get(id) ?? []);
    for (const { id } of gone) ue.sessions.delete(id);
    if (ue.bearers !== null && gone.length > 0) {
      const removed = sessionsToRemove({ cuCp: ue.id, cuUp: ue.bearers.cuUpId }, named);
      await ue.bearers.session.request('BearerContextModificationRequest', removed);
    }
    const released = gone.map(({ drb }) => drb);
    const outcome = await ue.du.request('UEContextModificationRequest', {
      ...ue.ids,
      'DRBs-ToBeReleased-List': wrapF1(
        'DRBs-ToBeReleased-Item',
        released.map((dRBID) => ({ dRBID })),
      ),
    });
    const cellGroup =
      outcome.kind === 'successful' ? outcome.message.ies.DUtoCURRCInformation?.cellGroupConfig : undefined;
    const nas = ies['NAS-PDU'];
    const container = ue.rrc.reconfiguration({
      ...{ masterCellGroup: cellGroup ?? new Uint8Array(0), released },
      nas: nas === undefined ? [] : [nas],
    });
    await this.#reconfigure(ue, container);
    await this.#deps.ng.send(
      ng('PDUSessionResourceReleaseResponse', {
        ...ids,
        PDUSessionResourceReleasedListRelRes: named.map((pDUSessionID) => ({
          pDUSessionID,
          pDUSessionResourceReleaseResponseTransfer: {},
        })),
      }),
    );
  }

  /** The UE goes, everywhere. */
  async release(ue: CuUe, { tellAmf }: { readonly tellAmf: boolean }): Promise<void> {
    const cause: ReleaseCause = { radioNetwork: 'normal-release' };
    if (ue.isInDu && !ue.du.peer.isOver) {
      const RRCContainer = ue.rrc.release();
      await ue.du.request('UEContextReleaseCommand', { ...ue.ids, Cause: cause, RRCContainer, SRBID: 1 });
    }
    if (ue.bearers !== null && !this.#deps.has('bearer-release-forgotten'))
      await ue.bearers.session.request('BearerContextReleaseCommand', {
        'gNB-CU-CP-UE-E1AP-ID': ue.id,
        'gNB-CU-UP-UE-E1AP-ID': ue.bearers.cuUpId,
        Cause: { radioNetwork: 'normal-release' },
      });
    this.#deps.forget(ue);
    if (!tellAmf || ue.amfId === null) return;
    const ids = { 'AMF-UE-NGAP-ID': ue.amfId, 'RAN-UE-NGAP-ID': ue.id };
    await this.#deps.ng.send(ng('UEContextReleaseComplete', ids));
  }

  /** The best that the UE has; null without any integrity in common. */
  #choose(capabilities: NgIes<'InitialContextSetupRequest'>['UESecurityCapabilities']): AsAlgorithms | null {
    const { nRencryptionAlgorithms, nRintegrityProtectionAlgorithms } = capabilities;
    const ciphering = bestOf(nRencryptionAlgorithms.bits) ?? 0;
    const integrity = this.#deps.has('null-integrity-accepted')
      ? 0
      : bestOf(nRintegrityProtectionAlgorithms.bits);
    return integrity === null ? null : { ciphering, integrity };
  }
}
