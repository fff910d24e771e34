import { suggestion } from '../documents/nearest.ts';
import type { Mistake } from '../documents/problem.ts';
import type { Program } from '../judge/program.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { PropertyCatalogue } from './property-file.ts';

/** The properties that references name: `e2ap` is all of that file, `e2ap/setup-answered` one. */
export function selectProperties(
  catalogue: PropertyCatalogue,
  references: readonly string[],
): Result<readonly Program[], readonly Mistake[]> {
  const known = [...catalogue.keys()];
  const chosen = new Set<string>();
  const mistakes: Mistake[] = [];
  for (const [index, reference] of references.entries()) {
    const ids = known.filter((id) => id === reference || id.startsWith(`${reference}/`));
    for (const id of ids) chosen.add(id);
    if (ids.length > 0) continue;
    const files = known.map((id) => id.split('/')[0] ?? '');
    const what = `no property is called "${reference}"${suggestion(reference, [...new Set(files), ...known])}`;
    mistakes.push({ at: ['properties', index], what });
  }
  if (mistakes.length > 0) return err(mistakes);
  return ok([...chosen].flatMap((id) => catalogue.get(id) ?? []));
}
