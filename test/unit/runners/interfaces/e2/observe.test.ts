import { expect, it } from 'vitest';
import { outgoing } from '../../../../../runners/interfaces/e2/answers.ts';
import { observePdu, pduTree, readObservedPdu } from '../../../../../runners/interfaces/e2/observe.ts';
import { treeLines } from '../../../../../runners/interfaces/per/render.ts';
import { anIndication } from '../../../../support/e2/messages.ts';
import { soon, twoPeers } from '../../../../support/e2/peers.ts';

it('observes a message so that it can be judged again from its octets alone', async () => {
  await using both = await twoPeers({ node: { ppid: 0, now: () => 5 } });
  await both.node.send(outgoing('RICindication', anIndication()));
  const seen = await both.ric.waitFor(() => true, { ...soon(), from: 0 });
  const observed = observePdu(seen!);
  expect(observed).toMatchObject({
    ...{ n: 0, direction: 'received', ppid: 0, stream: 0, relation: 'initiating', answers: null },
    ...{ message: 'RICindication', action: 'accept', octets: seen?.bytes.length },
  });
  const again = readObservedPdu(JSON.parse(JSON.stringify(observed)) as typeof observed);
  expect(again?.message).toEqual(seen?.decoded.message);
  expect(treeLines(pduTree(again!))[3]).toContain('RICrequestID');
  expect(observePdu(both.node.journal.entries[0]!)).not.toHaveProperty('action');
});

it('says what is wrong with a message, and takes nothing else for an observation', async () => {
  await using both = await twoPeers();
  await both.node.sendBytes(Uint8Array.of(0, 1, 0, 3, 0xff));
  const seen = await both.ric.waitFor(() => true, { ...soon(), from: 0 });
  expect(observePdu(seen!)).toMatchObject({
    message: null,
    action: 'reject',
    cause: 'transfer-syntax-error',
    findings: ['initiatingMessage.value: the message ends too early (bit 32)'],
  });
  for (const data of [null, [], {}, { hex: 7 }, { hex: 'zz' }, { hex: '0' }])
    expect(readObservedPdu(data)).toBeNull();
  expect(readObservedPdu({ hex: '' })?.faults).not.toEqual([]);
});
