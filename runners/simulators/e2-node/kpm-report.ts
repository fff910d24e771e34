import { cellText, sliceText, type UeId } from '../../interfaces/e2sm/identity.ts';
import { isKnownMeasurement } from '../../interfaces/e2sm/kpm/measurements.ts';
import type {
  KpmAction,
  KpmMessage,
  KpmValue,
  Label,
  Measurement,
  Report,
  Subscription,
  ValueRecord,
} from '../../interfaces/e2sm/kpm/types.ts';
import { measured, type Subject } from '../ran-model/measure.ts';
import { type Observation, observe } from '../ran-model/observe.ts';
import type { RanModel } from '../ran-model/types.ts';
import { connectedUes, ueIdFor, ueNumber, type UeFacts } from '../ran-model/ue-facts.ts';
import type { E2NodeKind } from './settings.ts';
import { matchesAll } from './ue-conditions.ts';

/** What is reported, of a time that is over. */
export interface ReportJob {
  readonly model: RanModel;
  readonly kind: E2NodeKind;
  readonly plmn: string;
  readonly action: KpmAction;
  /** Milliseconds since 1970; a whole number of granularity periods lies between them. */
  readonly fromMs: number;
  readonly toMs: number;
}

const NO_VALUE: KpmValue = { noValue: null };

/** The message of one reporting period; `null` when no UE is there to report of. */
export function kpmMessage(job: ReportJob): KpmMessage | null {
  const { action } = job;
  switch (action.format) {
    case 1:
      return { format: 1, report: reportOf(job, action.subscription, {}) };
    case 2: {
      const ue = ueNumber(action.ue) ?? 0;
      return { format: 1, report: reportOf(job, action.subscription, { ue }) };
    }
    case 3:
      return conditionalMessage(job, action);
    case 4: {
      const conditions = action.conditions.map(({ test, or }) => ({ test, or }));
      const ues = connectedUes(job.model, job.fromMs).filter((ue) => matchesAll(ue, conditions));
      return ueMessage(
        job,
        action.subscription,
        ues.map(({ ue }) => ueIdFor(job.kind, ue, job.plmn)),
      );
    }
    case 5:
      return ueMessage(job, action.subscription, action.ues);
  }
}

/** Whether the node can measure all that is wanted; names only: the function definition gives no numbers. */
export function canMeasure(action: KpmAction): boolean {
  const wanted = action.format === 3 ? action.measurements : action.subscription.measurements;
  return wanted.every(({ measurement }) => 'name' in measurement && isKnownMeasurement(measurement.name));
}

export function granularityOf(action: KpmAction): number {
  return action.format === 3 ? action.granularityMs : action.subscription.granularityMs;
}

function ueMessage(job: ReportJob, subscription: Subscription, ues: readonly UeId[]): KpmMessage | null {
  if (ues.length === 0) return null;
  const reports = ues.map((ue) => ({
    ue,
    report: reportOf(job, subscription, { ue: ueNumber(ue) ?? 0 }),
  }));
  return { format: 3, reports };
}

function reportOf(job: ReportJob, subscription: Subscription, of: Subject): Report {
  const { measurements, granularityMs, cell } = subscription;
  const subject = cell === undefined ? of : { ...of, cell: cellText(cell) };
  const records = periodsOf(job).map((observation): ValueRecord => {
    const values = measurements.flatMap(({ measurement, labels }) =>
      labels.map((label) => valueOf(job, observation, { measurement, of: labelled(subject, label) })),
    );
    return { values, incomplete: false };
  });
  return { records, measurements, granularityMs };
}

function conditionalMessage(job: ReportJob, action: Extract<KpmAction, { format: 3 }>): KpmMessage {
  const facts = connectedUes(job.model, job.fromMs).filter(
    ({ cell }) => action.cell === undefined || cellText(action.cell) === cell,
  );
  const matched = action.measurements.map((each) => ({
    each,
    ues: facts.filter((ue) => matchesAll(ue, each.conditions)),
  }));
  const records = periodsOf(job).map((observation): ValueRecord => ({
    values: matched.map(({ each: { measurement }, ues }) =>
      valueOf(job, onlyOf(observation, ues), { measurement, of: {} }),
    ),
    incomplete: false,
  }));
  const measurements = matched.map(({ each: { measurement, conditions }, ues }) => ({
    measurement,
    conditions,
    ...(ues.length === 0 ? {} : { ues: ues.map(({ ue }) => ueIdFor(job.kind, ue, job.plmn)) }),
  }));
  return { format: 2, records, measurements, granularityMs: action.granularityMs };
}

/** What happened in each granularity period. */
function periodsOf({ model, action, fromMs, toMs }: ReportJob): readonly Observation[] {
  const granularityMs = granularityOf(action);
  const count = Math.max(1, Math.floor((toMs - fromMs) / granularityMs));
  return Array.from({ length: count }, (_, at) =>
    observe(model, fromMs + at * granularityMs, fromMs + (at + 1) * granularityMs),
  );
}

function onlyOf(observation: Observation, ues: readonly UeFacts[]): Observation {
  const wanted = new Set(ues.map(({ ue }) => ue));
  return { ...observation, shares: observation.shares.filter(({ ue }) => wanted.has(ue)) };
}

function valueOf(
  { model }: ReportJob,
  observation: Observation,
  { measurement, of }: { readonly measurement: Measurement; readonly of: Subject },
): KpmValue {
  if (!('name' in measurement) || !isKnownMeasurement(measurement.name)) return NO_VALUE;
  return measured(model, observation, { name: measurement.name, of });
}

function labelled(of: Subject, { sliceID }: Label): Subject {
  return sliceID === undefined ? of : { ...of, slice: sliceText(sliceID) };
}
