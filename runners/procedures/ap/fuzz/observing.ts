import type { Observation } from '../../../../src/evidence/observation.ts';
import { isJsonObject, type JsonObject } from '../../../../src/kernel/json.ts';
import { hex } from '../message-observation.ts';
import type { ApShape } from '../../../interfaces/ap/types.ts';
import type { FuzzCorpus, FuzzInput, FuzzState } from './inputs.ts';

/** Kinds of the observations of a campaign of mutated messages: what it was made of, each window of it, and inputs to keep. */
export const FUZZ_CORPUS = 'fuzz-corpus';
export const FUZZ_WINDOW = 'fuzz-window';
export const FUZZ_INPUT = 'fuzz-input';

/**
 * How the product was after some inputs: the valid message behind them was answered on the same association; the association was
 * ended and another one served; the association is up and nothing answers on it; no association served, for a time or for good.
 */
export const HEALTHS = ['served', 'reconnected', 'mute', 'away', 'gone'] as const;
export type Health = (typeof HEALTHS)[number];

export interface Window {
  readonly state: FuzzState;
  /** Numbers of the inputs, both included. */
  readonly from: number;
  readonly to: number;
  readonly sent: number;
  /** Messages that came back for them: answers, failures, error indications. */
  readonly answered: number;
  readonly health: Health;
  /** From the last input until the product was seen to serve, or was given up. */
  readonly probeMs: number;
  /** Whether one input was tried by itself, to tell it from the others of its window. */
  readonly single: boolean;
}

/** Why an input is kept: it is the one that did it, or one of a window of which no single one did. */
export type Kept = Health | 'suspect';

export function corpusData<S extends ApShape>(
  { templates, seed, spared }: FuzzCorpus<S>,
  more: { readonly iterations: number; readonly probeEvery: number; readonly states: readonly FuzzState[] },
): JsonObject {
  const shown = templates.map(({ name, states, bytes }) => ({
    name,
    states: [...states],
    bytes: hex(bytes),
  }));
  return { seed, ...more, states: [...more.states], spared: [...spared], templates: shown };
}

export function inputData(input: FuzzInput, kept: Kept): JsonObject {
  const { bytes, ...about } = input;
  return { ...about, kept, octets: bytes.length, bytes: hex(bytes) };
}

export interface SeenWindow extends Window {
  readonly n: number;
}

export interface SeenInput extends Omit<FuzzInput, 'bytes'> {
  readonly n: number;
  readonly kept: Kept;
  /** In hexadecimal. */
  readonly bytes: string;
}

export interface SeenCampaign {
  readonly n: number;
  readonly seed: number;
  readonly iterations: number;
  readonly windows: readonly SeenWindow[];
  readonly inputs: readonly SeenInput[];
}

/** Undefined when the case did not get there. */
export function campaignIn(observations: readonly Observation[]): SeenCampaign | undefined {
  const [corpus] = dataOf(observations, FUZZ_CORPUS) as unknown as readonly SeenCampaign[];
  if (corpus === undefined) return undefined;
  const { n, seed, iterations } = corpus;
  const windows = dataOf(observations, FUZZ_WINDOW) as unknown as readonly SeenWindow[];
  const inputs = dataOf(observations, FUZZ_INPUT) as unknown as readonly SeenInput[];
  return { n, seed, iterations, windows, inputs };
}

/** As the campaign has written them. */
function dataOf(observations: readonly Observation[], wanted: string): readonly JsonObject[] {
  return observations.flatMap(({ n, kind, data }) =>
    kind === wanted && isJsonObject(data) ? [{ ...data, n }] : [],
  );
}
