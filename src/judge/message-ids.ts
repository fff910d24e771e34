import type { Scalar } from '../domain/trace-property.ts';
import type { JudgedMessage } from './happening.ts';

/** What a property is judged for, of a message; `key` tells it from all else. */
export interface Ids {
  readonly key: string | number | boolean;
  readonly values: readonly Scalar[];
}

const NOTHING: Ids = { key: '', values: [] };

/** The kinds of ids that properties are judged for; many are judged for the same. */
export class IdKinds {
  readonly #paths: (readonly string[])[] = [];

  /** The place of a list of paths. */
  register(paths: readonly string[]): number {
    const text = JSON.stringify(paths);
    const known = this.#paths.findIndex((one) => JSON.stringify(one) === text);
    return known >= 0 ? known : this.#paths.push(paths) - 1;
  }

  get all(): readonly (readonly string[])[] {
    return this.#paths;
  }

  /** `undefined` when the message does not tell all of them. */
  of(message: JudgedMessage, place: number): Ids | undefined {
    return idsOf(message, this.#paths[place] ?? []);
  }
}

function idsOf(message: JudgedMessage, paths: readonly string[]): Ids | undefined {
  if (paths.length === 0) return NOTHING;
  const values: Scalar[] = [];
  for (const path of paths) {
    const value = message.value(path);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return { key: keyOf(values), values };
}

/** Two numbers are what most messages tell; no list in JSON begins like that. */
export function keyOf(values: readonly Scalar[]): Ids['key'] {
  const [first, second] = values;
  if (values.length <= 1) return first ?? '';
  const areNumbers = typeof first === 'number' && typeof second === 'number' && values.length === 2;
  return areNumbers ? `${first} ${second}` : JSON.stringify(values);
}
