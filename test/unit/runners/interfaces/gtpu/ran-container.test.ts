import { expect, it } from 'vitest';
import {
  decodeRanContainer,
  encodeRanContainer,
  type RanFrame,
} from '../../../../../runners/interfaces/gtpu/ran-container.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

const FRAMES: readonly RanFrame[] = [
  { kind: 'downlinkData', sequence: 0xabcdef, polls: true, reportsDelivered: null },
  { kind: 'downlinkData', sequence: 1, polls: false, reportsDelivered: 0x3ffff },
  {
    ...{ kind: 'deliveryStatus', desiredBufferBytes: 0xffff_fffe, isFinal: true, lost: [] },
    ...{ highestDelivered: 7, highestTransmitted: 9 },
  },
  {
    ...{
      kind: 'deliveryStatus',
      desiredBufferBytes: 0,
      isFinal: false,
      lost: [
        [1, 2],
        [8, 8],
      ],
    },
    ...{ highestDelivered: null, highestTransmitted: null },
  },
];

it.each(FRAMES)('keeps $kind', (frame) => {
  const octets = encodeRanContainer(frame);
  expect(octets.length % 4).toBe(2);
  expect(decodeRanContainer(octets)).toEqual({ ok: true, value: frame });
});

it('writes a poll as it travels', () => {
  expect(hex(encodeRanContainer(FRAMES[0] as RanFrame))).toBe('0104abcdef00');
});

it('passes over blocks to discard', () => {
  // Two blocks behind the sequence number, then the number to report on.
  const frame = bytes('040c000001' + '02' + '00000101' + '00000201' + '000009');
  expect(decodeRanContainer(frame)).toMatchObject({ ok: true, value: { sequence: 1, reportsDelivered: 9 } });
});

it('says when it is cut off, and leaves what came later alone', () => {
  expect(decodeRanContainer(bytes('0104ab'))).toMatchObject({ ok: false });
  expect(decodeRanContainer(bytes('1d0000000000ff'))).toMatchObject({ ok: false });
  expect(decodeRanContainer(bytes('2000'))).toEqual({ ok: true, value: null });
});
