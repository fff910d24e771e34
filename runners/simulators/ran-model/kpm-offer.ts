import { cellText } from '../../interfaces/e2sm/identity.ts';
import {
  isKnownMeasurement,
  MEASUREMENTS,
  type MeasurementName,
} from '../../interfaces/e2sm/kpm/measurements.ts';
import type {
  KpmAction,
  Label,
  Measurement,
  OfferedMeasurement,
  Subscription,
} from '../../interfaces/e2sm/kpm/types.ts';
import { undecidable } from './conditions.ts';
import { findCell, findUe } from './model.ts';
import type { RanModel } from './types.ts';
import { type NodeKind, ueNumber } from './ue-facts.ts';

/** More values in one indication than this are not promised. */
const MAX_RECORDS = 100;

/** What begins so is measured by one part of a gNB. */
const PARTS = {
  'o-cu-cp': ['RRC.'],
  'o-cu-up': ['DRB.Pdcp'],
  'o-du': ['DRB.UE', 'DRB.Rlc', 'RRU.'],
} as const satisfies Partial<Record<NodeKind, readonly string[]>>;

/** What a node measures, for its function definition; numbers are those of the table, the same at every node. */
export function offered(kind: NodeKind): readonly OfferedMeasurement[] {
  return Object.keys(MEASUREMENTS)
    .map((name, index) => ({ name, id: index + 1 }))
    .filter(({ name }) => kind === 'gnb' || PARTS[kind].some((part) => name.startsWith(part)));
}

/** The measurement that is meant, if the node has it. */
export function meant(kind: NodeKind, measurement: Measurement): MeasurementName | null {
  const found = offered(kind).find(({ name, id }) =>
    'name' in measurement ? name === measurement.name : id === measurement.id,
  );
  return found !== undefined && isKnownMeasurement(found.name) ? found.name : null;
}

export interface Asked {
  readonly kind: NodeKind;
  readonly action: KpmAction;
  readonly periodMs: number;
}

/** Why a node does not take a subscription; empty if it does. */
export function refusals(model: RanModel, { kind, action, periodMs }: Asked): readonly string[] {
  const [granularityMs, cell] =
    action.format === 3
      ? [action.granularityMs, action.cell]
      : [action.subscription.granularityMs, action.subscription.cell];
  return [
    ...(action.style === action.format ? [] : [`style ${String(action.style)} has another format`]),
    ...(granularityMs > periodMs ? ['a value takes longer than the period'] : []),
    ...(periodMs / granularityMs > MAX_RECORDS ? ['there are too many values in a period'] : []),
    ...(cell !== undefined && findCell(model, cellText(cell)) === undefined ? ['the cell is not here'] : []),
    ...measurementsOf(action).flatMap((each) =>
      meant(kind, each) === null ? [`${nameOf(each)} is not measured`] : [],
    ),
    ...labelsOf(action).flatMap(unlabelled),
    ...undecidable(conditionsOf(action)),
    ...uesOf(model, action),
  ];
}

function measurementsOf(action: KpmAction): readonly Measurement[] {
  const list: readonly { readonly measurement: Measurement }[] =
    action.format === 3 ? action.measurements : action.subscription.measurements;
  return list.map(({ measurement }) => measurement);
}

function labelsOf(action: KpmAction): readonly Label[] {
  const of = ({ measurements }: Subscription) => measurements.flatMap(({ labels }) => labels);
  if (action.format !== 3) return of(action.subscription);
  return action.measurements.flatMap(({ conditions }) =>
    conditions.flatMap((each) => ('label' in each ? each.label : [])),
  );
}

const KNOWN_LABELS = new Set(['noLabel', 'plmnID', 'sliceID', 'fiveQI', 'sUM']);

function unlabelled(label: Label): readonly string[] {
  const told = Object.entries(label).filter(([, value]) => value !== undefined);
  const unknown = told.filter(([name]) => !KNOWN_LABELS.has(name));
  return unknown.map(([name]) => `the label ${name} is not kept apart`);
}

function conditionsOf(action: KpmAction): Parameters<typeof undecidable>[0] {
  if (action.format === 3) return action.measurements.flatMap(({ conditions }) => conditions);
  return action.format === 4 ? action.conditions : [];
}

function uesOf(model: RanModel, action: KpmAction): readonly string[] {
  const ues = action.format === 2 ? [action.ue] : action.format === 5 ? action.ues : [];
  const unknown = ues.filter((ue) => findUe(model, ueNumber(ue) ?? 0) === undefined);
  return unknown.map(() => 'a UE is not known');
}

function nameOf(measurement: Measurement): string {
  return 'name' in measurement ? measurement.name : `measurement ${String(measurement.id)}`;
}
