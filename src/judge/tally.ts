import type { TraceProperty } from '../domain/trace-property.ts';
import type { Instance, PropertyFinding } from './finding.ts';

/** Of each kind, the first so many messages are kept. */
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
    if (this.#violations.length < MAX_SHOWN) this.#violations.push(instance);
  }

  undecided(instance: Instance): void {
    this.#undecided += 1;
    if (this.#doubts.length < MAX_SHOWN) this.#doubts.push(instance);
  }

  finding(): PropertyFinding {
    const [held, broken, undecided] = [this.#held, this.#broken, this.#undecided];
    const verdict = broken > 0 ? 'fail' : undecided > 0 ? 'inconc' : held > 0 ? 'pass' : 'none';
    return {
      ...{ property: this.#property, verdict, held, broken, undecided },
      violations: [...this.#violations].sort((a, b) => a.atMs - b.atMs),
      doubts: [...this.#doubts],
    };
  }
}
