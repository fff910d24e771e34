import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Problem, wholeFile } from '../documents/problem.ts';
import { readSource } from '../documents/source.ts';
import type { Program } from '../judge/program.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { parseProperties, type PropertyCatalogue } from './property-file.ts';

/** Every `*.yaml` in a folder; a file is called as the part of its ids before the slash. */
export async function readProperties(folder: string): Promise<Result<PropertyCatalogue, readonly Problem[]>> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  const catalogue = new Map<string, Program>();
  const problems: Problem[] = [];
  for (const file of files) {
    const source = await readSource(join(folder, file));
    const parsed = source.ok ? parseProperties(source.value) : source;
    if (!parsed.ok) problems.push(...parsed.error);
    else for (const [id, program] of parsed.value) catalogue.set(id, program);
    const strange =
      parsed.ok && [...parsed.value.keys()].some((id) => `${id.split('/')[0] ?? ''}.yaml` !== file);
    if (strange) problems.push(wholeFile(join(folder, file), 'its id and its name must be the same'));
  }
  return problems.length > 0 ? err(problems) : ok(catalogue);
}
