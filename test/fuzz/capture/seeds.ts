import { LINK } from '../../../runners/interfaces/capture/frame.ts';
import { ipPacketAround } from '../../../runners/interfaces/capture/write-ip.ts';
import { sealEsp } from '../../../runners/interfaces/esp/esp.ts';
import { DATA_FLAG } from '../../../runners/interfaces/sctp/chunks.ts';
import { framesOf, pcapFile, pcapngFile } from '../../support/capture/files.ts';
import { iDataChunk } from '../../support/capture/i-data.ts';
import { aTalk, type TalkPacket } from '../../support/capture/talk.ts';
import { captureFile } from '../../support/judge/spoken.ts';
import { Signalling } from '../../support/signalling/signalling.ts';

export interface SeedPacket {
  readonly bytes: Uint8Array;
  /** Where SCTP begins in it. */
  readonly sctpAt: number;
}

const { beginning, ending } = DATA_FLAG;
const [V4_BYTES, V6_BYTES, UDP_BYTES] = [20, 40, 8];

/** Sound captures and packets of every kind that is read. */
export function captureSeeds(seed: number): {
  readonly files: readonly Uint8Array[];
  readonly packets: readonly SeedPacket[];
} {
  const spoken = [...new Signalling({ seed, atOnce: 1, goesOn: (octets) => octets < 1 }).packets()];
  const talk = fragmentedTalk();
  const v6 = ['2001:db8::1', '2001:db8::2'] as const;
  const vlan = (packet: Uint8Array): Uint8Array =>
    Uint8Array.of(...new Uint8Array(12), 0x81, 0, 0, 7, 0x08, 0, ...packet);
  const files = [
    captureFile(spoken.slice(0, 12)),
    pcapFile(framesOf(talk)),
    pcapFile(framesOf(talk, { around: vlan }), { linkType: LINK.ethernet, littleEndian: false }),
    pcapngFile(framesOf(talk, { hosts: v6 }), { littleEndian: false }),
    pcapngFile(framesOf(talk, { udpPorts: [50_000, 9_899] })),
    pcapFile(framesOf(tunnelled(talk), { udpPorts: [4_500, 4_500] })),
  ];
  const packets = [
    ...spoken.map(({ bytes }) => ({ bytes, sctpAt: (bytes[0] ?? 0) >>> 4 === 6 ? V6_BYTES : V4_BYTES })),
    ...talk.map(({ bytes }) => ({
      bytes: ipPacketAround(
        bytes,
        { host: '192.0.2.1', udpPort: 9_899 },
        { host: '192.0.2.2', udpPort: 9_899 },
      ),
      sctpAt: V4_BYTES + UDP_BYTES,
    })),
  ];
  return { files, packets };
}

/** In ESP that ciphers nothing, so that what is in it is read. */
function tunnelled(talk: readonly TalkPacket[]): readonly TalkPacket[] {
  const association = { spi: 0x1000, transform: { kind: 'null', key: new Uint8Array(32) } } as const;
  return talk.map((packet, index) => {
    const payload = ipPacketAround(packet.bytes, { host: '10.0.0.1' }, { host: '10.0.0.2' });
    return { ...packet, bytes: sealEsp(association, { sequence: index + 1, nextHeader: 4, payload }) };
  });
}

function fragmentedTalk(): readonly TalkPacket[] {
  const talk = aTalk();
  return [
    ...talk.open(),
    talk.data('a', { tsn: 100, flags: beginning, text: 'one ' }, { tsn: 101, flags: 0, text: 'long ' }),
    talk.data('a', { tsn: 102, flags: ending, text: 'message' }),
    talk.sack('b', 102),
    talk.packet('b', [
      iDataChunk({ tsn: 500, message: 0, fragment: 0, flags: beginning, text: 'taking ' }),
      iDataChunk({ tsn: 501, message: 1, stream: 2, flags: beginning | ending, text: 'between' }),
      iDataChunk({ tsn: 502, message: 0, fragment: 1, flags: ending, text: 'turns' }),
    ]),
    talk.abort('a'),
  ];
}
