import { describe, expect, it, vi } from 'vitest';
import { openEndpoint } from '../../../../../runners/interfaces/sctp/endpoint.ts';
import { cookieAction } from '../../../../../runners/interfaces/sctp/handshake.ts';
import {
  PacketWriter,
  writeAbort,
  writeChunk,
  writeInit,
  writeSack,
  writeShutdown,
} from '../../../../../runners/interfaces/sctp/packet-writer.ts';
import { makePipe, PIPE_HOSTS } from '../../../../../runners/interfaces/sctp/pipe.ts';
import type { SctpAssociation } from '../../../../../runners/interfaces/sctp/types.ts';
import { pattern, rest, take, until } from '../../../../support/sctp/conformance.ts';
import { aHandMadePeer, kinds, LOCAL, only, REMOTE, TAG } from '../../../../support/sctp/hand-made-peer.ts';
import { virtualTimers } from '../../../../support/sctp/virtual-timers.ts';

function data(
  tsn: number,
  ssn: number,
  changes: { flags?: number; stream?: number; length?: number } = {},
): Uint8Array {
  const { flags = 3, stream = 0, length = 4 } = changes;
  const writer = new PacketWriter(1_000);
  writer.addData({ kind: 'data', tsn, ssn, ppid: 9, flags, stream, bytes: pattern(length, ssn) });
  return writer.finish({ sourcePort: 1, destinationPort: 1, tag: 0 }).slice(12);
}

const INIT_ACK = { kind: 'initAck', tag: TAG, tsn: 1, rwnd: 65_536, outStreams: 4, inStreams: 4 } as const;

