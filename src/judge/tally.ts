import type { TraceProperty } from '../domain/trace-property.ts';
import type { Instance, PropertyFinding } from './finding.ts';

/** Of each kind, so many are kept: those that were decided first, by the time of the trace. */
export const MAX_SHOWN = 10;

/** Counts how a property has fared, and keeps the first messages that show it. */
export class Tally {
  readonly #property: TraceProperty;
  readonly #violations: Instance[] = [];
  readonly #doubts: Instance[] = [];
  #held = 0;
  #broken = 0;
  #undecided = 0;

  constructor(property: TraceProperty) {
    this.#property = property;
  }

  held(): void {
    this.#held += 1;
  }

  broken(instance: Instance): void {
    this.#broken += 1;
    keepFirst(this.#violations, instance);
  }

  undecided(instance: Instance): void {
    this.#undecided += 1;
    keepFirst(this.#doubts, instance);
  }

  finding(): PropertyFinding {
    const counts = { held: this.#held, broken: this.#broken, undecided: this.#undecided };
    const [violations, doubts] = [[...this.#violations], [...this.#doubts]];
    return { property: this.#property, verdict: verdictOf(counts), ...counts, violations, doubts };
  }
}

type Counts = Pick<PropertyFinding, 'held' | 'broken' | 'undecided'>;

function verdictOf({ held, broken, undecided }: Counts): PropertyFinding['verdict'] {
  return broken > 0 ? 'fail' : undecided > 0 ? 'inconc' : held > 0 ? 'pass' : 'none';
}

/** What several judges have found of a property, each in associations of its own. */
export function together(findings: readonly [PropertyFinding, ...PropertyFinding[]]): PropertyFinding {
  const sum = (count: keyof Counts): number => findings.reduce((total, finding) => total + finding[count], 0);
  const counts = { held: sum('held'), broken: sum('broken'), undecided: sum('undecided') };
  const first = (kind: 'violations' | 'doubts'): readonly Instance[] => {
    const kept: Instance[] = [];
    for (const finding of findings) for (const instance of finding[kind]) keepFirst(kept, instance);
    return kept;
  };
  const [{ property }] = findings;
  return {
    ...{ property, verdict: verdictOf(counts), ...counts },
    ...{ violations: first('violations'), doubts: first('doubts') },
  };
}

function keepFirst(kept: Instance[], instance: Instance): void {
  let at = kept.length;
  while (at > 0 && isBefore(instance, kept[at - 1] ?? instance)) at -= 1;
  if (at === MAX_SHOWN) return;
  kept.splice(at, 0, instance);
  if (kept.length > MAX_SHOWN) kept.pop();
}

function isBefore(a: Instance, b: Instance): boolean {
  return a.atMs === b.atMs ? a.trigger.n < b.trigger.n : a.atMs < b.atMs;
}
