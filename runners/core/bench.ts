import type { Equipment } from '../../src/domain/equipment.ts';
import type { PlanCase } from '../../src/domain/plan.ts';
import { capJson, sizeOf } from '../../src/evidence/cap.ts';
import type { Observation } from '../../src/evidence/observation.ts';
import type { Redactor } from '../../src/evidence/redact.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import type { Json } from '../../src/kernel/json.ts';
import type { Bench } from '../procedures/procedure.ts';
import { parametersOf, STIMULATED } from './execute-judge.ts';
import type { RunnerClock, RunSink } from './execute-ports.ts';
import { readSecret, type SecretPlace } from './secrets.ts';
import { Taps } from './taps.ts';

export const MAX_OBSERVATION_BYTES = 64 * 1024;
export const MAX_CASE_BYTES = 16 * 1024 * 1024;

export interface BenchParts {
  readonly planCase: PlanCase;
  readonly subjects: readonly Equipment[];
  readonly redactor: Redactor;
  readonly clock: RunnerClock;
  readonly sink: RunSink;
  /** Nowhere when it is left out. */
  readonly secrets?: SecretPlace;
  /** Scratch folder of the run. */
  readonly dir: string;
  /** Called at every observation: restarts the silence clock. */
  readonly progressed: () => void;
}

/** The bench of one case, and what came together on it. */
export interface CaseBench {
  readonly bench: Bench;
  readonly observations: readonly Observation[];
  readonly transports: Readonly<Record<string, string>>;
  readonly remarks: readonly string[];
  readonly taps: Taps;
  stimulated(): boolean;
  /** From now on everything throws: a procedure that goes on after its end changes nothing. */
  close(): void;
}

export function openBench(parts: BenchParts): CaseBench {
  const { planCase, subjects, redactor, sink, secrets: place = 'nowhere', dir: runDir } = parts;
  const record = new Recorder(parts);
  const transports: Record<string, string> = {};
  const taps = new Taps(parts.clock);
  const bench: Bench = {
    case: planCase,
    subjects,
    ...parametersOf(planCase),
    observe: (step, kind, data) => record.add({ step, kind, data }),
    stimulated: () => record.stimulated(),
    secret: async (ref) => {
      const secret = await readSecret(ref, { place, runDir });
      redactor.know(secret);
      return secret;
    },
    transport: (interfaceName, carriedBy) => {
      transports[interfaceName] = carriedBy;
    },
    tap: (interfaceName) => taps.of(interfaceName),
    ask: (text) => sink.log('info', `${planCase.id}: ${text}`),
  };
  return {
    bench,
    ...{ transports, taps },
    observations: record.observations,
    remarks: record.remarks,
    stimulated: () => record.reached,
    close: () => {
      record.closed = true;
      taps.close();
    },
  };
}

class Recorder {
  readonly observations: Observation[] = [];
  readonly remarks: string[] = [];
  reached = false;
  closed = false;
  #bytes = 0;
  #full = false;
  readonly #parts: BenchParts;
  readonly #startedMs: number;

  constructor(parts: BenchParts) {
    this.#parts = parts;
    this.#startedMs = parts.clock.elapsedMs();
  }

  add({ step, kind, data }: { step: string; kind: string; data: Json }): Observation {
    if (this.closed) throw new HarnessError('UNEXPECTED', 'the procedure observed after its case had ended');
    const { redactor, clock, progressed } = this.#parts;
    const capped = capJson(redactor.json(data), MAX_OBSERVATION_BYTES);
    const t = Math.round(clock.elapsedMs() - this.#startedMs) / 1000;
    const observation = { n: this.observations.length, t, step, kind, data: capped.data };
    if (capped.cut) this.#remark('an observation was cut to 64 KiB');
    this.#bytes += sizeOf(observation);
    // Nothing may follow what was left out, or the judge would see a hole without knowing it. The stimulus is no gap.
    this.#full ||= this.#bytes > MAX_CASE_BYTES;
    if (this.#full && kind !== STIMULATED) this.#remark('observations beyond 16 MiB were left out');
    else this.observations.push(observation);
    progressed();
    return observation;
  }

  stimulated(): void {
    if (this.reached) return;
    this.add({ step: 'stimulus', kind: STIMULATED, data: null });
    this.reached = true;
  }

  #remark(text: string): void {
    if (!this.remarks.includes(text)) this.remarks.push(text);
  }
}
