import { isIPv6, SocketAddress } from 'node:net';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { LINK } from '../../../../../runners/interfaces/capture/frame.ts';
import { ipBytes, ipText } from '../../../../../runners/interfaces/capture/ip-address.ts';
import { framesOf, pcapFile, type TestFrame } from '../../../../support/capture/files.ts';
import { readMessages, textsOf } from '../../../../support/capture/read.ts';
import { aTalk } from '../../../../support/capture/talk.ts';

const talk = aTalk();
const text = 'a text that is long enough to be cut into fragments of eight octets'.repeat(3);
const PACKETS = [...talk.open(), talk.data('a', { tsn: 100, text })];
const V6 = ['2001:db8::1', '2001:db8::2'] as const;

const before =
  (...head: readonly number[]) =>
  (packet: Uint8Array) =>
    Uint8Array.of(...head, ...packet);
const MACS = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];

describe('links', () => {
  const cases: Readonly<Record<string, readonly [number, (packet: Uint8Array) => Uint8Array]>> = {
    'raw IP': [LINK.raw, before()],
    'raw IPv4': [LINK.ipv4, before()],
    Ethernet: [LINK.ethernet, before(...MACS, 0x08, 0)],
    'Ethernet with padding': [
      LINK.ethernet,
      (packet) => Uint8Array.of(...MACS, 8, 0, ...packet, ...new Uint8Array(18)),
    ],
    VLAN: [LINK.ethernet, before(...MACS, 0x81, 0, 0, 7, 0x08, 0)],
    QinQ: [LINK.ethernet, before(...MACS, 0x88, 0xa8, 0, 7, 0x81, 0, 0, 9, 0x08, 0)],
    'Linux cooked': [LINK.linuxCooked, before(0, 0, 0, 1, 0, 6, ...MACS.slice(0, 8), 0x08, 0)],
    'Linux cooked, version 2': [LINK.linuxCooked2, before(0x08, 0, ...new Uint8Array(18))],
    null: [LINK.null, before(2, 0, 0, 0)],
    loopback: [LINK.loop, before(0, 0, 0, 2)],
  };
  it.each(Object.entries(cases))('carry IP: %s', (_, [linkType, around]) => {
    const file = pcapFile(framesOf(PACKETS, { around }), { linkType });
    expect(textsOf(readMessages(file))).toEqual([text]);
  });

  it('are counted when they are of a kind that is not read', () => {
    const { counts } = readMessages(pcapFile(framesOf(PACKETS), { linkType: 147 }));
    expect(counts).toMatchObject({ frames: 5, unknownLink: 5, packets: 0 });
  });
});

describe('IP', () => {
  it('is read in both versions', () => {
    const { messages } = readMessages(pcapFile(framesOf(PACKETS, { hosts: V6 })));
    expect(messages.map(({ from, to }) => [from.host, to.host])).toEqual([V6]);
  });

  it('is read behind extension headers', () => {
    const around = (packet: Uint8Array): Uint8Array => {
      const options = Uint8Array.of(60, 0, 1, 4, 0, 0, 0, 0, 132, 1, 1, 12, ...new Uint8Array(12));
      const longer = Uint8Array.of(...packet.subarray(0, 40), ...options, ...packet.subarray(40));
      longer[6] = 0;
      new DataView(longer.buffer).setUint16(4, longer.length - 40);
      return longer;
    };
    expect(textsOf(readMessages(pcapFile(framesOf(PACKETS, { hosts: V6, around }))))).toEqual([text]);
  });

  it.each([
    ['IPv4', undefined, fragmentsOfIpv4],
    ['IPv6', V6, fragmentsOfIpv6],
  ] as const)('is put together from fragments in any order: %s', (_, hosts, cut) => {
    const frames = framesOf(PACKETS, hosts === undefined ? {} : { hosts });
    const parts = frames.flatMap(({ bytes, timeNs }, id): TestFrame[] =>
      cut(bytes, id).map((part) => ({ bytes: part, timeNs })),
    );
    const shuffled = [...parts].reverse();
    for (const order of [parts, shuffled, [...parts, ...parts]])
      expect(textsOf(readMessages(pcapFile(order)))).toEqual([text]);
    expect(textsOf(readMessages(pcapFile(parts.slice(0, -1))))).toEqual([]);
  });

  it('that the capture has cut gives what is whole before the cut', () => {
    const packet = talk.data('a', { tsn: 100, text: 'whole' }, { tsn: 101, ssn: 1, text });
    const frames = framesOf([...talk.open(), packet]).map((frame, index) =>
      index < 4 ? frame : { ...frame, bytes: frame.bytes.subarray(0, 100) },
    );
    const { messages, counts } = readMessages(pcapFile(frames));
    expect(textsOf({ messages })).toEqual(['whole']);
    expect(counts.cut).toBe(1);
  });

  it('has addresses as everybody writes them', () => {
    const plain = (one: string) =>
      isIPv6(one) ? new SocketAddress({ address: one, family: 'ipv6' }).address : one;
    // The library writes some addresses with dots that RFC 5952 §5 does not ask for.
    const address = fc.oneof(
      fc.ipV4(),
      fc.ipV6().filter((one) => isIPv6(one) && !plain(one).includes('.')),
    );
    fc.assert(
      fc.property(address, (one) => {
        expect(ipText(ipBytes(one))).toBe(plain(one));
      }),
    );
    expect(ipText(ipBytes('::ffff:192.0.2.1'))).toBe('::ffff:192.0.2.1');
  });
});

function fragmentsOfIpv4(packet: Uint8Array, id: number): Uint8Array[] {
  return cutInto(packet.subarray(20), (part, offset, more) => {
    const bytes = Uint8Array.of(...packet.subarray(0, 20), ...part);
    const view = new DataView(bytes.buffer);
    view.setUint16(2, bytes.length);
    view.setUint16(4, id);
    view.setUint16(6, (more ? 0x2000 : 0) | (offset / 8));
    return bytes;
  });
}

function fragmentsOfIpv6(packet: Uint8Array, id: number): Uint8Array[] {
  return cutInto(packet.subarray(40), (part, offset, more) => {
    const head = Uint8Array.of(packet[6] ?? 0, 0, 0, 0, 0, 0, 0, id);
    new DataView(head.buffer).setUint16(2, offset | (more ? 1 : 0));
    const bytes = Uint8Array.of(...packet.subarray(0, 40), ...head, ...part);
    bytes[6] = 44;
    new DataView(bytes.buffer).setUint16(4, bytes.length - 40);
    return bytes;
  });
}

function cutInto(
  payload: Uint8Array,
  make: (part: Uint8Array, offset: number, more: boolean) => Uint8Array,
): Uint8Array[] {
  const size = 16;
  return Array.from({ length: Math.ceil(payload.length / size) }, (_, index) => {
    const part = payload.subarray(index * size, (index + 1) * size);
    return make(part, index * size, (index + 1) * size < payload.length);
  });
}
