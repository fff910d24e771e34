import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderProblem } from '../documents/problem.ts';
import { decodeSource } from '../documents/source.ts';
import type { Program } from '../judge/program.ts';
import { HarnessError } from '../kernel/errors.ts';
import { parseProperties } from '../plans/property-file.ts';
import { PROPERTIES } from './shipped.ts';

/** The properties of one file of this release, read when they are needed first. @throws HarnessError PLAN_INVALID */
export function shippedPrograms(id: string): () => readonly Program[] {
  let programs: readonly Program[] | undefined;
  return () => (programs ??= read(join(PROPERTIES, `${id}.yaml`)));
}

function read(path: string): readonly Program[] {
  const source = decodeSource(path, readFileSync(path));
  const parsed = source.ok ? parseProperties(source.value) : source;
  if (parsed.ok) return [...parsed.value.values()];
  throw new HarnessError('PLAN_INVALID', parsed.error.map(renderProblem).join('; '));
}
