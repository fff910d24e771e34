import { expect, it } from 'vitest';
import { echoIn } from '../../../../../runners/interfaces/capture/echo.ts';
import { LINK } from '../../../../../runners/interfaces/capture/frame.ts';
import { ipPacketAround } from '../../../../../runners/interfaces/capture/write-ip.ts';
import {
  addressIn,
  injectionPointIn,
  pingLike,
  withChecksums,
} from '../../../../../runners/procedures/ap/segment-injection.ts';
import type { Json } from '../../../../../src/kernel/json.ts';

const LINK_HEAD = Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x81, 0, 0, 7, 8, 0);
const [UDP_CHECKSUM, IP_CHECKSUM] = [LINK_HEAD.length + 26, LINK_HEAD.length + 10];
const PAYLOAD = Uint8Array.from({ length: 41 }, (_, index) => index);
const RIGHT = Buffer.concat([
  LINK_HEAD,
  ipPacketAround(PAYLOAD, { host: '192.0.2.1', udpPort: 4_500 }, { host: '192.0.2.2', udpPort: 4_500 }),
]);

function changed(at: readonly number[], to: number): Uint8Array {
  return Uint8Array.from(RIGHT, (octet, index) => (at.includes(index) ? to : octet));
}

function mended(frame: Uint8Array): Buffer {
  return Buffer.from(withChecksums({ linkType: LINK.ethernet, frame }).frame);
}

it('puts in the checksums that a network card would have, and leaves out those that nobody put in', () => {
  const captured = changed([UDP_CHECKSUM, IP_CHECKSUM, IP_CHECKSUM + 1], 0x5a);
  expect(mended(captured)).toEqual(RIGHT);
  const without = changed([UDP_CHECKSUM, UDP_CHECKSUM + 1], 0);
  expect(mended(without)).toEqual(Buffer.from(without));
});

it('sends a ping the way of a packet', () => {
  const { linkType, frame } = pingLike({ linkType: LINK.ethernet, frame: RIGHT }, PAYLOAD);
  expect(linkType).toBe(LINK.ethernet);
  expect(Buffer.from(frame.subarray(0, LINK_HEAD.length))).toEqual(Buffer.from(LINK_HEAD));
  expect(echoIn(Uint8Array.from(frame.subarray(LINK_HEAD.length)))).toEqual({
    ...{ isAnswer: false, from: '192.0.2.1', to: '192.0.2.2' },
    said: PAYLOAD,
  });
});

it('reads where packets can be put, and nothing else', () => {
  expect(injectionPointIn('tcp://192.0.2.9:8098')).toEqual({ host: '192.0.2.9', port: 8_098 });
  expect(injectionPointIn('tcp://[2001:db8::9]:8098')).toEqual({ host: '2001:db8::9', port: 8_098 });
  const others: readonly (Json | undefined)[] = [
    ...['http://192.0.2.9:80/', 'tcp://192.0.2.9', 'tcp://192.0.2.9:1/path', 'here', ''],
    ...[7, null, undefined],
  ];
  for (const other of others) expect(injectionPointIn(other)).toBeNull();
});

it('reads an address in any of its forms, and nothing else', () => {
  expect(addressIn('2001:DB8:0:0::1')).toBe('2001:db8::1');
  expect(addressIn('192.0.2.1')).toBe('192.0.2.1');
  for (const other of ['gateway.example', '192.0.2', 7, undefined]) expect(addressIn(other)).toBeNull();
});
