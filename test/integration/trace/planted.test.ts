import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Program } from '../../../src/judge/program.ts';
import { type Examples, examplesOf, type Said, shippedProperties } from '../../support/judge/catalogue.ts';
import { captureFile, judgedFile, spokenOnWire, violationsIn } from '../../support/judge/spoken.ts';
import { runCli } from '../../support/run-cli.ts';
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
