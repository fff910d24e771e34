import type { CaseRecord } from '../domain/case-record.ts';
import type { CaseId, Instant } from '../domain/ids.ts';
import { caseRecordFromWire, caseRecordToWire } from './case-record-codec.ts';
import { type Codec, makeCodec } from './codec.ts';
import { type LogLevel, logLevelEnum } from './enums.ts';
import { count, each, FieldProblem, freeText, ordinal, part } from './fields.ts';
import { patchbay } from './gen/patchbay.js';
import { MAX_BATCH_OBSERVATIONS, MAX_LOG_TEXT, MAX_OBSERVATION_BYTES } from './limits.ts';
import { caseIdFromWire, runRefFromWire, type RunRef } from './parts.ts';

type Wire = patchbay.v1.RunObservation.$Properties;

/** One numbered fact about a run; `seq` counts up from 1 within the run. */
export type RunObservation = { readonly seq: number; readonly at: Instant } & ObservationBody;

export type ObservationBody =
  | { readonly kind: 'caseStarted'; readonly case: CaseId }
  | { readonly kind: 'caseRecord'; readonly record: CaseRecord }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly text: string };

/** Observations of one run, in order and without a gap. */
export interface ObservationBatch extends RunRef {
  readonly observations: readonly RunObservation[];
}

export function batchFromWire(wire: patchbay.v1.ObservationBatch.$Properties): ObservationBatch {
  const ref = runRefFromWire(wire);
  const limit = { field: 'observations', max: MAX_BATCH_OBSERVATIONS };
  let expected = 0;
  const observations = each(wire.observations, limit, (item) => {
    const observation = observationFromWire(item, ref);
    if (expected !== 0 && observation.seq !== expected) throw new FieldProblem('seq', `is not ${expected}`);
    expected = observation.seq + 1;
    return observation;
  });
  return { ...ref, observations };
}

export function batchToWire(batch: ObservationBatch): patchbay.v1.ObservationBatch.$Properties {
  const { run, fence, observations } = batch;
  return { run, fence, observations: observations.map(observationToWire) };
}

/** One observation by itself, as a spool keeps it. Its run and fence are those of the spool. */
export function observationCodec(ref: RunRef): Codec<RunObservation> {
  return makeCodec({
    name: 'RunObservation',
    maxBytes: MAX_OBSERVATION_BYTES,
    wire: patchbay.v1.RunObservation,
    toWire: observationToWire,
    fromWire: (wire: Wire) => observationFromWire(wire, ref),
  });
}

function observationFromWire(wire: Wire, ref: RunRef): RunObservation {
  const head = { seq: ordinal(wire.seq, 'seq'), at: count(wire.atMs, 'at_ms') as Instant };
  if (wire.caseRecord) {
    const record = part(wire.caseRecord, 'case_record', (item) => caseRecordFromWire(item, ref));
    return { ...head, kind: 'caseRecord', record };
  }
  if (wire.caseStarted) {
    const caseId = part(wire.caseStarted, 'case_started', (item) => caseIdFromWire(item.caseId));
    return { ...head, kind: 'caseStarted', case: caseId };
  }
  return part(wire.log, 'body', ({ level, text }) => ({
    ...head,
    kind: 'log',
    level: logLevelEnum.fromWire(level, 'level'),
    text: freeText(text, 'text', MAX_LOG_TEXT),
  }));
}

function observationToWire(observation: RunObservation): Wire {
  const head = { seq: observation.seq, atMs: observation.at };
  switch (observation.kind) {
    case 'caseStarted':
      return { ...head, caseStarted: { caseId: observation.case } };
    case 'caseRecord':
      return { ...head, caseRecord: caseRecordToWire(observation.record) };
    case 'log':
      return { ...head, log: { level: logLevelEnum.toWire(observation.level), text: observation.text } };
  }
}
