import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Program } from '../../../src/judge/program.ts';
import { type Examples, examplesOf, type Said, shippedProperties } from '../../support/judge/catalogue.ts';
import { captureFile, judgedFile, spokenOnWire, violationsIn } from '../../support/judge/spoken.ts';
import { runCli } from '../../support/run-cli.ts';
import { judgeCapture } from '../../../src/app/judge-trace.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { Octets, type ProtocolName } from '../../support/signalling/octets.ts';
import { SPEECHES } from '../../support/signalling/dialogues.ts';
import { Signalling } from '../../support/signalling/signalling.ts';

/** A talk about each property, in octets, with its set-up before it unless that is what the property is about. */
function talks(programs: readonly Program[], which: keyof Examples): Uint8Array {
  const octets = new Octets(11);
  const packets = programs.flatMap(({ property }, number) => {
    const protocol = property.protocol as ProtocolName;
    const said = examplesOf(property)[which];
    const talk = property.id.endsWith('/setup-first') ? said : [...opening(protocol), ...said];
    return spokenOnWire(protocol, talk, { number, octets });
  });
  return captureFile(packets);
}

/** The same capture without a third of its packets. */
function withoutMiddle(capture: Uint8Array): Uint8Array {
  const view = new DataView(capture.buffer, capture.byteOffset, capture.length);
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < capture.length; at += view.getUint32(at + 4, true))
    blocks.push(capture.subarray(at, at + view.getUint32(at + 4, true)));
  return Buffer.concat(blocks.filter((_, index) => index < 2 || index % 3 !== 0));
}

function opening(protocol: ProtocolName): readonly Said[] {
  const speech = SPEECHES.find((one) => one.protocol === protocol);
  return (speech?.opening ?? []).map(({ by, name }) => ({ by, name, values: { '*': 0 } }));
}

describe('a capture with a violation of every property of the catalogue, each in an association of its own', () => {
  let programs: readonly Program[] = [];
  beforeAll(async () => {
    programs = [...(await shippedProperties()).values()];
  });

  it('shows exactly these, each where it is', () => {
    const found = violationsIn(judgedFile(talks(programs, 'bad'), programs));
    const planted = programs.map(({ property }, index) => [index + 1, [property.id]] as const);
    expect([...found].sort(([a], [b]) => a - b)).toEqual(planted);
  });

  it('shows none when all of them keep the rules, and every property had its chance', () => {
    const { findings, counts } = judgedFile(talks(programs, 'good'), programs);
    expect(findings.filter(({ broken, held }) => broken > 0 || held === 0)).toEqual([]);
    expect(counts).toMatchObject({
      missing: 0,
      malformed: 0,
      wrongChecksum: 0,
      associations: programs.length,
    });
  });

  it('is judged in the same way by threads beside the one that reads, whatever the capture has lost', async () => {
    await using folder = await scratchFolder();
    const file = join(folder.path, 'bad.pcapng');
    const whole = talks(programs, 'bad');
    const { signal } = new AbortController();
    for (const bytes of [whole.subarray(0, whole.length - 7), withoutMiddle(whole)]) {
      await writeFile(file, bytes);
      const [alone, beside] = await Promise.all(
        [0, 2].map((threads) => judgeCapture(file, { programs, threads, isComplete: true, signal })),
      );
      expect(JSON.stringify(beside)).toBe(JSON.stringify(alone));
      expect(alone?.findings.some(({ broken }) => broken > 0)).toBe(true);
    }
  });

  it('is not judged by such a thread where the capture cannot be read, and says where', async () => {
    await using folder = await scratchFolder();
    const file = join(folder.path, 'odd.pcapng');
    const { signal } = new AbortController();
    await writeFile(file, Buffer.concat([talks(programs, 'good'), new Uint8Array(64)]));
    const judging = judgeCapture(file, { programs, threads: 2, signal });
    await expect(judging).rejects.toMatchObject({ code: 'CAPTURE_INVALID' });
  });

  it('is judged by the plan that the command names, with the exit code of what it shows', async () => {
    await using folder = await scratchFolder();
    const own = programs.filter(({ property }) => property.protocol === 'E2AP');
    const [bad, good] = [join(folder.path, 'bad.pcapng'), join(folder.path, 'good.pcapng')];
    await writeFile(bad, talks(own, 'bad'));
    const speeches = SPEECHES.filter(({ protocol }) => protocol === 'E2AP');
    const lab = new Signalling({ seed: 2, speeches, goesOn: (octets) => octets < 50_000 });
    await writeFile(good, captureFile([...lab.packets()]));
    const broken = await runCli('trace', 'judge', bad, '--plan', 'e2-pair', '--json');
    expect(broken.code).toBe(1);
    const { verdict, properties } = JSON.parse(broken.stdout) as {
      verdict: string;
      properties: readonly { readonly id: string; readonly verdict: string; readonly broken: number }[];
    };
    expect(verdict).toBe('fail');
    expect(properties.filter((one) => one.broken > 0).map(({ id }) => id)).toEqual(
      own.map(({ property }) => property.id),
    );
    const table = await runCli('trace', 'judge', bad, '--plan', 'e2-pair');
    expect(table.stdout).toMatch(/^verdict +property +held +broken +open +which says$/mu);
    expect(table.stdout).toMatch(/^fail +e2ap\/reset-answered /mu);
    expect(table.stdout).toMatch(/^\d+\.\d{6} \S+ breaks e2ap\/reset-answered, TransactionID 1 \(/mu);
    const clean = await runCli('trace', 'judge', good, '--plan', 'e2-pair');
    expect([clean.code, clean.stdout.includes('breaks')]).toEqual([0, false]);
  });
});
