import { describe, expect, it } from 'vitest';
import { LINK } from '../../../../../runners/interfaces/capture/frame.ts';
import {
  BEGAN_NS,
  ngBlock,
  pcapFile,
  pcapngFile,
  type TestFrame,
} from '../../../../support/capture/files.ts';
import { ownFile, readFrames } from '../../../../support/capture/read.ts';

const FRAMES: readonly TestFrame[] = [1, 2, 3].map((n) => ({
  timeNs: BEGAN_NS + BigInt(n) * 1_000n,
  bytes: Uint8Array.from({ length: 10 * n + 1 }, (_, index) => index + n),
}));
const seen = (frames: readonly { timeNs: bigint; bytes: Uint8Array }[]) =>
  frames.map(({ timeNs, bytes }) => [timeNs, [...bytes]]);

describe('reading capture files', () => {
  const files: Readonly<Record<string, Uint8Array>> = {
    'pcap, microseconds, little endian': pcapFile(FRAMES),
    'pcap, microseconds, big endian': pcapFile(FRAMES, { littleEndian: false }),
    'pcap, nanoseconds, little endian': pcapFile(FRAMES, { nanoseconds: true }),
    'pcap, nanoseconds, big endian': pcapFile(FRAMES, { nanoseconds: true, littleEndian: false }),
    'pcapng, little endian': pcapngFile(FRAMES),
    'pcapng, big endian': pcapngFile(FRAMES, { littleEndian: false }),
    'our own': ownFile(FRAMES),
  };
  it.each(Object.entries(files))('reads %s, in pieces of any size', (_, file) => {
    for (const piece of [1, 7, 4096]) {
      const { frames, cutAt } = readFrames(file, piece);
      expect(seen(frames)).toEqual(seen(FRAMES));
      expect(cutAt).toBeUndefined();
    }
  });

  it('keeps interfaces apart, each with its link and its unit of time', () => {
    const interfaces = [
      { linkType: LINK.ethernet, resolution: 3, offsetSeconds: 1_000n },
      { linkType: LINK.raw, resolution: 0x80 | 20 },
    ];
    const frames = [0, 1].map((number) => ({ ...FRAMES[0], interface: number })) as TestFrame[];
    const file = pcapngFile(frames, { interfaces, units: () => 1_048_577n });
    expect(readFrames(file).frames.map(({ linkType, timeNs }) => [linkType, timeNs])).toEqual([
      [LINK.ethernet, 2_048_577_000_000n],
      [LINK.raw, 1_000_000_953n],
    ]);
  });

  it('begins anew with each section, in whatever byte order', () => {
    const file = Buffer.concat([pcapngFile(FRAMES), pcapngFile(FRAMES, { littleEndian: false })]);
    expect(seen(readFrames(file).frames)).toEqual([...seen(FRAMES), ...seen(FRAMES)]);
  });

  it('passes over blocks that it has no use for', () => {
    const file = Buffer.concat([
      pcapngFile([]),
      ngBlock(4, [new Uint8Array(20)], true),
      ngBlock(0x0bad, [], true),
    ]);
    expect(readFrames(file)).toEqual({ frames: [], cutAt: undefined });
  });

  it('says where a file is cut, and gives what is before that', () => {
    for (const file of [pcapFile(FRAMES), pcapngFile(FRAMES)]) {
      const { frames, cutAt } = readFrames(file.subarray(0, file.length - 3));
      expect(frames).toHaveLength(2);
      expect(cutAt).toBe(offsetOfLast(file));
    }
    expect(readFrames(new Uint8Array(0)).cutAt).toBe(0);
  });

  const head = pcapngFile([]);
  const bad: Readonly<Record<string, readonly [Uint8Array, number]>> = {
    text: [new TextEncoder().encode('this is no capture'), 0],
    'a compressed file': [Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0), 0],
    'a packet that is too long': [patched(pcapFile(FRAMES), 32, 0x10000000), 24],
    'a block whose length is no multiple of four': [
      patched(pcapngFile(FRAMES), head.length + 4, 45),
      head.length,
    ],
    'a block without end': [patched(pcapngFile(FRAMES), head.length + 4, 0xfffffff0), head.length],
    'lengths that contradict each other': [patched(pcapngFile([]), head.length - 4, 24), 28],
    'a packet longer than its block': [patched(pcapngFile(FRAMES), head.length + 20, 5_000), head.length],
    'a packet of no interface': [patched(pcapngFile(FRAMES), head.length + 8, 9), head.length],
    'a section without byte order': [patched(pcapngFile([]), 8, 7), 0],
    'a short packet block': [Buffer.concat([head, ngBlock(6, [new Uint8Array(8)], true)]), head.length],
    'a short interface': [Buffer.concat([head, ngBlock(1, [new Uint8Array(4)], true)]), head.length],
  };
  it.each(Object.entries(bad))('refuses %s, with the offset', (_, [file, offset]) => {
    expect(() => readFrames(file)).toThrow(
      expect.objectContaining({
        code: 'CAPTURE_INVALID',
        message: expect.stringContaining(`offset ${offset}:`) as string,
      }) as Error,
    );
  });
});

function offsetOfLast(file: Uint8Array): number {
  return readFrames(file).frames[2]?.offset ?? -1;
}

function patched(file: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(file);
  new DataView(copy.buffer).setUint32(at, value, true);
  return copy;
}