describe('an SCTP end point', () => {
  it('keeps nothing before a cookie comes back, and then is up', async () => {
    const peer = await aHandMadePeer();
    const { answer, association } = await peer.join();
    expect(kinds(answer)).toEqual(['cookieAck']);
    expect([association.outStreams, association.inStreams]).toEqual([4, 4]);
  });

  it('answers a cookie that is too old with how late it is', async () => {
    const peer = await aHandMadePeer();
    const ack = only(peer.say(0, peer.init()), 'initAck');
    peer.pass(61_000);
    const error = only(peer.say(ack.tag, writeChunk(10, 0, ack.parameters[0]?.value)), 'error');
    expect(error.causes).toEqual([{ type: 3, value: Uint8Array.of(0x00, 0x0f, 0x42, 0x40) }]);
  });

  it('ignores a cookie of which one bit is not its own', async () => {
    const peer = await aHandMadePeer();
    const ack = only(peer.say(0, peer.init()), 'initAck');
    const cookie = new Uint8Array(ack.parameters[0]?.value ?? []);
    cookie[40] = (cookie[40] ?? 0) ^ 1;
    expect(peer.say(ack.tag, writeChunk(10, 0, cookie))).toEqual([]);
  });

  it('names the parameters of an INIT that it does not know and should', async () => {
    const peer = await aHandMadePeer();
    const value = Uint8Array.of(1, 2, 3, 4);
    const unknown = [0xc123, 0x8123, 0x4123, 0xc124].map((type) => ({ type, value }));
    const ack = only(peer.say(0, peer.init(TAG, 1, unknown)), 'initAck');
    const reported = ack.parameters.filter(({ type }) => type === 8).map((parameter) => parameter.value[1]);
    expect(reported).toEqual([0x23, 0x23]);
  });

  it.each([
    ['a tag of its own that is zero', { tag: 0 }],
    ['a host name for an address', { parameters: [{ type: 11, value: Uint8Array.of(97, 0, 0, 0) }] }],
  ])(
    'aborts an INIT with %s',
    async (
      _,
      { tag = TAG, parameters = [] }: { tag?: number; parameters?: { type: number; value: Uint8Array }[] },
    ) => {
      const peer = await aHandMadePeer();
      expect(kinds(peer.say(0, peer.init(tag, 1, parameters)))).toEqual(['abort']);
    },
  );

  it('answers a heartbeat from another address of its peer, and goes on speaking to the first', async () => {
    const peer = await aHandMadePeer();
    const { tag } = await peer.join();
    peer.moveTo(0, 'other address');
    expect(kinds(peer.say(tag, writeChunk(4, 0, Uint8Array.of(0, 1, 0, 4))))).toEqual(['heartbeatAck']);
    expect(kinds(peer.say(tag + 1, writeChunk(4, 0, Uint8Array.of(0, 1, 0, 4))))).toEqual(['abort']);
    expect(peer.sentToHosts.slice(-2)).toEqual(['peer', 'other address']);
  });

  it('takes the answer of whom it asks from another of its addresses', async () => {
    const peer = await aHandMadePeer();
    const up = peer.endpoint.connect(
      { host: 'peer', port: REMOTE, localPort: LOCAL },
      { signal: AbortSignal.timeout(5_000) },
    );
    await vi.waitFor(() => expect(peer.sent).toHaveLength(1));
    const { tag } = only(peer.sent, 'init');
    peer.moveTo(0, 'other address');
    const cookie = { type: 7, value: Uint8Array.of(1, 2, 3, 4) };
    const ack = writeInit({ ...INIT_ACK, parameters: [cookie] });
    expect(kinds(peer.say(tag, ack))).toEqual(['cookieEcho']);
    peer.say(tag, writeChunk(11));
    expect((await up).peer).toMatchObject({ host: 'peer', port: REMOTE });
    expect(new Set(peer.sentToHosts)).toEqual(new Set(['peer']));
  });

  it.each<readonly [string, Uint8Array, readonly string[]]>([
    ['DATA', data(1, 0), ['abort']],
    ['SHUTDOWN ACK', writeChunk(8), ['shutdownComplete']],
    ['ABORT', writeAbort([]), []],
    ['SHUTDOWN COMPLETE', writeChunk(14), []],
    ['COOKIE ACK', writeChunk(11), []],
    ['HEARTBEAT', writeChunk(4, 0, Uint8Array.of(0, 1, 0, 4)), ['abort']],
    ['COOKIE ECHO that is none of ours', writeChunk(10, 0, new Uint8Array(80)), []],
  ])('answers a stray %s as RFC 9260 §8.4 says', async (_, chunk, expected) => {
    const peer = await aHandMadePeer();
    const answer = peer.say(77, chunk);
    expect(kinds(answer)).toEqual(expected);
    for (const packet of answer)
      expect([packet.tag, packet.chunks[0]]).toMatchObject([77, { reflected: true }]);
  });

  it.each<readonly [string, (own: number) => number, Uint8Array, boolean]>([
    ['its own tag', (own) => own, writeAbort([]), true],
    ['the tag of the peer, and says so', () => TAG, writeAbort([], true), true],
    ['the tag of the peer, and does not say so', () => TAG, writeAbort([]), false],
    ['its own tag, and says that it is not', (own) => own, writeAbort([], true), false],
    ['any other tag', (own) => own ^ 1, writeAbort([]), false],
  ])('takes an ABORT with %s for what it is', async (...[, tagOf, abort, ends]) => {
    const peer = await aHandMadePeer();
    const { tag, association } = await peer.join();
    peer.say(tagOf(tag), abort);
    peer.say(tag, writeChunk(14, 0));
    expect(await isOver(association)).toBe(ends);
  });

  it('goes on where numbers wrap, in any order, and confirms what has gaps', async () => {
    const peer = await aHandMadePeer();
    const { tag, association } = await peer.join();
    const sack = only(peer.say(tag, data(0, 2), data(1, 3)), 'sack');
    expect(sack).toMatchObject({ cumulativeTsn: 0xfffffffd, gaps: [[3, 4]] });
    const full = only(peer.say(tag, data(0xfffffffe, 0), data(0xffffffff, 1), data(0, 2)), 'sack');
    expect(full).toMatchObject({ cumulativeTsn: 1, gaps: [], duplicates: [0] });
    const got = await take(association, 4);
    expect(got.map(({ bytes }) => bytes[0])).toEqual([0, 1, 2, 3]);
  });

  it('puts fragments together in any order, and gives unordered ones at once', async () => {
    const peer = await aHandMadePeer();
    const { tag, association } = await peer.join();
    peer.say(tag, data(0, 0, { flags: 1 }), data(0xffffffff, 0, { flags: 0 }), data(1, 9, { flags: 7 }));
    peer.say(tag, data(0xfffffffe, 0, { flags: 2 }));
    const got = await take(association, 2);
    expect(got.map(({ bytes, unordered }) => [bytes.length, unordered])).toEqual([
      [4, true],
      [12, false],
    ]);
  });

  it.each<readonly [string, readonly Uint8Array[], number]>([
    [
      'a message that goes on as another',
      [data(0xfffffffe, 0, { flags: 2 }), data(0xffffffff, 1, { flags: 0 })],
      13,
    ],
    [
      'a message that begins twice',
      [data(0xfffffffe, 0, { flags: 2 }), data(0xffffffff, 0, { flags: 2 })],
      13,
    ],
    ['one place of a stream used twice', [data(0xffffffff, 5), data(0, 5)], 13],
    ['DATA without user data', [data(0xfffffffe, 0, { length: 0 })], 9],
    [
      'a confirmation of what was never sent',
      [writeSack({ cumulativeTsn: 5, rwnd: 1, gaps: [], duplicates: [] })],
      13,
    ],
    ['a chunk that cannot be read', [writeChunk(7)], 13],
  ])('aborts for %s', async (_, chunks, cause) => {
    const peer = await aHandMadePeer();
    const { tag, tsn, association } = await peer.join();
    const own = chunks.map((chunk) => (chunk[0] === 3 ? sackAfter(tsn) : chunk));
    expect(only(peer.say(tag, ...own), 'abort').causes[0]?.type).toBe(cause);
    expect((await rest(association.events)).at(-1)).toMatchObject({ type: 'lost', why: 'peerViolation' });
  });

  it('confirms DATA on a stream that there is not, and says so', async () => {
    const peer = await aHandMadePeer();
    const { tag } = await peer.join();
    const answer = peer.say(tag, data(0xfffffffe, 0, { stream: 4 }));
    expect(only(answer, 'error').causes).toEqual([{ type: 1, value: Uint8Array.of(0, 4, 0, 0) }]);
    expect(only(answer, 'sack').cumulativeTsn).toBe(0xfffffffe);
  });

  it('reports an unknown chunk when it should, and goes on or stops as it should', async () => {
    const peer = await aHandMadePeer();
    const { tag } = await peer.join();
    const heartbeat = writeChunk(4, 0, Uint8Array.of(0, 1, 0, 4));
    const after = (type: number) => kinds(peer.say(tag, writeChunk(type), heartbeat));
    expect([0x0f, 0x41, 0x81, 0xc1].map(after)).toEqual([
      [],
      ['error'],
      ['heartbeatAck'],
      ['error', 'heartbeatAck'],
    ]);
  });

  it('answers SHUTDOWN, and is closed by SHUTDOWN COMPLETE', async () => {
    const peer = await aHandMadePeer();
    const { tag, tsn, association } = await peer.join();
    expect(kinds(peer.say(tag, writeShutdown(tsn - 1)))).toEqual(['shutdownAck']);
    expect(peer.say(0, peer.init())).toEqual([]);
    peer.say(tag, writeChunk(14));
    expect((await rest(association.events)).map(({ type }) => type)).toEqual(['up', 'shutdown', 'closed']);
  });

  it('takes a peer that has restarted for the same association, with new numbers', async () => {
    const peer = await aHandMadePeer();
    const { association, cookie, tag } = await peer.join();
    await association.send(pattern(10, 1));
    const ack = only(peer.say(0, peer.init(0x22222222, 100)), 'initAck');
    const answer = peer.say(ack.tag, writeChunk(10, 0, ack.parameters[0]?.value), data(100, 0));
    expect(kinds(answer).slice(0, 1)).toEqual(['cookieAck']);
    expect((await take(association, 1))[0]?.bytes).toHaveLength(4);
    expect(peer.say(tag, writeChunk(10, 0, cookie))).toEqual([]);
    association.abort();
    const events = await rest(association.events);
    expect(events.slice(0, 2)).toMatchObject([{ type: 'up' }, { type: 'restarted', undelivered: 1 }]);
  });
});

