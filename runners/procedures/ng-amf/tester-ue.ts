import type { RanFact } from '../../simulators/gnb/core.ts';
import type { RanUe } from '../../simulators/gnb/ran-ue.ts';
import type { SNssai } from '../../interfaces/nas/values.ts';

export interface TesterUeParts {
  readonly name: string;
  readonly ue: RanUe;
  readonly signal: AbortSignal;
  readonly withinMs: number;
  readonly dnn: string;
  readonly slice: SNssai | undefined;
  /** What is seen from now on belongs to that step. */
  readonly enter: (step: string) => void;
}

/** What may come between the messages of a registration; each has its time to answer. */
const REGISTRATION_ROUNDS = 4;

/** A UE of the tester. */
export class TesterUe {
  readonly #parts: TesterUeParts;

  constructor(parts: TesterUeParts) {
    this.#parts = parts;
  }

  /** As the evidence calls it. */
  get name(): string {
    return this.#parts.name;
  }

  get ran(): RanUe {
    return this.#parts.ue;
  }

  get imsi(): string {
    return this.#parts.ue.imsi;
  }

  /** Whether it registered; false as soon as it was refused. */
  async register(step: string): Promise<boolean> {
    const ends = ['registered', 'refused', 'security-refused', 'released'] as const;
    const end = await this.#do(step, () => this.ran.ue.register(), { ends, rounds: REGISTRATION_ROUNDS });
    return end?.fact === 'registered';
  }

  async deregister(step: string): Promise<boolean> {
    const end = await this.#do(step, () => this.ran.ue.deregister(), { ends: ['deregistered'] });
    if (end === null) return false;
    return (await this.until(step, ['released'])) !== null;
  }

  /** A session to the data network of the IXIT, or another. */
  async establish(step: string, { id = 1, dnn = this.#parts.dnn } = {}): Promise<boolean> {
    const { slice } = this.#parts;
    const wanted = { id, dnn, ...(slice === undefined ? {} : { slice }) };
    const ends = ['session-up', 'session-refused'] as const;
    const end = await this.#do(step, () => this.ran.ue.establishSession(wanted), { ends, rounds: 2 });
    return end?.fact === 'session-up';
  }

  async release(step: string, id = 1): Promise<boolean> {
    const end = await this.#do(step, () => this.ran.ue.releaseSession(id), { ends: ['session-down'] });
    return end !== null;
  }

  /** Milliseconds until the user plane has answered an echo request. @throws HarnessError DEADLINE */
  async echo(step: string, id = 1): Promise<number> {
    const { enter, withinMs, signal } = this.#parts;
    enter(step);
    return this.ran.echo(id, { withinMs, signal });
  }

  /** Milliseconds; null: nothing came back. */
  async ping(step: string, to: string, id = 1): Promise<number | null> {
    const { enter, withinMs, signal } = this.#parts;
    enter(step);
    return this.ran.ping(id, { to, withinMs, signal });
  }

  /** The first of these that happens from now on, or since `from`. */
  async until(
    step: string,
    ends: readonly RanFact['fact'][],
    { rounds = 1, from = 0 }: { readonly rounds?: number; readonly from?: number } = {},
  ): Promise<RanFact | null> {
    const { enter, withinMs, signal } = this.#parts;
    enter(step);
    return this.ran.waitFor(({ fact }) => ends.includes(fact), { withinMs: withinMs * rounds, signal, from });
  }

  /** Acts, and waits for one of the ends. */
  async #do(
    step: string,
    act: () => Parameters<RanUe['run']>[0],
    { ends, rounds = 1 }: { readonly ends: readonly RanFact['fact'][]; readonly rounds?: number },
  ): Promise<RanFact | null> {
    const from = this.ran.facts.length;
    this.#parts.enter(step);
    this.ran.run(act());
    return this.until(step, ends, { rounds, from });
  }
}
