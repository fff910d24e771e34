import { MessageReader } from '../../../runners/interfaces/capture/message-reader.ts';
import { captureHead, capturedPacket } from '../../../runners/interfaces/capture/write-capture.ts';
import { EspHistory } from '../../../runners/interfaces/trace/esp-history.ts';
import { SegmentReader } from '../../../runners/interfaces/trace/segment-reader.ts';
import { protocolOf } from '../../../runners/interfaces/trace/protocols.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { makeRandom, type Random } from '../../../src/planning/random.ts';
import type { Fuzzer } from '../fuzzer.ts';
import { captureSeeds } from './seeds.ts';

const MAX_FINDINGS = 20;
/** More than what readers may keep, and the garbage of a while. */
const MAX_GROWTH_BYTES = 400_000_000;
const LOOK_EVERY = 10_000;
const CHECKSUM_AT = 8;

/**
 * Captures and packets that are wrong somewhere: every other round is a file of its own; the others are packets for one reader that
 * goes on for ever, whose memory must not grow.
 */
export const fuzzCapture: Fuzzer = ({ rounds, seed, onRound }) => {
  const random = makeRandom(seed);
  const { files, packets } = captureSeeds(seed);
  const findings: string[] = [];
  const found = (text: string): void => {
    if (findings.length < MAX_FINDINGS) findings.push(text);
  };
  let [messages, refused] = [0, 0];
  const heard = (message: { bytes: Uint8Array; ppid: number }): void => {
    messages += 1;
    protocolOf({ ppid: message.ppid, ports: [] })?.look(message.bytes);
  };
  const going = new MessageReader({ onMessage: heard, windowMs: 0 });
  const segment = new SegmentReader(new EspHistory('127.0.0.1'));
  const goOn = (piece: Uint8Array): void => {
    going.push(piece);
    segment.push(piece);
  };
  goOn(captureHead([{ name: 'fuzz' }]));
  const beganBytes = process.memoryUsage.rss();
  for (let round = 0; round < rounds; round += 1) {
    try {
      if (round % 2 === 0) readFile(mutated(pick(random, files), random), { random, heard });
      else goOn(capturedPacket(mutatedPacket(pick(random, packets), random), BigInt(round) * 1_000n));
    } catch (error) {
      if (error instanceof HarnessError && error.code === 'CAPTURE_INVALID') refused += 1;
      else found(`seed ${seed}, round ${round}: ${String(error)}`);
    }
    if (round % LOOK_EVERY === LOOK_EVERY - 1) {
      const grown = process.memoryUsage.rss() - beganBytes;
      if (grown > MAX_GROWTH_BYTES)
        found(`round ${round}: memory has grown by ${Math.round(grown / 1e6)} MB`);
    }
    onRound?.(round + 1);
  }
  going.end();
  if (rounds >= 1_000 && (messages === 0 || refused === 0)) found('nothing was read, or nothing refused');
  return Promise.resolve({ findings, figures: { rounds, messages, refused } });
};

function readFile(
  file: Uint8Array,
  { random, heard }: { random: Random; heard: (message: { bytes: Uint8Array; ppid: number }) => void },
): void {
  const reader = new MessageReader({ onMessage: heard });
  const segment = new SegmentReader();
  const piece = 1 + random.below(2 * file.length);
  for (let at = 0; at < file.length; at += piece) {
    segment.push(file.subarray(at, at + piece));
    reader.push(file.subarray(at, at + piece));
  }
  reader.end();
}

/** Octets changed, cut out, doubled or cut off. */
function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = Uint8Array.from(bytes);
  for (let left = random.below(4); left > 0; left -= 1) changeOne(changed, random);
  const [from, to] = [random.below(changed.length), random.below(changed.length)];
  switch (random.below(6)) {
    case 0:
      return changed.slice(0, from);
    case 1:
      return Buffer.concat([changed.subarray(0, from), changed.subarray(Math.max(from, to))]);
    case 2:
      return Buffer.concat([changed.subarray(0, Math.max(from, to)), changed.subarray(Math.min(from, to))]);
    default:
      return changed;
  }
}

function changeOne(bytes: Uint8Array, random: Random): void {
  const at = random.below(Math.max(1, bytes.length));
  const odd = [0, 1, 0x7f, 0x80, 0xff, random.below(256)];
  bytes[at] =
    random.below(2) === 0 ? (odd[random.below(odd.length)] ?? 0) : (bytes[at] ?? 0) ^ (1 << random.below(8));
}

/** A packet whose checksum was left to the network card, so that what is wrong behind it is looked at, too. */
function mutatedPacket({ bytes, sctpAt }: { bytes: Uint8Array; sctpAt: number }, random: Random): Uint8Array {
  const packet = Uint8Array.from(bytes);
  packet.fill(0, sctpAt + CHECKSUM_AT, sctpAt + CHECKSUM_AT + 4);
  for (let left = 1 + random.below(3); left > 0; left -= 1) changeOne(packet, random);
  return random.below(8) === 0 ? packet.subarray(0, random.below(packet.length)) : packet;
}

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}
