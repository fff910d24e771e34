import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suggestion } from '../documents/nearest.ts';
import { type Problem, wholeFile } from '../documents/problem.ts';
import { readSource, type Source } from '../documents/source.ts';
import type { Testbed } from '../domain/testbed.ts';
import type { Result } from '../kernel/result.ts';
import { type EquipmentDocument, readEquipment } from './equipment.ts';
import { type Objective, parseObjectives } from './objectives.ts';
import { parsePartners, type Partner } from './partners.ts';
import { parseTestbed } from './testbed.ts';

/** What a folder such as `seeds/` holds; what has problems is left out. */
export interface Seeds {
  readonly partners: readonly Partner[];
  readonly objectives: readonly Objective[];
  readonly testbeds: readonly Testbed[];
  readonly equipment: readonly EquipmentDocument[];
  readonly problems: readonly Problem[];
}

/** `partners.yaml`, `objectives.yaml`, `testbeds/*.yaml` and `equipment/*.yaml` in a folder, in the order of their names. */
export async function readSeeds(root: string): Promise<Seeds> {
  const problems: Problem[] = [];
  const take = makeTake(problems);
  const partners = take(await read(join(root, 'partners.yaml'), parsePartners), []);
  const objectives = take(await read(join(root, 'objectives.yaml'), parseObjectives), []);
  const inventory = await readInventory(root);
  const { testbeds, equipment, sources } = inventory;
  return {
    ...{ partners, objectives, testbeds, equipment },
    problems: [...problems, ...inventory.problems, ...strangers(sources, partners)],
  };
}

export interface Inventory extends Pick<Seeds, 'testbeds' | 'equipment' | 'problems'> {
  /** Paths, and the organisation that each document is of. */
  readonly sources: ReadonlyMap<string, string>;
}

/** `testbeds/*.yaml` and `equipment/*.yaml` in a folder, in the order of their names; what has problems is left out. */
export async function readInventory(root: string): Promise<Inventory> {
  const problems: Problem[] = [];
  const take = makeTake(problems);
  const testbeds: Testbed[] = [];
  const sources = new Map<string, string>();
  for (const path of await documentsIn(join(root, 'testbeds'))) {
    const testbed = take<Testbed | null>(await read(path, parseTestbed), null);
    if (testbed === null) continue;
    sources.set(path, testbed.organisation);
    if (testbeds.some(({ id }) => id === testbed.id)) problems.push(wholeFile(path, usedBefore(testbed.id)));
    else testbeds.push(testbed);
  }
  const equipment: EquipmentDocument[] = [];
  for (const path of await documentsIn(join(root, 'equipment'))) {
    const options = { testbeds: testbeds.map(({ id }) => id) };
    const one = take<EquipmentDocument | null>(await readEquipment(path, options), null);
    if (one === null) continue;
    sources.set(path, one.equipment.organisation);
    const { id } = one.equipment;
    if (equipment.some((other) => other.equipment.id === id)) problems.push(...one.locate([twice(id)]));
    else equipment.push(one);
  }
  return { testbeds, equipment, sources, problems };
}

function makeTake(problems: Problem[]): <T>(result: Result<T, readonly Problem[]>, otherwise: T) => T {
  return (result, otherwise) => {
    if (result.ok) return result.value;
    problems.push(...result.error);
    return otherwise;
  };
}

async function read<T>(
  path: string,
  parse: (source: Source) => Result<T, readonly Problem[]>,
): Promise<Result<T, readonly Problem[]>> {
  const source = await readSource(path);
  return source.ok ? parse(source.value) : source;
}

/** The YAML and JSON documents of a folder; none when there is no such folder. */
export async function documentsIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && /^[^.].*\.(?:yaml|yml)$/u.test(entry.name));
    return files.map(({ name }) => join(folder, name)).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function strangers(sources: ReadonlyMap<string, string>, partners: readonly Partner[]): readonly Problem[] {
  const known = partners.map(({ id }) => id as string);
  return [...sources]
    .filter(([, organisation]) => !known.includes(organisation))
    .map(([path, organisation]) =>
      wholeFile(path, `the organisation "${organisation}" is no partner${suggestion(organisation, known)}`),
    );
}

function usedBefore(id: string): string {
  return `the id "${id}" was used before`;
}

function twice(id: string): { readonly at: readonly string[]; readonly what: string } {
  return { at: ['id'], what: usedBefore(id) };
}
