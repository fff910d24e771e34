import type { Observation } from '../../../src/evidence/observation.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import type { SeenPdu } from '../ap/seen-messages.ts';
import { HOOK } from '../hook.ts';
import { LINK_NAMES, type LinkName, LINKS } from './links.ts';
import { CLEAN_UP, stepOf, type Step, STEPS } from './steps.ts';

export type Pdus = Readonly<Record<LinkName, readonly SeenPdu[]>>;

/** What a case saw of one registration. */
export interface SeenRound {
  readonly n: number;
  /** From the first step of the round to the last. */
  readonly pdus: Pdus;
  /** Those of one step of it. */
  readonly inStep: (step: Step) => Pdus;
  /** What the hook of the UE said to the order of a step; null when there was none. */
  readonly answer: (step: Step) => HookAnswer | null;
}

export interface HookAnswer {
  /** Of the observation. */
  readonly n: number;
  readonly status: Json | undefined;
  readonly body: Json | undefined;
}

/** Every message on every interface, decoded again, but for what products say while they are told to go. */
export function pdusIn(observations: readonly Observation[]): Pdus {
  const [ng, e1, f1] = LINK_NAMES.map((name) =>
    LINKS[name].seen(observations).filter(({ step }) => step !== CLEAN_UP),
  );
  return { ng: ng ?? [], e1: e1 ?? [], f1: f1 ?? [] };
}

/** The registrations that were begun, in their order. */
export function roundsIn(observations: readonly Observation[], pdus: Pdus): readonly SeenRound[] {
  const steps = new Set(observations.map(({ step }) => step));
  const rounds: SeenRound[] = [];
  for (let n = 1; steps.has(stepOf('registration', n)); n += 1)
    rounds.push({
      n,
      pdus: within(pdus, new Set(STEPS.map((step) => stepOf(step, n)))),
      inStep: (step) => within(pdus, new Set([stepOf(step, n)])),
      answer: (step) => answerIn(observations, stepOf(step, n)),
    });
  return rounds;
}

function within(pdus: Pdus, steps: ReadonlySet<string>): Pdus {
  const those = (of: readonly SeenPdu[]): readonly SeenPdu[] => of.filter(({ step }) => steps.has(step));
  return { ng: those(pdus.ng), f1: those(pdus.f1), e1: those(pdus.e1) };
}

function answerIn(observations: readonly Observation[], step: string): HookAnswer | null {
  const found = observations.find((each) => each.kind === HOOK && each.step === step);
  if (found === undefined || !isJsonObject(found.data)) return null;
  const { status, body } = found.data;
  return { n: found.n, status, body };
}
