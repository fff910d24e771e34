import type { ImportedCase, ImportFormat } from '../input.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { readJunit } from './junit.ts';
import { readOran } from './oran.ts';
import { clip, malformed, type ReadResults } from './parts.ts';

/** Largest file of results that is taken, in bytes. */
export const MAX_IMPORT_BYTES = 16 * 1024 * 1024;
export const MAX_IMPORTED_CASES = 50_000;
const MAX_REMARKS = 1000;

/** Which case of our plans an imported one stands for: by `suite/name`, or by its name alone. */
export type CaseMap = Readonly<Record<string, string>>;

const READERS = {
  junit: readJunit,
  'oran-test-results': readOran,
} as const satisfies Record<ImportFormat, (bytes: Uint8Array) => ReadResults>;

/**
 * Reads results of another harness. Counts nothing that the file says of itself: it remarks every total and every
 * result that its own cases do not bear out. Throws `INPUT_TOO_LARGE` or `IMPORT_MALFORMED`.
 */
export function readImport(format: ImportFormat, bytes: Uint8Array, map: CaseMap = {}): ReadResults {
  if (bytes.length > MAX_IMPORT_BYTES)
    throw new HarnessError('INPUT_TOO_LARGE', `results of others are at most ${MAX_IMPORT_BYTES} bytes`);
  const { cases, remarks } = READERS[format](bytes);
  if (cases.length === 0) throw malformed('it has no case');
  if (cases.length > MAX_IMPORTED_CASES)
    throw new HarnessError('INPUT_TOO_LARGE', `the file has more than ${MAX_IMPORTED_CASES} cases`);
  const all = [...remarks, ...repeated(cases)];
  const more = all.length - MAX_REMARKS;
  return {
    cases: cases.map((one) => withCase(one, map)),
    remarks: more > 0 ? [...all.slice(0, MAX_REMARKS), `and ${more} more remarks`] : all,
  };
}

function withCase(one: ImportedCase, map: CaseMap): ImportedCase {
  const key = [`${one.suite}/${one.name}`, one.name].find((name) => Object.hasOwn(map, name));
  const standsFor = key === undefined ? undefined : map[key];
  return standsFor === undefined ? one : { ...one, standsFor };
}

/** Tries at one test that a harness counts one by one. */
function repeated(cases: readonly ImportedCase[]): readonly string[] {
  const seen = new Map<string, ImportedCase[]>();
  for (const one of cases) {
    const key = `${one.suite}/${one.name}`;
    seen.set(key, [...(seen.get(key) ?? []), one]);
  }
  return [...seen].flatMap(([key, all]) =>
    all.length === 1
      ? []
      : [`"${clip(key)}" is there ${all.length} times: ${all.map(({ finding }) => finding).join(', ')}`],
  );
}