describe('a peer whose UDP port changes', () => {
  it('is answered where its last valid packet came from, and no other packet counts', async () => {
    const peer = await aHandMadePeer();
    const { tag, association } = await peer.join();
    peer.moveTo(7_000);
    peer.say(tag ^ 1, writeChunk(4, 0, new Uint8Array([0, 1, 0, 4])));
    expect(association.peer.udpPort).toBeUndefined();
    const answer = peer.say(tag, writeChunk(4, 0, new Uint8Array([0, 1, 0, 4])));
    expect(kinds(answer)).toEqual(['heartbeatAck']);
    expect(peer.sentTo.at(-1)).toBe(7_000);
    expect(association.peer).toMatchObject({ port: REMOTE, udpPort: 7_000 });
  });

  it('is restarted from the port that it has moved to', async () => {
    const peer = await aHandMadePeer();
    const { tag, association } = await peer.join();
    peer.moveTo(7_000);
    peer.say(tag, writeChunk(4, 0, new Uint8Array([0, 1, 0, 4])));
    const ack = only(peer.say(0, peer.init(0x22222222, 100)), 'initAck');
    const cookie = ack.parameters.find(({ type }) => type === 7)?.value ?? new Uint8Array(0);
    expect(kinds(peer.say(ack.tag, writeChunk(10, 0, cookie)))).toEqual(['cookieAck']);
    expect((await until(association.events, 'restarted')).type).toBe('restarted');
    expect(peer.sentTo.at(-1)).toBe(7_000);
  });

  it('is another peer when it asks anew from there, and the first one is left alone', async () => {
    const peer = await aHandMadePeer();
    const { tag, association } = await peer.join();
    peer.moveTo(7_000);
    const second = await peer.join(0x22222222);
    expect(second.association.peer).toMatchObject({ port: REMOTE, udpPort: 7_000 });
    peer.moveTo(0);
    const answer = peer.say(tag, writeChunk(4, 0, new Uint8Array([0, 1, 0, 4])));
    expect(kinds(answer)).toEqual(['heartbeatAck']);
    expect(peer.sentTo.at(-1)).toBe(0);
    expect(association.peer.udpPort).toBeUndefined();
  });
});

