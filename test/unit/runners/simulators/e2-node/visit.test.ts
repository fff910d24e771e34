import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { outgoing } from '../../../../../runners/interfaces/e2/answers.ts';
import { elementsFor, encodeElements } from '../../../../../runners/interfaces/e2/codec.ts';
import { E2Peer } from '../../../../../runners/interfaces/e2/peer.ts';
import { NO_LABEL } from '../../../../../runners/interfaces/e2sm/kpm/types.ts';
import { REQUEST_ID, subscriptionRequest } from '../../../../../runners/procedures/e2-node/kpm.ts';
import { defective } from '../../../../../runners/simulators/e2-node/defects.ts';
import { parseOrder } from '../../../../../runners/simulators/e2-node/orders.ts';
import { ranFunctions } from '../../../../../runners/simulators/e2-node/presentation.ts';
import { readSettings } from '../../../../../runners/simulators/e2-node/settings.ts';
import { type NodeState, Visit } from '../../../../../runners/simulators/e2-node/visit.ts';
import { makeRanModel } from '../../../../../runners/simulators/ran-model/model.ts';
import { smallRan } from '../../../../../runners/simulators/ran-model/small-ran.ts';
import { HarnessError } from '../../../../../src/kernel/errors.ts';
import { Teardown } from '../../../../../src/kernel/teardown.ts';
import { anAssociation, soon } from '../../../../support/e2/peers.ts';

let undo: Teardown;
beforeEach(() => {
  undo = new Teardown();
});
afterEach(async () => {
  await undo[Symbol.asyncDispose]();
});

/** A node that has set up, and the RIC at the other end. */
async function aNode(...defects: readonly string[]): Promise<{ visit: Visit; ric: E2Peer }> {
  const { client, server } = undo.use(await anAssociation());
  const settings = readSettings({ seed: 3 });
  const has = defective(defects);
  const state: NodeState = {
    ...{ settings, has, functions: ranFunctions(settings, has) },
    model: makeRanModel(smallRan({ seed: 3 })),
    connectAlso: () => Promise.resolve(false),
    say: () => {},
  };
  const visit = undo.use(new Visit(state, client));
  visit.isSetUp = true;
  return { visit, ric: undo.use(new E2Peer({ association: server })) };
}

function subscription(name = 'RRU.PrbTotDl') {
  return subscriptionRequest({
    functionId: 2,
    periodMs: 20,
    action: {
      style: 1,
      format: 1,
      subscription: { measurements: [{ measurement: { name }, labels: [NO_LABEL] }], granularityMs: 20 },
    },
  });
}

const REFERENCE = { RICrequestID: REQUEST_ID, RANfunctionID: 2 };

describe('the E2 node simulator', () => {
  it('admits what it can measure and reports it until the subscription is deleted', async () => {
    const { ric } = await aNode();
    expect(await ric.request('RICsubscriptionRequest', subscription(), soon())).toMatchObject({
      kind: 'successful',
    });
    const reported = await ric.waitFor(({ decoded }) => decoded.message?.name === 'RICindication', soon());
    expect(reported?.decoded.message?.ies).toMatchObject({ ...REFERENCE, RICactionID: 1 });
    const deletion = await ric.request('RICsubscriptionDeleteRequest', REFERENCE, soon());
    expect(deletion.kind).toBe('successful');
    expect(await ric.waitFor(() => true, soon(80))).toBeNull();
  });

  it.each([
    [
      'a measurement it does not have',
      { ...subscription('X.Unknown') },
      { ricRequest: 'action-not-supported' },
    ],
    [
      'a RAN function it does not have',
      { ...subscription(), RANfunctionID: 9 },
      { ricRequest: 'ran-function-id-invalid' },
    ],
  ] as const)('refuses %s', async (_what, ies, Cause) => {
    const { ric } = await aNode();
    const outcome = await ric.request('RICsubscriptionRequest', ies, soon());
    expect(outcome).toMatchObject({ kind: 'unsuccessful', message: { ies: { Cause } } });
  });

  it('says why there is nothing to delete', async () => {
    const { ric } = await aNode();
    const outcome = await ric.request('RICsubscriptionDeleteRequest', REFERENCE, soon());
    expect(outcome).toMatchObject({ message: { ies: { Cause: { ricRequest: 'request-id-unknown' } } } });
  });

  it('refuses what it must understand and does not, unless it has that defect', async () => {
    const ies = { TransactionID: 1, Cause: { misc: 'unspecified' } } as const;
    const strange = encodeElements('ResetRequest', [
      ...elementsFor('ResetRequest', ies),
      { id: 4_711, criticality: 'reject', value: { '...': Uint8Array.of(1) } },
    ]);
    const right = await (await aNode()).ric.requestBytes<'ResetRequest'>(strange, soon());
    expect(right.kind).toBe('errorIndication');
    const wrong = await (
      await aNode('criticality-ignored')
    ).ric.requestBytes<'ResetRequest'>(strange, soon());
    expect(wrong.kind).toBe('successful');
  });

  it('takes nothing before E2 is set up', async () => {
    const { visit, ric } = await aNode();
    visit.isSetUp = false;
    const outcome = await ric.request('RICsubscriptionRequest', subscription(), soon());
    expect(outcome).toMatchObject({
      kind: 'errorIndication',
      message: { ies: { Cause: { protocol: 'message-not-compatible-with-receiver-state' } } },
    });
  });

  it('answers a service query by what the RIC does not know', async () => {
    const { ric } = await aNode();
    await ric.send(outgoing('RICserviceQuery', { TransactionID: 2 }));
    const update = await ric.waitFor(({ decoded }) => decoded.message?.name === 'RICserviceUpdate', soon());
    expect(update?.decoded.message?.elements).toHaveLength(2);
  });
});

describe('settings of the E2 node simulator', () => {
  it.each([{ kind: 'enb' }, { kpm: 'v1' }, { cells: 0 }, { plmn: 'x' }, { colour: 'red' }])(
    'refuse %j',
    (wrong) => {
      expect(() => readSettings(wrong)).toThrow(HarnessError);
    },
  );

  it('have a KPM function of the version and a role of their own', () => {
    const oids = (kpm: string) => ranFunctions(readSettings({ kpm }), defective([])).map(({ oid }) => oid);
    expect(oids('v2.03')[0]).not.toBe(oids('v3.00')[0]);
  });
});

it('obeys orders that it knows, and no others', () => {
  expect(parseOrder({ action: 'connect', host: '127.0.0.1', port: 1, udpPort: 2 })).toMatchObject({
    target: { host: '127.0.0.1', port: 1, remoteUdpPort: 2 },
  });
  expect(parseOrder({ action: 'trigger', procedure: 'reset' })).not.toBeNull();
  for (const wrong of [undefined, 1, {}, { action: 'connect' }, { action: 'trigger', procedure: 'explode' }])
    expect(parseOrder(wrong)).toBeNull();
});
