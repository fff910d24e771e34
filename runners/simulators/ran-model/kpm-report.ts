import { cellText, sliceText } from '../../interfaces/e2sm/identity.ts';
import type {
  KpmAction,
  KpmMessage,
  KpmValue,
  Label,
  Measurement,
  Subscription,
  ValueRecord,
} from '../../interfaces/e2sm/kpm/types.ts';
import { holds } from './conditions.ts';
import { meant } from './kpm-offer.ts';
import { measured, type Subject } from './measure.ts';
import { type Observation, observe } from './observe.ts';
import type { RanModel } from './types.ts';
import { connectedUes, type NodeKind, type UeFacts, ueIdFor, ueNumber } from './ue-facts.ts';

/** An E2 node of the model and what it was asked for; `refusals` has said yes. */
export interface Reporting {
  readonly model: RanModel;
  readonly kind: NodeKind;
  readonly plmn: string;
  readonly action: KpmAction;
}

/**
 * What the node reports about a period, in milliseconds since 1970, as the action wants it; `null` when conditions leave no UE to
 * report about. A value has the length of the granularity; what is left of the period is not reported.
 */
export function kpmMessage(reporting: Reporting, fromMs: number, toMs: number): KpmMessage | null {
  const { model, action } = reporting;
  const stepMs = action.format === 3 ? action.granularityMs : action.subscription.granularityMs;
  const seen = observations(model, { fromMs, toMs, stepMs });
  switch (action.format) {
    case 1:
      return { format: 1, report: { records: recordsFor(reporting, action.subscription, { seen, of: {} }) } };
    case 2: {
      const of = { ues: [ueNumber(action.ue) ?? 0] };
      return { format: 1, report: { records: recordsFor(reporting, action.subscription, { seen, of }) } };
    }
    case 3:
      return byMeasurement(reporting, action, { seen, ues: connectedUes(model, fromMs) });
    case 4: {
      const ues = connectedUes(model, fromMs).filter((ue) => holds(action.conditions, ue));
      return byUe(reporting, action.subscription, { seen, ues: ues.map(({ ue }) => ue) });
    }
    case 5:
      return byUe(reporting, action.subscription, { seen, ues: action.ues.map((ue) => ueNumber(ue) ?? 0) });
  }
}

function byUe(
  reporting: Reporting,
  subscription: Subscription,
  { seen, ues }: { readonly seen: readonly Observation[]; readonly ues: readonly number[] },
): KpmMessage | null {
  const { measurements, granularityMs } = subscription;
  const reports = ues.map((ue) => {
    const records = recordsFor(reporting, subscription, { seen, of: { ues: [ue] } });
    return {
      ue: ueIdFor(reporting.kind, ue, reporting.plmn),
      report: { records, measurements, granularityMs },
    };
  });
  return reports.length === 0 ? null : { format: 3, reports };
}

function byMeasurement(
  reporting: Reporting,
  { cell, measurements, granularityMs }: Extract<KpmAction, { readonly format: 3 }>,
  { seen, ues }: { readonly seen: readonly Observation[]; readonly ues: readonly UeFacts[] },
): KpmMessage {
  const where = cell === undefined ? {} : { cell: cellText(cell) };
  const columns = measurements.map(({ measurement, conditions }) => {
    const matching = ues.filter((ue) => holds(conditions, ue)).map(({ ue }) => ue);
    return { measurement, conditions, of: { ...where, ues: matching } };
  });
  return {
    format: 2,
    records: recordsOf(reporting, columns, seen),
    measurements: columns.map(({ measurement, conditions, of }) => ({
      measurement,
      conditions,
      ...(of.ues.length === 0
        ? {}
        : { ues: of.ues.map((ue) => ueIdFor(reporting.kind, ue, reporting.plmn)) }),
    })),
    granularityMs,
  };
}

function recordsFor(
  reporting: Reporting,
  { measurements, cell }: Subscription,
  { seen, of }: { readonly seen: readonly Observation[]; readonly of: Subject },
): readonly ValueRecord[] {
  const where = cell === undefined ? of : { ...of, cell: cellText(cell) };
  const columns = measurements.flatMap(({ measurement, labels }) =>
    labels.map((label) => ({ measurement, of: labelled(where, label) })),
  );
  return recordsOf(reporting, columns, seen);
}

function labelled(of: Subject, { sliceID, fiveQI }: Label): Subject {
  return {
    ...of,
    ...(sliceID === undefined ? {} : { slice: sliceText(sliceID) }),
    ...(fiveQI === undefined ? {} : { fiveQi: Number(fiveQI) }),
  };
}

interface Column {
  readonly measurement: Measurement;
  readonly of: Subject;
}

function recordsOf(
  { model, kind }: Reporting,
  columns: readonly Column[],
  seen: readonly Observation[],
): readonly ValueRecord[] {
  return seen.map((observation) => {
    const values = columns.map(({ measurement, of }): KpmValue => {
      const name = meant(kind, measurement);
      return name === null ? { noValue: null } : measured(model, observation, { name, of });
    });
    return { values, incomplete: false };
  });
}

/** One for each granularity period. */
function observations(
  model: RanModel,
  { fromMs, toMs, stepMs }: { readonly fromMs: number; readonly toMs: number; readonly stepMs: number },
): readonly Observation[] {
  const count = Math.max(1, Math.floor((toMs - fromMs) / stepMs));
  return Array.from({ length: count }, (_, index) =>
    observe(model, fromMs + index * stepMs, fromMs + (index + 1) * stepMs),
  );
}
