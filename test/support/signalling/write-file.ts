/**
 * `tsx write-file.ts FILE BYTES SEED`: a capture of that many bytes of what a lab of products says, the same for the same seed.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { LINK } from '../../../runners/interfaces/capture/frame.ts';
import { captureHead, capturedPacket } from '../../../runners/interfaces/capture/write-capture.ts';
import { Signalling } from './signalling.ts';

const PIECE_BYTES = 4 * 1024 * 1024;
/** Of a block with a packet beside the packet in IP: the block and the header of Ethernet, on average. */
const AROUND_BYTES = 48;
const BEGAN_MS = Date.UTC(2026, 0, 1);
const [path = '', size = '', seed = '1'] = process.argv.slice(2);
const wanted = Number(size);

let packets = 0;
const file = openSync(path, 'w');
let [pieces, waiting] = [[captureHead([{ name: 'lab', linkType: LINK.ethernet }])], 0];
const signalling = new Signalling({
  ...{ seed: Number(seed), associations: wanted < 50_000_000 ? 4 : 24, atOnce: wanted < 50_000_000 ? 4 : 40 },
  goesOn: (octets) => octets + packets * AROUND_BYTES < wanted,
});
for (const { atMs, bytes } of signalling.packets()) {
  packets += 1;
  const record = capturedPacket(onEthernet(bytes), BigInt(Math.round((BEGAN_MS + atMs) * 1_000)) * 1_000n);
  pieces.push(record);
  waiting += record.length;
  if (waiting < PIECE_BYTES) continue;
  writeSync(file, Buffer.concat(pieces));
  [pieces, waiting] = [[], 0];
}
writeSync(file, Buffer.concat(pieces));
closeSync(file);
process.stdout.write(`${JSON.stringify({ packets })}\n`);

function onEthernet(packet: Uint8Array): Uint8Array {
  const frame = new Uint8Array(14 + packet.length);
  frame.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]);
  frame.set((packet[0] ?? 0) >>> 4 === 6 ? [0x86, 0xdd] : [0x08, 0x00], 12);
  frame.set(packet, 14);
  return frame;
}
