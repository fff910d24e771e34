import { describe, expect, it } from 'vitest';
import { outgoing } from '../../../../../runners/interfaces/e2/answers.ts';
import { IndicationWatch } from '../../../../../runners/interfaces/e2/indications.ts';
import { unwrapItems } from '../../../../../runners/interfaces/e2/messages.ts';
import { E2Peer } from '../../../../../runners/interfaces/e2/peer.ts';
import { E2_PORT } from '../../../../../runners/interfaces/e2/port.ts';
import { setUp } from '../../../../../runners/interfaces/e2/set-up.ts';
import { listTransports } from '../../../../../runners/interfaces/sctp/choose.ts';
import { openSctp } from '../../../../../runners/interfaces/sctp/open-sctp.ts';
import { readTransportFacts } from '../../../../../runners/interfaces/sctp/transport-facts.ts';
import { Teardown } from '../../../../../src/kernel/teardown.ts';
import { A_REQUEST_ID, aControlRequest, aSubscriptionRequest } from '../../../../support/e2/messages.ts';
import { aNode, aRic } from '../../../../support/e2/sides.ts';

const LOOPBACK = '127.0.0.1';
const INDICATIONS = 200;
const usable = new Set(
  listTransports(readTransportFacts()).flatMap((each) => (each.usable ? [each.name] : [])),
);

describe.each([
  ['sctp:ts-udp', 21_899],
  ['sctp:usrsctp', 22_899],
] as const)('E2 from set-up to removal, over %s', (name, udpPort) => {
  it.skipIf(!usable.has(name))('between two sockets of this host', async () => {
    await using undo = new Teardown();
    const limit = { signal: AbortSignal.timeout(20_000), timeoutMs: 5_000 };
    const [ricSide, nodeSide] = [aRic(), aNode({ control: () => ({ outcome: Uint8Array.of(1) }) })];
    const server = undo.use(await openSctp({ name }, { host: LOOPBACK, udpPort }));
    const listener = undo.use(await server.listen({ port: E2_PORT }));
    const accepted = listener.associations[Symbol.asyncIterator]().next();
    const client = undo.use(await openSctp({ name }, { host: LOOPBACK, udpPort: 0 }));
    const association = await client.connect(
      { host: LOOPBACK, port: E2_PORT, remoteUdpPort: udpPort },
      limit,
    );
    const node = undo.use(new E2Peer({ association, handle: (message) => nodeSide.handle(message) }));
    const arrived = (await accepted) as { value: typeof association };
    const ric = undo.use(
      new E2Peer({ association: arrived.value, handle: (message) => ricSide.handle(message) }),
    );

    expect(await setUp(node, nodeSide, limit)).toMatchObject({ kind: 'successful' });
    const answer = await ric.request('RICsubscriptionRequest', aSubscriptionRequest(), limit);
    if (answer.kind !== 'successful') throw new Error(`the subscription was ${answer.kind}`);
    const admitted = unwrapItems('RICaction-Admitted-Item', answer.message.ies['RICactions-Admitted']);
    const watch = new IndicationWatch();
    watch.subscribed(A_REQUEST_ID, {
      functionId: 2,
      actions: admitted.map(({ ricActionID }) => ricActionID),
    });

    const from = ric.journal.next;
    const kept = [...nodeSide.subscriptions.kept.values()][0]!;
    const report = {
      RICactionID: 1,
      RICindicationHeader: new Uint8Array(20),
      RICindicationMessage: new Uint8Array(300),
    };
    for (let count = 0; count < INDICATIONS; count += 1) await node.send(nodeSide.indication(kept, report));
    const last = ({ decoded: { message } }: (typeof ric.journal.entries)[number]) =>
      message?.name === 'RICindication' && message.ies.RICindicationSN === INDICATIONS - 1;
    expect(await ric.waitFor(last, { ...limit, from })).not.toBeNull();
    const faults = ric.journal.entries.flatMap(({ decoded: { message } }) =>
      message?.name === 'RICindication' ? watch.check(message as Parameters<typeof watch.check>[0]) : [],
    );
    expect(faults).toEqual([]);

    expect(await ric.request('RICcontrolRequest', aControlRequest(), limit)).toMatchObject({
      kind: 'successful',
    });
    const reset = { TransactionID: ric.newTransactionId(), Cause: { misc: 'om-intervention' } } as const;
    expect(await ric.request('ResetRequest', reset, limit)).toMatchObject({ kind: 'successful' });
    expect(nodeSide.subscriptions.kept.size).toBe(0);
    await ric.send(outgoing('RICserviceQuery', ricSide.serviceQuery(ric.newTransactionId())));
    await ric.waitFor(({ decoded }) => decoded.message?.name === 'RICserviceUpdate', { ...limit, from });
    const removal = { TransactionID: node.newTransactionId() };
    expect(await node.request('E2RemovalRequest', removal, limit)).toMatchObject({ kind: 'successful' });
    await node.close();
    expect(await ric.ended).toMatchObject({ type: 'closed' });
    expect(ric.journal.entries.every(({ relation }) => relation !== 'unasked' && relation !== 'again')).toBe(
      true,
    );
  });
});
