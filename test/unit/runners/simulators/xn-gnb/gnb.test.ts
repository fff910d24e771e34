import { expect, it } from 'vitest';
import { outgoing } from '../../../../../runners/interfaces/xnap/codec.ts';
import { contextRelease, statusTransfer } from '../../../../../runners/interfaces/xnap/handover.ts';
import { cellOfGnb, setupRequest } from '../../../../../runners/interfaces/xnap/node.ts';
import { handoverRequest } from '../../../../../runners/interfaces/xnap/ue-context.ts';
import { begin, parseOrder, report } from '../../../../../runners/simulators/xn-gnb/orders.ts';
import { gnbOf, readSettings } from '../../../../../runners/simulators/xn-gnb/settings.ts';
import { smallUes } from '../../../../../runners/simulators/xn-gnb/ues.ts';
import { soon } from '../../../../support/e2/peers.ts';
import { aGnbAndANeighbour, neighbour, neighbours, twoGnbs } from '../../../../support/xn/gnbs.ts';

const [UE] = smallUes(readSettings({ gnb: 2 }), neighbour.cells);
const own = cellOfGnb({ plmn: '00101', id: 1, tac: 1 }, 0);

function aHandover(sourceId: number, to: { plmn: string; id: number } = own) {
  if (UE === undefined) throw new Error('there is no UE');
  return handoverRequest({ ue: UE.context, sourceId, from: UE.cell, to });
}

const isError = ({ decoded }: { decoded: { message: { name: string } | null } }) =>
  decoded.message?.name === 'ErrorIndication';

it('accepts a neighbour, but none of another PLMN, nor one that serves a cell of ours', async () => {
  await using pair = await aGnbAndANeighbour();
  const kindOf = async (change: object): Promise<string> =>
    (await pair.peer.request('XnSetupRequest', setupRequest({ ...neighbour, ...change }), soon())).kind;
  expect(await kindOf({})).toBe('successful');
  expect(await kindOf({ cells: [own] })).toBe('unsuccessful');
  expect(await kindOf(gnbOf(readSettings({ gnb: 2, plmn: '00102' })))).toBe('unsuccessful');
});

it('takes a UE over, and knows it until that is over', async () => {
  await using pair = await neighbours();
  const { peer, gnb } = pair;
  const outcome = await peer.request('HandoverRequest', aHandover(9), soon());
  expect(outcome).toMatchObject({ kind: 'successful', message: { ies: { 'targetNG-RANnodeUEXnAPID': 1 } } });
  await peer.send(outgoing('SNStatusTransfer', statusTransfer({ source: 9, target: 1 })));
  expect(await peer.waitFor(isError, soon(50))).toBeNull();
  await peer.send(outgoing('SNStatusTransfer', statusTransfer({ source: 9, target: 2 })));
  expect((await peer.waitFor(isError, soon()))?.decoded.message?.ies).toMatchObject({
    Cause: { radioNetwork: 'unknown-local-NG-RAN-node-UE-XnAP-ID' },
    'newNG-RANnodeUEXnAPID': 2,
  });
  expect(gnb.contexts.open).toHaveLength(1);
});

it('forgets of a partial reset those that it names, and all of a full one', async () => {
  await using pair = await neighbours();
  const { peer, gnb } = pair;
  for (const id of [5, 6, 7]) await peer.request('HandoverRequest', aHandover(id), soon());
  const items = [{ 'ng-ran-node1UEXnAPID': 6, 'ng-ran-node2UEXnAPID': 2 }];
  const Cause = { misc: 'unspecified' } as const;
  const ResetRequestTypeInfo = { partialReset: { 'ue-contexts-ToBeReleasedList': items } };
  await peer.request('ResetRequest', { ResetRequestTypeInfo, Cause }, soon());
  expect(gnb.contexts.open.map(({ theirs }) => theirs)).toEqual([5, 7]);
  await peer.request('ResetRequest', { ResetRequestTypeInfo: { fullReset: {} }, Cause }, soon());
  expect(gnb.contexts.open).toEqual([]);
});

it('refuses a handover to a cell that it does not have', async () => {
  await using pair = await neighbours();
  const elsewhere = cellOfGnb({ plmn: '00101', id: 77, tac: 1 }, 0);
  expect(await pair.peer.request('HandoverRequest', aHandover(3, elsewhere), soon())).toMatchObject({
    kind: 'unsuccessful',
    message: { ies: { Cause: { radioNetwork: 'cell-not-available' } } },
  });
});

