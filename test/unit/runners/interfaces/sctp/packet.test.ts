import { describe, expect, it } from 'vitest';
import { unknownAction } from '../../../../../runners/interfaces/sctp/chunks.ts';
import { crc32c } from '../../../../../runners/interfaces/sctp/crc32c.ts';
import { readPacket } from '../../../../../runners/interfaces/sctp/packet-reader.ts';
import {
  PacketWriter,
  writeAbort,
  writeChunk,
  writeError,
  writeInit,
  writePacket,
  writeSack,
  writeShutdown,
} from '../../../../../runners/interfaces/sctp/packet-writer.ts';
import { seeded } from '../../../../../runners/interfaces/sctp/impair.ts';
import { unwrap32, wrap32 } from '../../../../../runners/interfaces/sctp/serial.ts';

const HEAD = { sourcePort: 5_000, destinationPort: 36_421, tag: 0xfedcba98 };
const VALUE = Uint8Array.of(1, 2, 3, 4, 5);

describe('CRC32c', () => {
  it.each([
    ['32 octets of zero', new Uint8Array(32), 0x8a9136aa],
    ['32 octets of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['32 octets that rise', Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
    ['32 octets that fall', Uint8Array.from({ length: 32 }, (_, index) => 31 - index), 0x113fdb5c],
    ['the digits', new TextEncoder().encode('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
  ])('of %s is that of RFC 3720 B.4', (_, bytes, sum) => expect(crc32c(bytes)).toBe(sum));
});

describe('numbers that wrap', () => {
  it.each([
    [0, 0xffffffff, 0x1_0000_0000],
    [0xffffffff, 0x1_0000_0000, 0xffffffff],
    [5, 3, 5],
    [0xfffffff0, 2, -16],
  ])('takes %d near %d for %d', (wire, near, number) => {
    expect(unwrap32(wire, near)).toBe(number);
    expect(wrap32(number)).toBe(wire);
  });
});

describe('a packet', () => {
  const init = { tag: 1, rwnd: 65_536, outStreams: 10, inStreams: 20, tsn: 0xffffffff };
  const cookie = [{ type: 7, value: VALUE }];
  const gaps = [
    [2, 3],
    [5, 5],
  ] as const;
  const causes = [12, 13].map((type) => ({ type, value: VALUE }));
  it.each([
    ['init', writeInit({ kind: 'init', ...init, parameters: cookie }), { ...init, parameters: cookie }],
    ['initAck', writeInit({ kind: 'initAck', ...init, parameters: cookie }), { ...init, parameters: cookie }],
    ['sack', sackOf(gaps, [7]), { cumulativeTsn: 1, rwnd: 1, gaps, duplicates: [7] }],
    ['abort', writeAbort(causes, true), { reflected: true, causes }],
    ['error', writeError(causes), { causes }],
    ['shutdown', writeShutdown(77), { cumulativeTsn: 77 }],
    ['heartbeat', writeChunk(4, 0, Uint8Array.of(0, 1, 0, 5, 9)), { info: Uint8Array.of(0, 1, 0, 5, 9) }],
    ['cookieEcho', writeChunk(10, 0, VALUE), { cookie: VALUE }],
    ['shutdownComplete', writeChunk(14, 1), { reflected: true }],
    ['unknown', writeChunk(0xc1, 0, VALUE), { type: 0xc1, bytes: Uint8Array.of(0xc1, 0, 0, 9, ...VALUE) }],
  ])('is read as it was written: %s', (kind, chunk, fields) => {
    const read = readPacket(writePacket(HEAD, [chunk, writeChunk(11)]));
    expect(read).toEqual({
      ok: true,
      value: { ...HEAD, chunks: [{ kind, ...fields }, { kind: 'cookieAck' }] },
    });
  });

  it('carries DATA with all its fields', () => {
    const writer = new PacketWriter(100);
    const data = {
      kind: 'data',
      tsn: 0xffffffff,
      stream: 3,
      ssn: 0xffff,
      ppid: 70,
      flags: 7,
      bytes: VALUE,
    } as const;
    expect(writer.addData(data)).toBe(true);
    expect(writer.addData({ ...data, bytes: new Uint8Array(80) })).toBe(false);
    const read = readPacket(writer.finish(HEAD));
    expect(read.ok && read.value.chunks).toEqual([data]);
  });

  it.each([
    ['DATA without header', writeChunk(0, 3, VALUE)],
    ['INIT cut short', writeChunk(1, 0, VALUE)],
    [
      'a parameter that is too long',
      writeChunk(
        1,
        0,
        Uint8Array.from({ length: 20 }, () => 0xff),
      ),
    ],
    ['a SACK whose counts lie', writeChunk(3, 0, Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 9, 0, 9))],
    [
      'gap blocks that fall',
      sackOf([
        [9, 9],
        [3, 3],
      ]),
    ],
    ['a gap block turned round', sackOf([[9, 8]])],
    ['a gap block without gap', sackOf([[1, 2]])],
    ['HEARTBEAT without info', writeChunk(4)],
    ['SHUTDOWN of a wrong length', writeChunk(7, 0, VALUE)],
    ['COOKIE ECHO without cookie', writeChunk(10)],
    ['ERROR whose cause is too long', writeChunk(9, 0, Uint8Array.of(0, 1, 0, 99))],
  ])('gives a chunk that cannot be read as such: %s', (_, chunk) => {
    const read = readPacket(writePacket(HEAD, [chunk]));
    expect(read.ok && read.value.chunks[0]?.kind).toBe('malformed');
  });

  it('is discarded when a bit is wrong, or a length', () => {
    const good = writePacket(HEAD, [writeChunk(10, 0, VALUE)]);
    for (let bit = 0; bit < good.length * 8; bit += 1) {
      const bad = good.slice();
      bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(readPacket(bad).ok).toBe(false);
    }
    for (const length of [0, 3, 200]) {
      const chunk = writeChunk(11);
      new DataView(chunk.buffer).setUint16(2, length);
      expect(readPacket(writePacket(HEAD, [chunk])).ok).toBe(false);
    }
  });

  it('is read in bounded time, whatever is in it', () => {
    const random = seeded(4);
    for (let round = 0; round < 3_000; round += 1) {
      const chunks = Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
        const value = Uint8Array.from({ length: Math.floor(random() * 60) }, () =>
          Math.floor(random() * 256),
        );
        return writeChunk(Math.floor(random() * 16), Math.floor(random() * 256), value);
      });
      expect(readPacket(writePacket(HEAD, chunks)).ok).toBe(true);
    }
  });
});

it.each([
  [0x0f, { stop: true, report: false }],
  [0x41, { stop: true, report: true }],
  [0x81, { stop: false, report: false }],
  [0xc1, { stop: false, report: true }],
])('does with an unknown chunk of type %d what its highest bits ask', (type, action) => {
  expect(unknownAction(type, 8)).toEqual(action);
  expect(unknownAction(type << 8, 16)).toEqual(action);
});

function sackOf(
  gaps: readonly (readonly [number, number])[],
  duplicates: readonly number[] = [],
): Uint8Array {
  return writeSack({ cumulativeTsn: 1, rwnd: 1, gaps, duplicates });
}
