import { cellText, sliceText, ueText } from '../identity.ts';
import { unitOf } from './measurements.ts';
import type { KpmAction, KpmMessage, KpmValue, Label, Measurement, ValueRecord } from './types.ts';

/** An indication that was received, with what is needed to understand it. */
export interface ReceivedIndication {
  /** Start of the collection, milliseconds since 1970. */
  readonly startMs: number;
  readonly message: KpmMessage;
  /** What was subscribed to: it tells what the message leaves out. */
  readonly action: KpmAction;
  /** What is measured where neither the action nor the message names a cell or UE: the E2 node. */
  readonly node: string;
}

export interface Point {
  /** End of the granularity period, milliseconds since 1970. */
  readonly atMs: number;
  /** `null` where the sender had no value. */
  readonly value: number | null;
}

/** The values of one measurement of one thing, in time. */
export interface Series {
  /** Its name; `#7` where it has a number alone. */
  readonly measurement: string;
  /** A cell, a UE or the node. */
  readonly subject: string;
  /** Empty where there is none. */
  readonly label: string;
  /** Empty where it is not known. */
  readonly unit: string;
  readonly points: readonly Point[];
}

export interface Flattened {
  readonly series: readonly Series[];
  /** Sentences about records whose values do not match the measurements. */
  readonly faults: readonly string[];
}

/** The values of indications, in the order they came, as series for plots and judging. */
export function kpmSeries(indications: readonly ReceivedIndication[]): Flattened {
  const collected = new Map<string, { series: Omit<Series, 'points'>; points: Point[] }>();
  const faults: string[] = [];
  for (const [index, indication] of indications.entries()) {
    for (const block of blocksOf(indication)) {
      for (const [at, { values }] of block.records.entries()) {
        if (values.length !== block.columns.length)
          faults.push(
            `indication ${String(index + 1)}, record ${String(at + 1)}: ${String(values.length)} values for ${String(block.columns.length)} measurements`,
          );
        const atMs = indication.startMs + (at + 1) * block.granularityMs;
        for (const [column, value] of values.slice(0, block.columns.length).entries()) {
          const series = block.columns[column];
          if (series === undefined) continue;
          const key = JSON.stringify([series.measurement, series.subject, series.label]);
          const found = collected.get(key) ?? { series, points: [] };
          found.points.push({ atMs, value: numberOf(value) });
          collected.set(key, found);
        }
      }
    }
  }
  return { series: [...collected.values()].map(({ series, points }) => ({ ...series, points })), faults };
}

/** What a value says as a number. */
export function numberOf(value: KpmValue): number | null {
  if ('integer' in value) return value.integer;
  return 'real' in value && Number.isFinite(value.real) ? value.real : null;
}

interface Block {
  readonly records: readonly ValueRecord[];
  readonly granularityMs: number;
  readonly columns: readonly Omit<Series, 'points'>[];
}

function blocksOf({ message, action, node }: ReceivedIndication): readonly Block[] {
  const granularityMs = granularityOf(action);
  switch (message.format) {
    case 1: {
      const { report } = message;
      const subject = subjectOf(action, node);
      return [
        {
          ...report,
          granularityMs: report.granularityMs ?? granularityMs,
          columns: columnsOf(report, action, subject),
        },
      ];
    }
    case 2: {
      const columns = message.measurements.map(({ measurement, conditions }) =>
        column(
          measurement,
          subjectOf(action, node),
          conditions.flatMap((each) => ('label' in each ? [labelText(each.label)] : [])).join(' '),
        ),
      );
      return [{ records: message.records, granularityMs: message.granularityMs ?? granularityMs, columns }];
    }
    case 3:
      return message.reports.map(({ ue, report }) => ({
        ...report,
        granularityMs: report.granularityMs ?? granularityMs,
        columns: columnsOf(report, action, ueText(ue)),
      }));
  }
}

function granularityOf(action: KpmAction): number {
  return action.format === 3 ? action.granularityMs : action.subscription.granularityMs;
}

function subjectOf(action: KpmAction, node: string): string {
  if (action.format === 2) return ueText(action.ue);
  const cell = action.format === 3 ? action.cell : action.subscription.cell;
  return cell === undefined ? node : cellText(cell);
}

function columnsOf(
  {
    measurements,
  }: { readonly measurements?: readonly { measurement: Measurement; labels: readonly Label[] }[] },
  action: KpmAction,
  subject: string,
): readonly Omit<Series, 'points'>[] {
  const wanted = measurements ?? (action.format === 3 ? [] : action.subscription.measurements);
  return wanted.flatMap(({ measurement, labels }) =>
    labels.map((label) => column(measurement, subject, labelText(label))),
  );
}

function column(measurement: Measurement, subject: string, label: string): Omit<Series, 'points'> {
  const name = 'name' in measurement ? measurement.name : `#${String(measurement.id)}`;
  return { measurement: name, subject, label, unit: unitOf(name) };
}

/** `slice 1-00000a 5QI 9`; empty where there is no label. */
export function labelText({ noLabel, plmnID, sliceID, fiveQI, ...others }: Label): string {
  const parts = [
    ...(noLabel === undefined ? [] : ['']),
    ...(plmnID === undefined ? [] : [`PLMN ${plmnID}`]),
    ...(sliceID === undefined ? [] : [`slice ${sliceText(sliceID)}`]),
    ...(fiveQI === undefined ? [] : [`5QI ${String(fiveQI)}`]),
    ...Object.entries(others).flatMap(([name, value]) =>
      isPlain(value) ? [value === 'true' ? name : `${name} ${String(value)}`] : [],
    ),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function isPlain(value: unknown): value is string | number | bigint {
  return ['string', 'number', 'bigint'].includes(typeof value);
}
