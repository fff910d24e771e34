import { expect, it } from 'vitest';
import { decodeElements, encodeElements } from '../../../../../runners/interfaces/gtpu/elements.ts';
import { decodeEcho, type Echo, encodeEcho } from '../../../../../runners/interfaces/gtpu/icmp.ts';
import { decodeGtpu, encodeGtpu, GTPU_TYPE } from '../../../../../runners/interfaces/gtpu/packet.ts';
import {
  decodePduSession,
  encodePduSession,
  PDU_SESSION_CONTAINER,
} from '../../../../../runners/interfaces/gtpu/pdu-session.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/ /gu, ''), 'hex'));
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');
const PLAIN = { sequence: null, nPdu: null, extensions: [] };

it('reads and writes a G-PDU with the PDU session container', () => {
  // Flags 34, length 8 + 2: sequence, N-PDU, next type 85; 01 10 09 00 is an uplink container of QFI 9.
  const wire = bytes('34 ff 000a 00000001 0000 00 85 01 10 09 00 4500');
  const packet = decodeGtpu(wire);
  expect(packet).toEqual({
    ok: true,
    value: {
      ...{ type: GTPU_TYPE.gPdu, teid: 1, sequence: null, nPdu: null, payload: bytes('4500') },
      extensions: [{ type: PDU_SESSION_CONTAINER, content: bytes('1009') }],
    },
  });
  if (packet.ok) expect(hex(encodeGtpu(packet.value))).toBe(hex(wire));
  expect(decodePduSession(bytes('1009'))).toEqual({ ok: true, value: { way: 'uplink', qfi: 9 } });
});

it.each([
  { way: 'uplink', qfi: 63 },
  { way: 'downlink', qfi: 1, reflective: true, pagingPolicy: null },
  { way: 'downlink', qfi: 5, reflective: false, pagingPolicy: 7 },
] as const)('keeps %j', (information) => {
  expect(decodePduSession(encodePduSession(information))).toEqual({ ok: true, value: information });
});

it('keeps several extension headers, filled up to words', () => {
  const extensions = [
    { type: 0x85, content: bytes('1009') },
    { type: 0xc0, content: bytes('0102030405') },
  ];
  const wire = encodeGtpu({
    ...PLAIN,
    type: 255,
    teid: 0xffff_ffff,
    sequence: 7,
    extensions,
    payload: bytes('aa'),
  });
  const read = decodeGtpu(wire);
  expect(read.ok && read.value.extensions.map(({ type, content }) => [type, hex(content)])).toEqual([
    [0x85, '1009'],
    [0xc0, '010203040500'],
  ]);
  expect(read.ok && read.value.sequence).toBe(7);
});

it.each([
  ['30ff', /2 octets are no header/u],
  ['50 ff 0000 00000001', /version 2/u],
  ['20 ff 0000 00000001', /GTP'/u],
  ['30 ff 0005 00000001 0000', /octet 2: 5 octets are told, 2 follow/u],
  ['32 01 0002 00000000 0001', /octet 8: the optional part/u],
  ['34 ff 0008 00000001 0000 00 85 00 00 00 00', /octet 12: an extension header of no length/u],
  ['34 ff 0008 00000001 0000 00 85 02 00 00 00', /octet 12: the extension header is cut off/u],
])('says what is wrong with %s', (wire, what) => {
  expect(decodeGtpu(bytes(wire))).toMatchObject({ ok: false, error: expect.stringMatching(what) as string });
});

it('never throws on what comes from outside', () => {
  let state = 20_260_101;
  const next = (): number => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31);
  for (let round = 0; round < 20_000; round += 1) {
    const octets = Uint8Array.from({ length: next() % 40 }, () => (next() >> 8) & 0xff);
    if (octets.length > 3)
      octets.set([0x30 | ((octets[0] ?? 0) & 7), 255, 0, octets.length - 8 < 0 ? 0 : octets.length - 8]);
    const packet = decodeGtpu(octets);
    if (!packet.ok) continue;
    decodeElements(packet.value.payload);
    decodeEcho(packet.value.payload);
    for (const { content } of packet.value.extensions) decodePduSession(content);
  }
});

it('reads elements with and without a length of their own', () => {
  const elements = [
    { type: 14, value: bytes('00') },
    { type: 16, value: bytes('00000002') },
    { type: 133, value: bytes('7f000001') },
    { type: 141, value: bytes('85c0') },
    { type: 255, value: bytes('123401') },
  ];
  expect(decodeElements(encodeElements(elements))).toEqual({ ok: true, value: elements });
  expect(decodeElements(bytes('0e'))).toMatchObject({ ok: false });
  expect(decodeElements(bytes('6300'))).toMatchObject({ ok: false });
});

it('makes a ping whose checksums are right, and takes none whose are not', () => {
  const echo: Echo = {
    ...{ kind: 'request', from: '10.45.0.2', to: '10.45.0.1', identifier: 77, sequence: 3 },
    data: bytes('0011223344'),
  };
  const wire = encodeEcho(echo);
  expect(decodeEcho(wire)).toEqual(echo);
  for (let at = 0; at < wire.length; at += 1) {
    const changed = wire.slice();
    changed[at] = (changed[at] ?? 0) ^ 0x04;
    expect(decodeEcho(changed), `octet ${at}`).toBeNull();
  }
});
