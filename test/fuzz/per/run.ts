import { PerError } from '../../../runners/interfaces/per/error.ts';
import { encodeValue } from '../../../runners/interfaces/per/interpret-encode.ts';
import {
  makeMutator,
  type Mutant,
  type Mutator,
  type Template,
} from '../../../runners/interfaces/per/mutate/mutate.ts';
import { RandomValues } from '../../../runners/interfaces/per/mutate/random-values.ts';
import type { Fuzzed, Fuzzer, FuzzOptions } from '../fuzzer.ts';
import { look } from './look.ts';
import type { Subject } from './subject.ts';

/** So many mutants are made of the same templates; the next ones of new ones. */
const TURN = 250;
const TEMPLATES = 12;
/** Larger templates only make the same slower; but fragments begin at 16 KiB, so one in every eighth turn may be that large. */
const USUAL_OCTETS = 600;
const TRIES = 12;
const LARGE_EVERY = 8;
const MOST_OCTETS = 60_000;
/** What takes longer is tried again by the clock of the processor, which other work on the machine does not move. */
const SLOW_MS = 500;
const MOST_GROWTH_MIB = 1_000;
const MOST_FINDINGS = 20;

/** What mutants are made of. */
export interface Material {
  /** The message of a protocol, and some that it is to begin with beside random ones. */
  readonly message: Subject;
  readonly samples: readonly Template[];
  /** What others put into such messages. */
  readonly parts: readonly Subject[];
}

/** Mutants for the generated decoders and the interpreter of the same schema. */
export function makeFuzzer(material: Material): Fuzzer {
  return (options) => fuzz(material, options);
}

async function fuzz(
  material: Material,
  { rounds, seed, onRound = () => undefined }: FuzzOptions,
): Promise<Fuzzed> {
  const tally = new Tally();
  // Most inputs are refused, and a stack for each would take longest of all.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const startedAt = performance.now();
  let turn: Turn | null = null;
  for (let index = 0; index < rounds && tally.findings.length < MOST_FINDINGS; index += 1) {
    if (turn === null || index % TURN === 0) {
      turn = turnOf(material, seed, index);
      tally.weighMemory(index);
    }
    tally.examine(turn.subject, turn.mutator(seed, index), `seed ${seed}, index ${index}`);
    onRound(index + 1);
  }
  Error.stackTraceLimit = stackTraceLimit;
  const perSecond = Math.round(rounds / ((performance.now() - startedAt) / 1_000));
  return Promise.resolve({ findings: tally.findings, figures: { rounds, ...tally.figures, perSecond } });
}

interface Turn {
  readonly subject: Subject;
  readonly mutator: Mutator;
}

/** Every second turn is one of the message, the others go round the parts; without parts, all are. */
function turnOf({ message, samples, parts }: Material, seed: number, index: number): Turn {
  const turn = Math.floor(index / TURN);
  const part = parts[Math.floor(turn / 2) % parts.length];
  const subject = turn % 2 === 0 || part === undefined ? message : part;
  const random = new RandomValues(subject.schema, (Math.imul(seed, 0x9e3779b1) ^ turn) >>> 0);
  const fixed = subject === message ? samples : [];
  const large = Math.floor(turn / 2) % LARGE_EVERY === 0;
  const most = (at: number): number => (large && at === 0 ? MOST_OCTETS : USUAL_OCTETS);
  const made = Array.from({ length: TEMPLATES }, (_, at) => template(subject, random, most(at)));
  const templates = [...fixed, ...made];
  return { subject, mutator: makeMutator({ ...subject, variant: 'aligned', templates }) };
}

/** The first random value that is no larger; of types that are seldom so small, the smallest of some. */
function template({ schema, type, name }: Subject, random: RandomValues, most: number): Template {
  let smallest: Uint8Array | null = null;
  for (let left = TRIES; left > 0 && (smallest === null || smallest.length > most); left -= 1) {
    const bytes = encodeValue(schema, 'aligned', { type, value: random.value(type) });
    if (smallest === null || bytes.length < smallest.length) smallest = bytes;
  }
  return { name, bytes: smallest ?? new Uint8Array() };
}

class Tally {
  readonly findings: string[] = [];
  /** The suite runs this in a process that has done other things. */
  readonly #startMiB = inUseMiB();
  readonly figures = { accepted: 0, octets: 0, largestOctets: 0, slowestMs: 0, rssMiB: 0 };

  weighMemory(index: number): void {
    const rssMiB = inUseMiB();
    this.figures.rssMiB = Math.max(this.figures.rssMiB, rssMiB);
    const grown = rssMiB - this.#startMiB;
    if (grown > MOST_GROWTH_MIB) this.findings.push(`${grown} MiB more are in use before index ${index}`);
  }

  examine(subject: Subject, { name, bytes }: Mutant, where: string): void {
    const { figures } = this;
    const { accepted, wrong, tookMs } = timed(subject, bytes);
    figures.accepted += accepted ? 1 : 0;
    figures.octets += bytes.length;
    figures.largestOctets = Math.max(figures.largestOctets, bytes.length);
    figures.slowestMs = Math.max(figures.slowestMs, Math.round(tookMs));
    const slow = tookMs > SLOW_MS && processorMs(subject, bytes) > SLOW_MS;
    for (const what of slow ? [...wrong, `it takes ${tookMs} ms`] : wrong)
      this.findings.push(`${where}: ${subject.name}: ${what}: ${name}: ${hex(bytes)}`);
  }
}

interface Timed {
  readonly accepted: boolean;
  readonly wrong: readonly string[];
  readonly tookMs: number;
}

function timed(subject: Subject, bytes: Uint8Array): Timed {
  const startedAt = performance.now();
  try {
    return { ...look(subject, bytes), tookMs: performance.now() - startedAt };
  } catch (error) {
    // A crash is what is looked for: it is told with the input, and the run goes on.
    const wrong = [`${error instanceof PerError ? error.code : 'crash'}: ${String(error)}`];
    return { accepted: false, wrong, tookMs: performance.now() - startedAt };
  }
}

function processorMs(subject: Subject, bytes: Uint8Array): number {
  const before = process.cpuUsage();
  timed(subject, bytes);
  return process.cpuUsage(before).user / 1_000;
}

const MOST_SHOWN = 2_000;

function hex(bytes: Uint8Array): string {
  const shown = Buffer.from(bytes.subarray(0, MOST_SHOWN)).toString('hex');
  return bytes.length > MOST_SHOWN ? `${shown}… (${bytes.length} octets)` : shown;
}

function inUseMiB(): number {
  return Math.round(process.memoryUsage.rss() / 1024 / 1024);
}
