import { pause } from '../../../../src/kernel/deadline.ts';
import type { PduEntry } from '../../../interfaces/ap/journal.ts';
import type { ApMessage, ApShape } from '../../../interfaces/ap/types.ts';
import type { Bench, ParameterSpec } from '../../procedure.ts';
import type { ApLink } from '../link.ts';
import { AFTER_SETUP, type FuzzCorpus, type FuzzInput, type FuzzState, makeFuzzInputs } from './inputs.ts';
import {
  corpusData,
  FUZZ_CORPUS,
  FUZZ_INPUT,
  FUZZ_WINDOW,
  type Health,
  inputData,
  type Kept,
  type Window,
} from './observing.ts';

const count = (about: string): ParameterSpec => ({ type: 'number', unit: 'count', about });

export const FUZZING: Readonly<Record<string, ParameterSpec>> = {
  iterations: count('how many mutated messages are sent'),
  probeEvery: count('after how many of them the product has to serve'),
  seed: { type: 'number', unit: 'seed', about: 'the same one gives the same messages' },
  recoverMs: { type: 'number', unit: 'ms', about: 'how long a product that is gone is waited for' },
};

const FUZZ = 'fuzz';
const TRY_AGAIN_MS = 100;
/** Inputs that end an association are no fault of themselves: some of them are kept to look at. */
const MOST_ENDING_KEPT = 20;

/** One association with the product, in a state. */
export interface FuzzSession<S extends ApShape> {
  readonly state: FuzzState;
  readonly link: ApLink<S>;
  /** A message that every product answers. True when it did; it had its time when it did not. */
  probe(): Promise<boolean>;
}

/** How a campaign gets at the product. */
export interface FuzzPort<S extends ApShape> {
  readonly bench: Bench;
  readonly signal: AbortSignal;
  /** Those that the product can be brought to. */
  readonly states: readonly FuzzState[];
  /** A new association in that state, or as near to it as the product lets; null when it does not serve. */
  enter(state: FuzzState): Promise<FuzzSession<S> | null>;
}

/**
 * Sends mutated messages, some on each association, and looks after each of these windows whether the product serves. The inputs of
 * a window after which something was wrong are sent again one by one. Ends with the first loss of service.
 */
export async function fuzz<S extends ApShape>(port: FuzzPort<S>, corpus: FuzzCorpus<S>): Promise<void> {
  const { bench, states } = port;
  const [iterations, probeEvery] = [bench.number('iterations'), bench.number('probeEvery')];
  bench.observe(FUZZ, FUZZ_CORPUS, corpusData(corpus, { iterations, probeEvery, states }));
  const inputs = makeFuzzInputs(corpus);
  const campaign = new Campaign(port);
  for (let from = 0; from < iterations; from += probeEvery) {
    const state = states[Math.floor(from / probeEvery) % states.length] ?? AFTER_SETUP;
    const size = Math.min(probeEvery, iterations - from);
    const window = Array.from({ length: size }, (_, at) => inputs(state, from + at));
    if (!(await campaign.window(window))) return;
  }
}

class Campaign<S extends ApShape> {
  readonly #port: FuzzPort<S>;
  #endingKept = 0;

  constructor(port: FuzzPort<S>) {
    this.#port = port;
  }

  /** False when the product lost its service. */
  async window(inputs: readonly FuzzInput[]): Promise<boolean> {
    const { health } = await this.#send(inputs, false);
    if (health === 'served') return true;
    const isFine = health === 'reconnected';
    const isFound = health !== 'gone' && (await this.#oneByOne(inputs));
    if (isFound) return false;
    if (!isFine) for (const input of inputs) this.#keep(input, 'suspect');
    return isFine;
  }

  /** Whether an input was found that takes the service away by itself. */
  async #oneByOne(inputs: readonly FuzzInput[]): Promise<boolean> {
    for (const input of inputs) {
      const { health, sent } = await this.#send([input], true);
      if (health === 'served') continue;
      if (health !== 'reconnected') {
        this.#keep(input, sent === 0 ? 'suspect' : health);
        return true;
      }
      this.#endingKept += 1;
      if (this.#endingKept <= MOST_ENDING_KEPT) this.#keep(input, health);
    }
    return false;
  }

  async #send(inputs: readonly FuzzInput[], single: boolean): Promise<Window> {
    const [first, last] = [inputs[0], inputs.at(-1)];
    if (first === undefined || last === undefined) throw new TypeError('a window without inputs');
    const about = { from: first.index, to: last.index, single };
    const session = await this.#port.enter(first.state);
    if (session === null) return this.#unsent({ ...about, state: first.state });
    const { link, state } = session;
    const from = link.next;
    for (const { bytes } of inputs) await link.sendBytes(FUZZ, bytes);
    const startedMs = performance.now();
    const sentTo = link.next;
    const answers = await session.probe();
    const isOver = link.peer.isOver;
    const answered = Math.min(answersIn(link.peer.journal.entries, [from, sentTo]), inputs.length);
    await link.close();
    const health = answers ? 'served' : await this.#afterwards(isOver);
    const probeMs = Math.round(performance.now() - startedMs);
    return this.#told({ ...about, state, sent: inputs.length, answered, health, probeMs });
  }

  /** The state was not reached: the product is gone, or it is one that it does not let anybody into this time. */
  async #unsent(about: Pick<Window, 'from' | 'to' | 'single' | 'state'>): Promise<Window> {
    const startedMs = performance.now();
    const found = await this.#afterwards(true);
    const health = found === 'reconnected' ? 'served' : found;
    const probeMs = Math.round(performance.now() - startedMs);
    return this.#told({ ...about, sent: 0, answered: 0, health, probeMs });
  }

  /** Nothing was answered where the inputs were sent: whether another association serves. */
  async #afterwards(isOver: boolean): Promise<Health> {
    if (await this.#serves()) return isOver ? 'reconnected' : 'mute';
    const { bench, signal } = this.#port;
    for (const until = performance.now() + bench.number('recoverMs'); performance.now() < until;) {
      await pause(TRY_AGAIN_MS, { signal });
      if (await this.#serves()) return 'away';
    }
    return 'gone';
  }

  async #serves(): Promise<boolean> {
    const session = await this.#port.enter(AFTER_SETUP);
    if (session === null) return false;
    const answers = await session.probe();
    await session.link.close();
    return answers;
  }

  #told(window: Window): Window {
    this.#port.bench.observe(FUZZ, FUZZ_WINDOW, { ...window });
    return window;
  }

  #keep(input: FuzzInput, kept: Kept): void {
    this.#port.bench.observe(FUZZ, FUZZ_INPUT, inputData(input, kept));
  }
}

/** How many messages came for the inputs. */
function answersIn(
  entries: readonly Pick<PduEntry<unknown>, 'n' | 'direction' | 'decoded'>[],
  [from, sentTo]: readonly [number, number],
): number {
  const received = entries.filter(({ n, direction }) => direction === 'received' && n >= from);
  const answers = received.filter(isReaction);
  // The last one is that of the valid message behind them.
  return Math.max(0, answers.length - (answers.some(({ n }) => n > sentTo) ? 1 : 0));
}

/** What comes because something was sent: what the product begins by itself does not count. */
export function isReaction({ decoded }: Pick<PduEntry<unknown>, 'decoded'>): boolean {
  const message = decoded.message as ApMessage | null;
  return message === null || message.kind !== 'initiating' || message.name === 'ErrorIndication';
}
