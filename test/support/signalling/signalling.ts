import { makeRandom } from '../../../src/planning/random.ts';
import { type Line, type Speech, SPEECHES } from './dialogues.ts';
import { DueList } from './due-list.ts';
import { Octets } from './octets.ts';
import { type Passed, Wire } from './wire.ts';

export interface SignallingOptions {
  readonly seed: number;
  /** How many associations of each protocol there are. */
  readonly associations?: number;
  /** Dialogues that an association has at the same time. */
  readonly atOnce?: number;
  readonly speeches?: readonly Speech[];
  /** No dialogue begins when this says no; it is asked with the octets of IP so far. */
  readonly goesOn: (octets: number) => boolean;
}

interface Talk {
  readonly wire: Wire;
  readonly speech: Speech;
  /** Dialogues so far. */
  begun: number;
  open: number;
}

interface Turn {
  readonly talk: Talk;
  readonly lines: readonly Line[];
  readonly stream: number;
  next: number;
}

const STREAMS_OF_UES = 15;
/** Longer than any time in the catalogue but those to wait after a refusal. */
const QUIET_MS = 11_000;

/**
 * What many pairs of products say to each other, in the order in which it passes: every rule of the catalogue that is touched is
 * kept, and at the end nothing is open.
 */
export class Signalling {
  readonly #options: Required<SignallingOptions>;
  readonly #random: () => number;
  readonly #octets: Octets;
  readonly #due = new DueList<Turn>();
  #bytes = 0;

  constructor(options: SignallingOptions) {
    this.#options = { associations: 1, atOnce: 4, speeches: SPEECHES, ...options };
    const random = makeRandom(options.seed);
    this.#random = () => random.below(1_000_000) / 1_000_000;
    this.#octets = new Octets(options.seed);
  }

  *packets(): Generator<Passed, void, undefined> {
    const talks = this.#talks();
    for (const [index, talk] of talks.entries()) {
      yield* this.#told(talk.wire.open(index));
      this.#due.add(index + 1, { talk, lines: talk.speech.opening, stream: 0, next: 0 });
    }
    const doneMs = yield* this.#dialogues(0);
    for (const [index, talk] of talks.entries())
      this.#due.add(doneMs + QUIET_MS + index, { talk, lines: talk.speech.closing, stream: 0, next: 0 });
    const closedMs = yield* this.#dialogues(doneMs);
    for (const [index, { wire }] of talks.entries())
      yield* this.#told(wire.close(closedMs + QUIET_MS + index));
  }

  #talks(): readonly Talk[] {
    const { associations, speeches } = this.#options;
    return Array.from({ length: associations }, () => speeches)
      .flat()
      .map((speech, number) => ({ wire: new Wire(speech.protocol, number), speech, begun: 0, open: 0 }));
  }

  /** Until nothing is due. @returns when the last message passed */
  *#dialogues(fromMs: number): Generator<Passed, number, undefined> {
    let lastMs = fromMs;
    for (let due = this.#due.take(); due !== undefined; due = this.#due.take()) {
      const { atMs, item: turn } = due;
      const line = turn.lines[turn.next];
      if (line === undefined) continue;
      const { talk, stream } = turn;
      const bytes = this.#octets.of(talk.speech.protocol, line.name, line.said);
      yield* this.#told(talk.wire.message(atMs, line.by, { stream, bytes }));
      lastMs = atMs;
      turn.next += 1;
      if (turn.next < turn.lines.length) this.#due.add(atMs + this.#pauseMs(), turn);
      else this.#ended(turn, atMs);
    }
    return lastMs;
  }

  #ended({ talk, lines }: Turn, atMs: number): void {
    const { speech } = talk;
    if (lines === speech.closing) return;
    talk.open = lines === speech.opening ? 0 : talk.open - 1;
    while (talk.open < this.#options.atOnce && this.#options.goesOn(this.#bytes)) {
      const n = talk.begun;
      talk.begun += 1;
      talk.open += 1;
      const turn = { talk, lines: speech.dialogue(n), stream: 1 + (n % STREAMS_OF_UES), next: 0 };
      this.#due.add(atMs + this.#pauseMs(), turn);
    }
  }

  #pauseMs(): number {
    return 2 + 40 * this.#random();
  }

  *#told(packets: readonly Passed[]): Generator<Passed, void, undefined> {
    for (const packet of packets) {
      this.#bytes += packet.bytes.length;
      yield packet;
    }
  }
}
