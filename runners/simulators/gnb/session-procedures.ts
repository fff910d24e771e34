import { outgoing } from '../../interfaces/ngap/codec.ts';
import type { Ies } from '../../interfaces/ngap/types.ts';
import type { GnbCore } from './core.ts';
import { failedItem, type RanUe, responseItem } from './ran-ue.ts';

/** A UE that a message is about, with the identifiers that it goes by. */
export interface Known {
  readonly ue: RanUe;
  readonly ids: Pick<Ies<'UplinkNASTransport'>, 'AMF-UE-NGAP-ID' | 'RAN-UE-NGAP-ID'>;
}

export function setUpContext(
  gnb: GnbCore,
  known: Known | null,
  ies: Partial<Ies<'InitialContextSetupRequest'>>,
): void {
  if (known === null) return;
  const { ue, ids } = known;
  const cause = ue.setUpContext(ies);
  if (cause !== null) {
    gnb.post(outgoing('InitialContextSetupFailure', { ...ids, Cause: cause }));
    return;
  }
  const items = ies.PDUSessionResourceSetupListCxtReq ?? [];
  const { done, failed } = ue.setUpSessions(items);
  gnb.post(
    outgoing('InitialContextSetupResponse', {
      ...ids,
      ...(done.length === 0 ? {} : { PDUSessionResourceSetupListCxtRes: done.map(responseItem) }),
      ...(failed.length === 0 ? {} : { PDUSessionResourceFailedToSetupListCxtRes: failed.map(failedItem) }),
    }),
  );
  deliver(gnb, ue, [ies['NAS-PDU'], ...items.map((item) => item['nAS-PDU'])]);
}

export function setUpSessions(
  gnb: GnbCore,
  known: Known | null,
  ies: Partial<Ies<'PDUSessionResourceSetupRequest'>>,
): void {
  if (known === null) return;
  const { ue, ids } = known;
  const items = ies.PDUSessionResourceSetupListSUReq ?? [];
  const { done, failed } = ue.setUpSessions(items);
  gnb.post(
    outgoing('PDUSessionResourceSetupResponse', {
      ...ids,
      ...(done.length === 0 ? {} : { PDUSessionResourceSetupListSURes: done.map(responseItem) }),
      ...(failed.length === 0 ? {} : { PDUSessionResourceFailedToSetupListSURes: failed.map(failedItem) }),
    }),
  );
  const taken = items.filter(({ pDUSessionID }) => done.some(({ id }) => id === pDUSessionID));
  deliver(gnb, ue, [ies['NAS-PDU'], ...taken.map((item) => item['pDUSessionNAS-PDU'])]);
}

export function releaseSessions(
  gnb: GnbCore,
  known: Known | null,
  ies: Partial<Ies<'PDUSessionResourceReleaseCommand'>>,
): void {
  if (known === null) return;
  const { ue, ids } = known;
  const items = ies.PDUSessionResourceToReleaseListRelCmd ?? [];
  for (const { pDUSessionID } of items) ue.dropSession(pDUSessionID);
  gnb.post(
    outgoing('PDUSessionResourceReleaseResponse', {
      ...ids,
      PDUSessionResourceReleasedListRelRes: items.map(({ pDUSessionID }) => ({
        ...{ pDUSessionID, pDUSessionResourceReleaseResponseTransfer: {} },
      })),
    }),
  );
  deliver(gnb, ue, [ies['NAS-PDU']]);
}

export function modifySessions(
  gnb: GnbCore,
  known: Known | null,
  ies: Partial<Ies<'PDUSessionResourceModifyRequest'>>,
): void {
  if (known === null) return;
  const { ue, ids } = known;
  const items = ies.PDUSessionResourceModifyListModReq ?? [];
  const [there, unknown] = [true, false].map((has) =>
    items.filter(({ pDUSessionID }) => ue.sessions.has(pDUSessionID) === has),
  );
  const cause = { radioNetwork: 'unknown-PDU-session-ID' } as const;
  gnb.post(
    outgoing('PDUSessionResourceModifyResponse', {
      ...ids,
      ...(there?.length
        ? {
            PDUSessionResourceModifyListModRes: there.map(({ pDUSessionID }) => ({
              ...{ pDUSessionID, pDUSessionResourceModifyResponseTransfer: {} },
            })),
          }
        : {}),
      ...(unknown?.length
        ? {
            PDUSessionResourceFailedToModifyListModRes: unknown.map(({ pDUSessionID }) => ({
              ...{ pDUSessionID, pDUSessionResourceModifyUnsuccessfulTransfer: { cause } },
            })),
          }
        : {}),
    }),
  );
  deliver(
    gnb,
    ue,
    (there ?? []).map((item) => item['nAS-PDU']),
  );
}

function deliver({ behaviour }: GnbCore, ue: RanUe, messages: readonly (Uint8Array | undefined)[]): void {
  if (behaviour.deliversNas) for (const nas of messages) ue.takeNas(nas);
}
