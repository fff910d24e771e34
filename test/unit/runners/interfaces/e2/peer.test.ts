import { describe, expect, it } from 'vitest';
import { outgoing } from '../../../../../runners/interfaces/e2/answers.ts';
import { elementsFor, encodeElements, encodeMessage } from '../../../../../runners/interfaces/e2/codec.ts';
import { Journal } from '../../../../../runners/interfaces/ap/journal.ts';
import type { PduEntry } from '../../../../../runners/interfaces/e2/journal.ts';
import { decodePdu } from '../../../../../runners/interfaces/e2/codec.ts';
import type { AnyMessage } from '../../../../../runners/interfaces/e2/types.ts';
import type { E2PeerOptions } from '../../../../../runners/interfaces/e2/peer.ts';
import {
  aControlRequest,
  anIndication,
  aSubscriptionRequest,
  A_REQUEST_ID,
} from '../../../../support/e2/messages.ts';
import { soon, twoPeers } from '../../../../support/e2/peers.ts';

const RESET = { TransactionID: 5, Cause: { misc: 'unspecified' } } as const;
const resetResponse = (TransactionID: number) => outgoing('ResetResponse', { TransactionID });
const answering = (
  ...answers: readonly ReturnType<typeof outgoing>[]
): NonNullable<E2PeerOptions['handle']> => {
  return ({ name }) => (name === 'ErrorIndication' ? [] : answers);
};
const relations = (entries: readonly PduEntry[]) =>
  entries.filter(({ direction }) => direction === 'received').map(({ relation }) => relation);

describe('a request', () => {
  it('gets the answer of its transaction, and both ends have seen both messages', async () => {
    await using both = await twoPeers({ ric: { handle: answering(resetResponse(5)) } });
    const outcome = await both.node.request('ResetRequest', RESET, soon());
    expect(outcome).toMatchObject({
      kind: 'successful',
      message: { name: 'ResetResponse', ies: { TransactionID: 5 } },
    });
    expect(both.node.journal.entries).toMatchObject([
      { n: 0, direction: 'sent', ppid: 70, stream: 0, relation: 'initiating', comprehension: null },
      { n: 1, direction: 'received', ppid: 70, relation: 'answer', answers: 0 },
    ]);
    expect(both.ric.journal.entries).toMatchObject([
      { direction: 'received', relation: 'initiating', decoded: { message: { name: 'ResetRequest' } } },
      { direction: 'sent' },
    ]);
  });

  it('of an application is told apart by its own identifier', async () => {
    const other = { ...A_REQUEST_ID, ricInstanceID: 99 };
    const failure = (RICrequestID: typeof other) =>
      outgoing('RICcontrolFailure', {
        RICrequestID,
        RANfunctionID: 2,
        Cause: { ricRequest: 'control-message-invalid' },
      });
    await using both = await twoPeers({ ric: { handle: answering(failure(other), failure(A_REQUEST_ID)) } });
    const outcome = await both.node.request('RICcontrolRequest', aControlRequest(), soon());
    expect(outcome).toMatchObject({ kind: 'unsuccessful', message: { ies: { RICrequestID: A_REQUEST_ID } } });
    expect(relations(both.node.journal.entries)).toEqual(['unasked', 'answer']);
  });

  it('may be answered by an error indication, also by one that does not say what it is about', async () => {
    const bare = outgoing('ErrorIndication', { Cause: { protocol: 'semantic-error' } });
    await using both = await twoPeers({ ric: { handle: answering(bare) } });
    expect(await both.node.request('ResetRequest', RESET, soon())).toMatchObject({
      kind: 'errorIndication',
      message: { ies: { Cause: { protocol: 'semantic-error' } } },
    });
  });

  it('that nobody answers ends after its time; a late answer is not asked for', async () => {
    await using both = await twoPeers();
    expect(await both.node.request('ResetRequest', RESET, soon(20))).toMatchObject({ kind: 'silent' });
    const from = both.node.journal.next;
    await both.ric.send(resetResponse(5));
    expect(await both.node.waitFor(() => true, { ...soon(), from })).toMatchObject({ relation: 'unasked' });
  });

  it('that is answered twice, and with another transaction, shows both', async () => {
    const answers = [resetResponse(6), resetResponse(5), resetResponse(5)];
    await using both = await twoPeers({ ric: { handle: answering(...answers) } });
    await both.node.request('ResetRequest', RESET, soon());
    await both.node.waitFor(({ relation }) => relation === 'again', { ...soon(), from: 0 });
    expect(relations(both.node.journal.entries)).toEqual(['unasked', 'answer', 'again']);
  });

  it('whose answer breaks the rules gets that answer, with what is wrong', async () => {
    const half = outgoing('E2connectionUpdateAcknowledge', { TransactionID: 5 });
    await using both = await twoPeers({ ric: { handle: () => [half] } });
    const asked = both.node.request('E2connectionUpdate', { TransactionID: 5 }, soon());
    expect(await asked).toMatchObject({ kind: 'successful' });
    await using worse = await twoPeers();
    const refused = worse.node.request('RICsubscriptionRequest', aSubscriptionRequest(), soon());
    await worse.ric.waitFor(() => true, { ...soon(), from: 0 });
    const elements = elementsFor('RICsubscriptionResponse', { RICrequestID: A_REQUEST_ID, RANfunctionID: 2 });
    await worse.ric.sendBytes(encodeElements('RICsubscriptionResponse', elements));
    expect(await refused).toMatchObject({
      kind: 'unacceptable',
      comprehension: { cause: 'abstract-syntax-error-reject', findings: [{ kind: 'missing', id: 17 }] },
    });
  });

  it('ends with its association, and is not sent when that has ended', async () => {
    await using both = await twoPeers();
    const asked = both.node.request('ResetRequest', RESET, soon());
    await both.ric.waitFor(() => true, { ...soon(), from: 0 });
    both.ric.association.abort('enough');
    expect(await asked).toMatchObject({ kind: 'ended', event: { type: 'lost', why: 'peerAborted' } });
    expect(await both.node.request('ResetRequest', RESET, soon())).toMatchObject({ kind: 'ended' });
  });

  it('that is stopped ends with the reason of the caller', async () => {
    await using both = await twoPeers();
    const stop = new AbortController();
    const asked = both.node.request('ResetRequest', RESET, { signal: stop.signal, timeoutMs: 5_000 });
    stop.abort(new Error('my own reason'));
    await expect(asked).rejects.toThrow('my own reason');
  });
});

