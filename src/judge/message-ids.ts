import type { Scalar } from '../domain/trace-property.ts';
import type { JudgedMessage } from './happening.ts';
import type { Program } from './program.ts';

/** What a property is judged for, of a message; `key` tells it from all else. */
export interface Ids {
  readonly key: string | number | boolean;
  readonly values: readonly Scalar[];
}

/** Properties of one protocol that are judged for the same ids. */
interface IdKind {
  readonly protocol: string;
  readonly paths: readonly string[];
  /** That a context has to hold for all of them. */
  numbers: number;
}

const NOTHING: Ids = { key: '', values: [] };

/** The kinds of ids that properties are judged for; many are judged for the same. */
export class IdKinds {
  readonly #kinds: IdKind[] = [];

  /** The place of its kind, and where in a context the slices of a property stand: two, each a number and then what it remembers. */
  register({ property: { protocol, forEvery }, memory }: Program): {
    readonly ids: number;
    readonly slicesAt: readonly [number, number];
  } {
    const text = JSON.stringify(forEvery);
    const isSame = (kind: IdKind): boolean =>
      kind.protocol === protocol && JSON.stringify(kind.paths) === text;
    const known = this.#kinds.findIndex(isSame);
    const ids = known >= 0 ? known : this.#kinds.push({ protocol, paths: forEvery, numbers: 0 }) - 1;
    const kind = this.#kinds[ids];
    const first = kind?.numbers ?? 0;
    if (kind !== undefined) kind.numbers += 2 * (1 + memory);
    return { ids, slicesAt: [first, first + 1 + memory] };
  }

  get all(): readonly Readonly<IdKind>[] {
    return this.#kinds;
  }

  /** That a context of these has to hold. */
  numbersOf(place: number): number {
    return this.#kinds[place]?.numbers ?? 0;
  }

  /** `undefined` when the message does not tell all of them. */
  of(message: JudgedMessage, place: number): Ids | undefined {
    return idsOf(message, this.#kinds[place]?.paths ?? []);
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
