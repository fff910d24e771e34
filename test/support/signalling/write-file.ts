/**
 * `tsx write-file.ts FILE BYTES SEED`: a capture of that many bytes of what a lab of products says, the same for the same seed. What is
 * said is made up once, for a session of 50 MB; a larger file has session after session, each between ends of other addresses.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { LINK } from '../../../runners/interfaces/capture/frame.ts';
import { captureHead, capturedPacket } from '../../../runners/interfaces/capture/write-capture.ts';
import { internetChecksum } from '../../../runners/interfaces/capture/write-ip.ts';
import { Signalling } from './signalling.ts';

const SESSION_BYTES = 50_000_000;
/** Of a block with a packet beside the packet in IP: the block and the header of Ethernet, on average. */
const AROUND_BYTES = 48;
const BEGAN_MS = Date.UTC(2026, 0, 1);
const PAUSE_MS = 1_000;
/** In a block of pcapng: the two halves of the time, and the packet of IP behind the header of Ethernet. */
const [TIME_AT, IP_AT] = [12, 28 + 14];
const V4_BYTES = 20;
/** The two addresses of a packet, and in each an octet that tells sessions apart. */
const ADDRESSES = { 4: { at: 12, bytes: 4, octet: 1 }, 6: { at: 8, bytes: 16, octet: 5 } } as const;
const [path = '', size = '', seed = '1'] = process.argv.slice(2);

interface Session {
  readonly bytes: Buffer;
  /** Where in it each packet begins. */
  readonly packets: readonly number[];
  readonly lengthMs: number;
}

const wanted = Number(size);
const session = oneSession(Math.min(wanted, SESSION_BYTES), wanted < SESSION_BYTES ? 4 : 24);
const sessions = Math.max(1, Math.ceil(wanted / session.bytes.length));
const file = openSync(path, 'w');
writeSync(file, captureHead([{ name: 'lab', linkType: LINK.ethernet }]));
for (let count = 0; count < sessions; count += 1) {
  if (count > 0) for (const at of session.packets) makeNext(session, at);
  writeSync(file, session.bytes);
}
closeSync(file);
process.stdout.write(`${JSON.stringify({ packets: sessions * session.packets.length })}\n`);

function oneSession(bytes: number, associations: number): Session {
  const pieces: Uint8Array[] = [];
  const packets: number[] = [];
  let [length, lastMs] = [0, 0];
  const signalling = new Signalling({
    ...{ seed: Number(seed), associations, atOnce: associations < 24 ? 4 : 40 },
    goesOn: (octets) => octets + packets.length * AROUND_BYTES < bytes,
  });
  for (const { atMs, bytes: packet } of signalling.packets()) {
    const piece = capturedPacket(onEthernet(packet), BigInt(Math.round((BEGAN_MS + atMs) * 1_000)) * 1_000n);
    packets.push(length);
    pieces.push(piece);
    length += piece.length;
    lastMs = atMs;
  }
  return { bytes: Buffer.concat(pieces), packets, lengthMs: Math.ceil(lastMs) + PAUSE_MS };
}

/** The same packet in the next session. */
function makeNext({ bytes, lengthMs }: Session, at: number): void {
  const time =
    (BigInt(bytes.readUInt32LE(at + TIME_AT)) << 32n) | BigInt(bytes.readUInt32LE(at + TIME_AT + 4));
  const next = time + BigInt(lengthMs) * 1_000_000n;
  bytes.writeUInt32LE(Number(next >> 32n), at + TIME_AT);
  bytes.writeUInt32LE(Number(next & 0xffff_ffffn), at + TIME_AT + 4);
  const ip = at + IP_AT;
  const isV4 = (bytes[ip] ?? 0) >>> 4 === 4;
  const addresses = ADDRESSES[isV4 ? 4 : 6];
  for (const end of [0, 1]) {
    const octet = ip + addresses.at + end * addresses.bytes + addresses.octet;
    bytes[octet] = ((bytes[octet] ?? 0) + 2) & 0xff;
  }
  if (!isV4) return;
  bytes.writeUInt16BE(0, ip + 10);
  bytes.writeUInt16BE(internetChecksum(bytes.subarray(ip, ip + V4_BYTES)), ip + 10);
}

function onEthernet(packet: Uint8Array): Uint8Array {
  const frame = new Uint8Array(14 + packet.length);
  frame.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]);
  frame.set((packet[0] ?? 0) >>> 4 === 6 ? [0x86, 0xdd] : [0x08, 0x00], 12);
  frame.set(packet, 14);
  return frame;
}
