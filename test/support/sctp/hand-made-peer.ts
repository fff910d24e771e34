import { expect } from 'vitest';
import type { Carrier, CarrierAddress, Timers } from '../../../runners/interfaces/sctp/carrier.ts';
import type { Chunk, Packet } from '../../../runners/interfaces/sctp/chunks.ts';
import { openEndpoint } from '../../../runners/interfaces/sctp/endpoint.ts';
import { readPacket } from '../../../runners/interfaces/sctp/packet-reader.ts';
import { writeChunk, writeInit, writePacket } from '../../../runners/interfaces/sctp/packet-writer.ts';
import { first } from './conformance.ts';

export const [LOCAL, REMOTE] = [36_421, 5_000];
export const TAG = 0x11111111;
const FIRST_TSN = 0xfffffffe;

/** An end point, and a peer whose packets are made by hand. */
export async function aHandMadePeer() {
  let receive: (packet: Uint8Array, from: CarrierAddress) => void = () => {};
  const sent: Packet[] = [];
  const sentTo: number[] = [];
  const sentToHosts: string[] = [];
  let now = 0;
  const timers: Timers = { now: () => now, after: () => () => {}, soon: (run) => run() };
  const carrier: Carrier = {
    transport: 'pipe',
    mtuBytes: 1_452,
    send: (bytes, to) => {
      const read = readPacket(bytes);
      if (!read.ok) throw new Error(read.error);
      sent.push(read.value);
      sentTo.push(to.port);
      sentToHosts.push(to.host);
    },
    receive: (handler) => (receive = handler),
    resolve: (host) => Promise.resolve(host),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const endpoint = openEndpoint({ carrier, timers });
  const listener = await endpoint.listen({ port: LOCAL });
  const head = { sourcePort: REMOTE, destinationPort: LOCAL };
  let from: CarrierAddress = { host: 'peer', port: 0 };
  const peer = {
    sent,
    sentTo,
    sentToHosts,
    endpoint,
    /** From now on its packets come from there. */
    moveTo: (port: number, host = 'peer') => (from = { host, port }),
    listener,
    pass: (ms: number) => (now += ms),
    say: (tag: number, ...chunks: readonly Uint8Array[]): readonly Packet[] => {
      const before = sent.length;
      receive(writePacket({ ...head, tag }, chunks), from);
      return sent.slice(before);
    },
    init: (tag = TAG, tsn = FIRST_TSN, parameters = [] as { type: number; value: Uint8Array }[]) =>
      writeInit({ kind: 'init', tag, tsn, rwnd: 65_536, outStreams: 4, inStreams: 4, parameters }),
    /** Up to and with the COOKIE ACK. */
    join: async (tag = TAG) => {
      const ack = only(peer.say(0, peer.init(tag)), 'initAck');
      const cookie = ack.parameters.find(({ type }) => type === 7)?.value ?? new Uint8Array(0);
      const answer = peer.say(ack.tag, writeChunk(10, 0, cookie));
      const association = await first(listener.associations);
      return { tag: ack.tag, tsn: ack.tsn, cookie, answer, association };
    },
  };
  return peer;
}

export function only<K extends Chunk['kind']>(packets: readonly Packet[], kind: K): Chunk & { kind: K } {
  const found = packets.flatMap(({ chunks }) => chunks).filter((chunk) => chunk.kind === kind);
  expect(found).toHaveLength(1);
  return found[0] as Chunk & { kind: K };
}

export function kinds(packets: readonly Packet[]): readonly string[] {
  return packets.flatMap(({ chunks }) => chunks.map(({ kind }) => kind));
}
