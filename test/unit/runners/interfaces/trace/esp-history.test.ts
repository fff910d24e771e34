import { expect, it } from 'vitest';
import { LINK } from '../../../../../runners/interfaces/capture/frame.ts';
import { captureHead, capturedPacket } from '../../../../../runners/interfaces/capture/write-capture.ts';
import { ipPacketAround } from '../../../../../runners/interfaces/capture/write-ip.ts';
import { sealEsp, type SecurityAssociation } from '../../../../../runners/interfaces/esp/esp.ts';
import { EspHistory, type EspPacket } from '../../../../../runners/interfaces/trace/esp-history.ts';
import { SegmentReader } from '../../../../../runners/interfaces/trace/segment-reader.ts';

const [OURS, THEIRS] = ['192.0.2.1', '192.0.2.2'];
const KEY = Uint8Array.from({ length: 16 }, (_, index) => index);
const ETHERNET = Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0);

interface Sent {
  readonly to?: string;
  readonly spi?: number;
  readonly sequence: number;
  readonly bytes?: number;
}

/** A frame of Ethernet with a packet of ESP in UDP. */
function framed({ to = THEIRS, spi = 300, sequence, bytes = 64 }: Sent): Uint8Array {
  const transform = { kind: 'aes-gcm', key: KEY, salt: KEY.subarray(0, 4) } as const;
  const association: SecurityAssociation = { spi, transform };
  const esp = sealEsp(association, { sequence, nextHeader: 4, payload: new Uint8Array(bytes) });
  const from = { host: to === THEIRS ? OURS : THEIRS, udpPort: 4_500 };
  return Buffer.concat([ETHERNET, ipPacketAround(esp, from, { host: to, udpPort: 4_500 })]);
}

function historyOf(frames: readonly Uint8Array[]): EspHistory {
  const history = new EspHistory(THEIRS);
  const reader = new SegmentReader(history);
  reader.push(captureHead([{ name: 'x', linkType: LINK.ethernet }]));
  for (const frame of frames) reader.push(capturedPacket(frame, 0n));
  return history;
}

it('keeps frames to one gateway as they were, of most packets that are alike', () => {
  const asked = [5, 6, 7].map((sequence) => framed({ sequence, bytes: 300 }));
  const others = [
    ...[1, 2].map((sequence) => framed({ sequence })),
    ...[1, 2, 3, 4].map((sequence) => framed({ sequence, to: OURS, spi: 301, bytes: 300 })),
    ...[8, 9].map((sequence) => framed({ sequence, spi: 302, bytes: 300 })),
  ];
  const { packets, numbers } = historyOf([...others, ...asked]).alike();
  expect(numbers).toBe(3);
  expect(packets.map(({ linkType, frame }) => ({ linkType, frame: Buffer.from(frame) }))).toEqual(
    asked.map((frame) => ({ linkType: LINK.ethernet, frame: Buffer.from(frame) })),
  );
});

it('tells a packet that passes again from another with the same number', () => {
  const once = framed({ sequence: 1, bytes: 300 });
  const other = Uint8Array.from(once, (octet, at) => (at === once.length - 1 ? octet ^ 1 : octet));
  const history = historyOf([once, other, once]);
  const { packets, numbers } = history.alike();
  expect(numbers).toBe(1);
  expect(packets.map((packet) => history.timesOf(packet))).toEqual([2, 1]);
  history.clear();
  expect(history.alike()).toEqual({ packets: [], numbers: 0 });
});

it('forgets the oldest of many', () => {
  const history = new EspHistory(THEIRS);
  const packet = (sequence: number): EspPacket => ({
    ...{ to: THEIRS, spi: 1, sequence, mark: 0, linkType: LINK.raw, frame: new Uint8Array(1) },
  });
  for (let sequence = 1; sequence <= 5_000; sequence += 1) history.add(packet(sequence));
  expect(history.alike().packets.length).toBeLessThan(5_000);
  expect([history.timesOf(packet(1)), history.timesOf(packet(5_000))]).toEqual([0, 1]);
});

it('leaves out what the capture has cut off', () => {
  const whole = framed({ sequence: 1 });
  expect(historyOf([whole.subarray(0, -1), whole]).alike().packets).toHaveLength(1);
});
