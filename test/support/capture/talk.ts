import { CHUNK, DATA_FLAG } from '../../../runners/interfaces/sctp/chunks.ts';
import {
  PacketWriter,
  writeAbort,
  writeChunk,
  writeInit,
  writePacket,
  writeSack,
} from '../../../runners/interfaces/sctp/packet-writer.ts';

/** A packet of a talk between two ends. */
export interface TalkPacket {
  readonly from: 'a' | 'b';
  readonly bytes: Uint8Array;
}

export interface DataOptions {
  readonly tsn: number;
  readonly stream?: number;
  readonly ssn?: number;
  readonly ppid?: number;
  readonly flags?: number;
  readonly text?: string;
  /** Instead of a text. */
  readonly bytes?: Uint8Array;
}

export const WHOLE = DATA_FLAG.beginning | DATA_FLAG.ending;
const INIT = { rwnd: 100_000, outStreams: 8, inStreams: 8, parameters: [] };

/** Writes the packets of an association between port 40001 (a) and port 36421 (b). */
export function aTalk({ tagOfA = 0xa0a0, tagOfB = 0xb0b0, tsnOfA = 100, tsnOfB = 500 } = {}) {
  const head = (from: 'a' | 'b', tag = from === 'a' ? tagOfB : tagOfA) =>
    from === 'a'
      ? { sourcePort: 40_001, destinationPort: 36_421, tag }
      : { sourcePort: 36_421, destinationPort: 40_001, tag };
  const packet = (from: 'a' | 'b', chunks: readonly Uint8Array[], tag?: number): TalkPacket => ({
    from,
    bytes: writePacket(head(from, tag), chunks),
  });
  return {
    packet,
    open: (parameters: { a?: typeof INIT.parameters; b?: typeof INIT.parameters } = {}): TalkPacket[] => [
      packet(
        'a',
        [writeInit({ ...INIT, kind: 'init', tag: tagOfA, tsn: tsnOfA, parameters: parameters.a ?? [] })],
        0,
      ),
      packet('b', [
        writeInit({ ...INIT, kind: 'initAck', tag: tagOfB, tsn: tsnOfB, parameters: parameters.b ?? [] }),
      ]),
      packet('a', [writeChunk(CHUNK.cookieEcho, 0, new Uint8Array(8))]),
      packet('b', [writeChunk(CHUNK.cookieAck)]),
    ],
    data: (from: 'a' | 'b', ...chunks: readonly DataOptions[]): TalkPacket => {
      const writer = new PacketWriter(1_452);
      for (const {
        tsn,
        stream = 0,
        ssn = 0,
        ppid = 70,
        flags = WHOLE,
        text = `tsn ${tsn}`,
        bytes,
      } of chunks) {
        const contents = bytes ?? new TextEncoder().encode(text);
        writer.addData({ kind: 'data', ...{ tsn, stream, ssn, ppid, flags }, bytes: contents });
      }
      return { from, bytes: writer.finish(head(from)) };
    },
    sack: (from: 'a' | 'b', cumulativeTsn: number): TalkPacket =>
      packet(from, [writeSack({ cumulativeTsn, rwnd: 100_000, gaps: [], duplicates: [] })]),
    abort: (from: 'a' | 'b'): TalkPacket => packet(from, [writeAbort([])]),
  };
}
