import { reason, type Reason } from '../../kernel/errors.ts';
import type { Choice, Factor, PartialRow } from './model.ts';

/** Turns names into values, and notes every name that is not one. */
export interface Names {
  /** The values of each factor that is chosen from, in the order of the choice. */
  readonly choice: (choice: Choice, path: string) => readonly (readonly number[])[];
  readonly row: (row: PartialRow, path: string) => readonly number[];
  readonly factors: (names: readonly string[], path: string) => readonly number[];
}

/** @param problems gets what is wrong */
export function makeNames(factors: readonly Factor[], problems: Reason[]): Names {
  const numbers = new Map(factors.map(({ name }, index) => [name, index]));
  const values = new Map<string, ReadonlyMap<string, number>>();
  let next = 0;
  for (const { name, levels } of factors) values.set(name, new Map(levels.map((level) => [level, next++])));
  const complain = (text: string): void => void problems.push(reason('INPUT_INVALID', text));

  const choice: Names['choice'] = (chosen, path) =>
    Object.entries(chosen).map(([name, wanted]) => {
      const known = values.get(name);
      if (known === undefined) {
        complain(`${path}: there is no factor "${clip(name)}"`);
        return [];
      }
      const levels = typeof wanted === 'string' ? [wanted] : [...new Set(wanted)];
      if (levels.length === 0) complain(`${path}.${name}: no level is named`);
      return levels.flatMap((level) => {
        const value = known.get(level);
        if (value === undefined) complain(`${path}.${name}: there is no level "${clip(level)}"`);
        return value ?? [];
      });
    });

  return {
    choice,
    row: (row, path) => choice(row, path).flat(),
    factors: (names, path) => {
      if (new Set(names).size < names.length) complain(`${path}: a factor is named twice`);
      return names.flatMap((name) => {
        const index = numbers.get(name);
        if (index === undefined) complain(`${path}: there is no factor "${clip(name)}"`);
        return index ?? [];
      });
    },
  };
}

const MAX_NAME = 80;

/** Names come from outside; messages keep their size. */
export function clip(text: string): string {
  return text.length > MAX_NAME ? `${text.slice(0, MAX_NAME)}…` : text;
}