describe('what breaks the rules', () => {
  const broken = Uint8Array.of(0, 1, 0, 3, 0xff);

  it('is answered as the specification says', async () => {
    await using both = await twoPeers();
    await both.node.sendBytes(broken);
    expect(await both.node.waitFor(() => true, { ...soon(), from: 0 })).toMatchObject({
      decoded: {
        message: { name: 'ErrorIndication', ies: { Cause: { protocol: 'transfer-syntax-error' } } },
      },
    });
  });

  it('is answered otherwise by whoever wants that, and never handled', async () => {
    const handled: string[] = [];
    const ric: Partial<E2PeerOptions> = {
      answerFaults: () => null,
      handle: ({ name }) => {
        handled.push(name);
        return [];
      },
    };
    await using both = await twoPeers({ ric });
    await both.node.sendBytes(broken);
    await both.node.send(outgoing('RICindication', anIndication()));
    const seen = await both.ric.waitFor(({ decoded }) => decoded.message !== null, { ...soon(), from: 0 });
    expect(seen?.n).toBe(1);
    expect(handled).toEqual(['RICindication']);
    expect(both.node.journal.entries.every(({ direction }) => direction === 'sent')).toBe(true);
  });

  it('gets an answer to a request that was broken on purpose', async () => {
    await using both = await twoPeers();
    const bytes = encodeElements('ResetRequest', elementsFor('ResetRequest', { Cause: RESET.Cause }));
    expect(await both.node.requestBytes(bytes, soon())).toMatchObject({
      kind: 'errorIndication',
      message: { ies: { CriticalityDiagnostics: { procedureCode: 3 } } },
    });
  });
});

it('says with which identifier of the payload a message came', async () => {
  await using both = await twoPeers({ node: { ppid: 0, stream: 3 } });
  await both.node.send(outgoing('RICindication', anIndication()));
  expect(await both.ric.waitFor(() => true, { ...soon(), from: 0 })).toMatchObject({ ppid: 0, stream: 3 });
});

it('gives out transaction identifiers that are not in use', async () => {
  await using both = await twoPeers();
  const first = both.node.newTransactionId();
  const open = both.node.request('ResetRequest', { ...RESET, TransactionID: 1 }, soon(50));
  expect([first, both.node.newTransactionId(), both.node.newTransactionId()]).toEqual([0, 2, 3]);
  await open;
});

it('keeps the last messages of an association that says too much', () => {
  const bytes = encodeMessage('RICindication', anIndication());
  const told: number[] = [];
  const journal = new Journal<AnyMessage>({
    now: () => 7,
    limits: { entries: 100 },
    told: ({ n }) => told.push(n),
  });
  const decoded = decodePdu(bytes);
  for (let count = 0; count < 250; count += 1)
    journal.add({
      ...{ direction: 'received', ppid: 70, stream: 0, bytes, decoded, comprehension: null },
      ...{ relation: 'initiating', answers: null },
    });
  expect(journal.entries.at(-1)).toMatchObject({ n: 249, atMs: 7 });
  expect(journal.entries.length).toBeLessThanOrEqual(100);
  expect(journal.dropped + journal.entries.length).toBe(250);
  expect(told).toHaveLength(250);
  const small = new Journal<AnyMessage>({ now: () => 0, limits: { bytes: 10 } });
  for (let count = 0; count < 3; count += 1)
    small.add({
      ...{ direction: 'sent', ppid: 70, stream: 0, bytes, decoded, comprehension: null },
      ...{ relation: 'initiating', answers: null },
    });
  expect(small.entries).toHaveLength(1);
});
