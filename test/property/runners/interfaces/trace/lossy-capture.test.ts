import { beforeAll, describe, expect, it } from 'vitest';
import { makeRandom, type Random } from '../../../../../src/planning/random.ts';
import type { Program } from '../../../../../src/judge/program.ts';
import { shippedProperties } from '../../../../support/judge/catalogue.ts';
import { captureFile, fileOf, judgedFile } from '../../../../support/judge/spoken.ts';
import { Signalling } from '../../../../support/signalling/signalling.ts';
import type { Passed } from '../../../../support/signalling/wire.ts';

/** `PATCHBAY_LOSSY=2000` tries many more. */
const SEEDS = Array.from({ length: Number(process.env['PATCHBAY_LOSSY'] ?? 25) }, (_, index) => index + 1);

const near = (packets: readonly Passed[], random: Random, ms: number): Passed[] =>
  packets
    .map((packet) => ({ packet, at: packet.atMs + random.below(ms) }))
    .sort((a, b) => a.at - b.at)
    .map(({ packet }) => packet);

/** As somebody writes them who sees them pass a little later than they did: times go with the places in the file. */
function stampedAnew(packets: readonly Passed[]): readonly Passed[] {
  let lastMs = -Infinity;
  return packets.map(({ atMs, bytes }) => {
    lastMs = Math.max(lastMs, atMs);
    return { atMs: lastMs, bytes };
  });
}

describe('a capture of products that keep every rule', () => {
  let programs: readonly Program[] = [];
  let whole: readonly Passed[] = [];
  beforeAll(async () => {
    programs = [...(await shippedProperties()).values()];
    const lab = new Signalling({ seed: 4, atOnce: 3, goesOn: (octets) => octets < 60_000 });
    whole = [...lab.packets()].sort((a, b) => a.atMs - b.atMs);
  });

  function broken(file: Uint8Array): readonly string[] {
    const { findings } = judgedFile(file, programs);
    return findings.filter(({ verdict }) => verdict === 'fail').map(({ property }) => property.id);
  }

  it('passes, and nothing is left open', () => {
    const { findings } = judgedFile(captureFile(whole), programs);
    expect(new Set(findings.map(({ verdict }) => verdict))).toEqual(new Set(['pass', 'none']));
    expect(findings.filter(({ verdict }) => verdict === 'pass').length).toBeGreaterThan(50);
  });

  it('never fails for packets that it has lost, wherever it begins and ends', () => {
    for (const seed of SEEDS) {
      const random = makeRandom(seed);
      const percent = [0, 1, 5, 20, 50][random.below(5)] ?? 0;
      const from = random.below(2) === 0 ? 0 : random.below(whole.length);
      const to = random.below(2) === 0 ? whole.length : random.below(whole.length);
      const left = whole.slice(from, to).filter(() => random.below(100) >= percent);
      expect([seed, ...broken(captureFile(left))]).toEqual([seed]);
    }
  });

  it('never fails for being cut at any octet', () => {
    const file = captureFile(whole);
    for (const seed of SEEDS) {
      const random = makeRandom(seed);
      expect([seed, ...broken(file.subarray(0, random.below(file.length)))]).toEqual([seed]);
    }
  });

  it('says the same when packets stand in another order in the file than their times', () => {
    for (const seed of SEEDS.slice(0, 5)) {
      const { findings } = judgedFile(fileOf(near(whole, makeRandom(seed), 300)), programs);
      expect(new Set(findings.map(({ verdict }) => verdict))).toEqual(new Set(['pass', 'none']));
    }
  });

  it('never fails for packets of an end that overtook each other, some of them lost or seen twice', () => {
    for (const seed of SEEDS) {
      const random = makeRandom(seed);
      const percent = [0, 1, 10][random.below(3)] ?? 0;
      const seen = whole.flatMap((packet) => {
        const chance = random.below(100);
        return chance < percent ? [] : chance >= 98 ? [packet, packet] : [packet];
      });
      expect([seed, ...broken(fileOf(stampedAnew(overtaking(seen, random))))]).toEqual([seed]);
    }
  });
});

/** Packets of the same end change places; those of two ends do not: then nobody could tell a request from its answer. */
function overtaking(packets: readonly Passed[], random: Random): readonly Passed[] {
  const left = [...packets];
  for (let at = 0; at + 3 < left.length; at += 1) {
    if (random.below(10) > 0) continue;
    const [one, other] = [left[at], left[at + 1 + random.below(3)]];
    if (one === undefined || other === undefined || !isOfOneEnd(one, other)) continue;
    if (other.atMs - one.atMs > 100) continue;
    const place = left.indexOf(other);
    const between = left.slice(at + 1, place);
    if (between.some((packet) => isOfOneAssociation(packet, one) && !isOfOneEnd(packet, one))) continue;
    left[at] = other;
    left[place] = one;
  }
  return left;
}

function isOfOneEnd(one: Passed, other: Passed): boolean {
  return endsOf(one).join() === endsOf(other).join();
}

function isOfOneAssociation(one: Passed, other: Passed): boolean {
  return endsOf(one).sort().join() === endsOf(other).sort().join();
}

/** Addresses with ports. */
function endsOf({ bytes }: Passed): string[] {
  const isV6 = (bytes[0] ?? 0) >>> 4 === 6;
  const [at, length, header] = isV6 ? [8, 16, 40] : [12, 4, 20];
  return [0, 1].map((end) => {
    const port = bytes.subarray(header + 2 * end, header + 2 * end + 2);
    return Buffer.from([...bytes.subarray(at + end * length, at + (end + 1) * length), ...port]).toString(
      'hex',
    );
  });
}
