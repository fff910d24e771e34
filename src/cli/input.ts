import { type Problem, renderProblem } from '../documents/problem.ts';
import { readSource, type Source } from '../documents/source.ts';
import { HarnessError } from '../kernel/errors.ts';
import type { Result } from '../kernel/result.ts';

/** The document in a file, or `INPUT_INVALID` with every problem, a line each. */
export async function readDocument<T>(
  path: string,
  parse: (source: Source) => Result<T, readonly Problem[]>,
): Promise<T> {
  const source = await readSource(path);
  return valueOf(source.ok ? parse(source.value) : source, path);
}

export function valueOf<T>(parsed: Result<T, readonly Problem[]>, path: string): T {
  if (parsed.ok) return parsed.value;
  const lines = parsed.error.map((problem) => `\n  ${renderProblem(problem)}`);
  throw new HarnessError('INPUT_INVALID', `${path} has mistakes:${lines.join('')}\n`);
}

/** `90s`, `15m`, `12h` or `30d`, in milliseconds; `WRONG_USE` for anything else. */
export function parseDuration(text: string): number {
  const parts = /^(?<count>[1-9]\d{0,5})(?<unit>[smhd])$/u.exec(text)?.groups;
  if (parts === undefined)
    throw new HarnessError('WRONG_USE', `"${text}" is not a time such as 90s, 15m, 12h, 30d`);
  return Number(parts['count']) * (UNIT_MS[parts['unit'] ?? ''] ?? 0);
}

/** A whole number from 1 to 1000; `WRONG_USE` for anything else. */
export function parseCount(text: string): number {
  const count = /^\d{1,4}$/u.test(text) ? Number(text) : 0;
  if (count < 1 || count > 1000)
    throw new HarnessError('WRONG_USE', `"${text}" is not a number from 1 to 1000`);
  return count;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
