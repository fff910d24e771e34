import type { ImportedResults } from '../input.ts';
import { HarnessError } from '../../kernel/errors.ts';

export type ReadResults = Pick<ImportedResults, 'cases' | 'remarks'>;

export function malformed(text: string, cause?: unknown): HarnessError {
  return new HarnessError('IMPORT_MALFORMED', `the results cannot be read: ${text}`, { cause });
}

export function clip(text: string, length = 200): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