it('cancels a handover that is not answered', async () => {
  await using pair = await neighbours();
  const { gnb, peer } = pair;
  expect(begin(gnb, { action: 'handover', given: {} })).toBeNull();
  const cancel = await peer.waitFor(({ decoded }) => decoded.message?.name === 'HandoverCancel', {
    ...soon(),
    from: 0,
  });
  expect(cancel?.decoded.message?.ies).toMatchObject({ Cause: { radioNetwork: 'tXnRELOCprep-expiry' } });
});

it('hands a UE over to another gNB, which tells the AMF and releases it at the source', async () => {
  await using pair = await twoGnbs();
  const { near, far, session, amf } = pair;
  const before = near.contexts.ues.length;
  expect(begin(near, { action: 'handover', given: {} })).toBeNull();
  const arrived = async (name: string) =>
    await session.peer.waitFor(({ decoded }) => decoded.message?.name === name, { ...soon(), from: 0 });
  await arrived('HandoverRequestAcknowledge');
  expect(begin(far, { action: 'arrive', given: {} })).toBeNull();
  expect(await arrived('UEContextRelease')).not.toBeNull();
  expect(near.contexts.ues).toHaveLength(before - 1);
  expect(amf.amf.journal.entries.map(({ decoded }) => decoded.message?.name)).toEqual(
    expect.arrayContaining(['NGSetupRequest', 'PathSwitchRequest', 'PathSwitchRequestAcknowledge']),
  );
  expect(report(near)).toMatchObject({ contexts: [], neighbours: [{ node: 'gNB 00101 2' }] });
});

it('gives the context of an inactive UE to whoever shows that it has come back there', async () => {
  await using pair = await twoGnbs();
  const { near, far, session } = pair;
  const inactive = near.contexts.ues.find(({ isInactive }) => isInactive);
  if (inactive === undefined) throw new Error('no UE is inactive');
  const { iRnti, mac } = inactive;
  begin(far, { action: 'resume', given: { iRnti, mac: mac + 1 } });
  const failed = await session.peer.waitFor(() => true, { ...soon(), from: session.peer.journal.next });
  expect(failed?.decoded.message?.name).toBe('RetrieveUEContextRequest');
  expect(near.contexts.open).toEqual([]);
  begin(far, { action: 'resume', given: { iRnti, mac } });
  const isRelease = ({ decoded }: { decoded: { message: { name: string } | null } }) =>
    decoded.message?.name === 'UEContextRelease';
  expect(await session.peer.waitFor(isRelease, { ...soon(), from: 0 })).not.toBeNull();
  expect(near.contexts.ues).not.toContain(inactive);
});

it('says that it does not know a context that is gone, unless it keeps it', async () => {
  for (const [defects, expected] of [
    [[], true],
    [['keeps-source-context'], false],
  ] as const) {
    await using pair = await neighbours(...defects);
    const { gnb, peer } = pair;
    begin(gnb, { action: 'handover', given: {} });
    const isRequest = ({ decoded }: { decoded: { message: { name: string } | null } }) =>
      decoded.message?.name === 'HandoverRequest';
    const request = await peer.waitFor(isRequest, { ...soon(), from: 0 });
    const source = Number(
      (request?.decoded.message?.ies as Record<string, unknown>)['sourceNG-RANnodeUEXnAPID'],
    );
    await peer.send(
      outgoing('HandoverRequestAcknowledge', {
        'sourceNG-RANnodeUEXnAPID': source,
        'targetNG-RANnodeUEXnAPID': 40,
        'PDUSessionResourcesAdmitted-List': [
          {
            pduSessionId: 1,
            pduSessionResourceAdmittedInfo: { 'qosFlowsAdmitted-List': [{ qfi: 1 }] },
          },
        ],
        'Target2SourceNG-RANnodeTranspContainer': new Uint8Array(3),
      }),
    );
    const release = outgoing('UEContextRelease', contextRelease({ source, target: 40 }));
    await peer.send(release);
    await peer.send(release);
    expect((await peer.waitFor(isError, { ...soon(300), from: 0 })) !== null).toBe(expected);
  }
});

it('knows orders from what is none', () => {
  expect(parseOrder({ action: 'connect', host: '127.0.0.1', port: 1, interface: 'ng' })).toMatchObject({
    interface: 'ng',
  });
  for (const wrong of [
    undefined,
    3,
    { action: 'dance' },
    { action: 'connect', host: 1 },
    { action: 'toString' },
  ])
    expect(parseOrder(wrong)).toBeNull();
});