it('joins two ends that ask each other at the same time', async () => {
  const timers = virtualTimers();
  const ends = makePipe({ timers });
  const [a, b] = ends.map((carrier) => openEndpoint({ carrier, timers }));
  const limit = { signal: AbortSignal.timeout(5_000) };
  const both = await Promise.all([
    a!.connect({ host: PIPE_HOSTS[1], port: 7, localPort: 7 }, limit),
    b!.connect({ host: PIPE_HOSTS[0], port: 7, localPort: 7 }, limit),
  ]);
  await both[0].send(pattern(5, 5));
  expect(await take(both[1], 1)).toMatchObject([{ bytes: pattern(5, 5) }]);
  for (const end of both) end.abort();
});

it.each([
  ['restart', { localTag: 9, peerTag: 9, localTieTag: 1, peerTieTag: 2 }],
  ['discard', { localTag: 9, peerTag: 9, localTieTag: 0, peerTieTag: 0 }],
  ['collide', { localTag: 1, peerTag: 9, localTieTag: 0, peerTieTag: 0 }],
  ['discard', { localTag: 9, peerTag: 2, localTieTag: 0, peerTieTag: 0 }],
  ['repeat', { localTag: 1, peerTag: 2, localTieTag: 0, peerTieTag: 0 }],
])('%ss as table 12 of RFC 9260 says', (action, cookie) => {
  expect(cookieAction(cookie, { localTag: 1, peerTag: 2 })).toBe(action);
});

function sackAfter(tsn: number): Uint8Array {
  return writeSack({ cumulativeTsn: tsn, rwnd: 1_000, gaps: [], duplicates: [] });
}

async function isOver(association: SctpAssociation): Promise<boolean> {
  return association.send(pattern(1, 1)).then(
    () => false,
    () => true,
  );
}
