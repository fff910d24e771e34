import { expect, it } from 'vitest';
import { type Echo, echoIn, writeEcho } from '../../../../../runners/interfaces/capture/echo.ts';
import { internetChecksum, ipPacketAround } from '../../../../../runners/interfaces/capture/write-ip.ts';

const SAID = Uint8Array.from({ length: 33 }, (_, index) => index);

it.each<Echo>([
  { isAnswer: false, from: '192.0.2.1', to: '192.0.2.2', said: SAID },
  { isAnswer: true, from: '192.0.2.2', to: '192.0.2.1', said: SAID },
  { isAnswer: false, from: '2001:db8::1', to: '2001:db8::2', said: SAID },
  { isAnswer: true, from: '2001:db8::2', to: '2001:db8::1', said: new Uint8Array(0) },
])('reads the ping that it has written, from $from', (echo) => {
  const packet = writeEcho(echo);
  // A frame of Ethernet is padded.
  expect(echoIn(Uint8Array.of(...packet, ...new Uint8Array(7)))).toEqual(echo);
});

it('puts in a checksum that is right', () => {
  const v4 = writeEcho({ isAnswer: false, from: '192.0.2.1', to: '192.0.2.2', said: SAID });
  expect([internetChecksum(v4.subarray(0, 20)), internetChecksum(v4.subarray(20))]).toEqual([0, 0]);
  const v6 = writeEcho({ isAnswer: false, from: '::1', to: '::2', said: SAID });
  // Addresses, length and next header count, too. @see RFC 4443 §2.3
  expect(internetChecksum(v6.subarray(8), v6.length - 40 + 58)).toBe(0);
});

it('takes nothing else for one, and nothing that is cut', () => {
  const packet = writeEcho({ isAnswer: false, from: '192.0.2.1', to: '192.0.2.2', said: SAID });
  const udp = ipPacketAround(SAID, { host: '192.0.2.1', udpPort: 1 }, { host: '192.0.2.2', udpPort: 2 });
  const unreachable = Uint8Array.from(packet, (octet, at) => (at === 20 ? 3 : octet));
  for (const other of [udp, unreachable, new Uint8Array(0), new Uint8Array(80)])
    expect(echoIn(other)).toBeUndefined();
  for (let length = 0; length < packet.length; length += 1)
    expect(echoIn(packet.subarray(0, length))).toBeUndefined();
});
