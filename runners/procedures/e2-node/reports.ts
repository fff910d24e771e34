import type { Equipment } from '../../../src/domain/equipment.ts';
import type { Measurement } from '../../../src/domain/case-record.ts';
import { unwrapItems } from '../../interfaces/e2/messages.ts';
import type { Ies } from '../../interfaces/e2/types.ts';
import { KPM } from '../../interfaces/e2sm/kpm/kpm.ts';
import { isKnownMeasurement, MEASUREMENTS } from '../../interfaces/e2sm/kpm/measurements.ts';
import { kpmSeries, type ReceivedIndication, type Series } from '../../interfaces/e2sm/kpm/series.ts';
import { KPM_REPORT_STYLES } from '../../interfaces/e2sm/kpm/styles.ts';
import { checkTimeStamp, ntpTime } from '../../interfaces/e2sm/kpm/time-stamp.ts';
import type { KpmAction, KpmMessage, Measurement as Measured } from '../../interfaces/e2sm/kpm/types.ts';
import { PerError } from '../../interfaces/per/error.ts';
import { broken, type Found, holds, shown, undecided, unseen, worstOf } from '../ap/judging.ts';
import { messagesOf, type SeenMessage, type SeenPdu } from '../e2/seen-messages.ts';
import { claimedVersion } from './kpm.ts';

/** What was asked to be reported, as it stands in the request that was sent. */
export interface Asked {
  readonly request: SeenMessage<'RICsubscriptionRequest'>;
  readonly requestId: Ies<'RICsubscriptionRequest'>['RICrequestID'];
  readonly functionId: number;
  readonly actionId: number;
  readonly periodMs: number;
  readonly action: KpmAction;
}

/** The last subscription that was asked for; undefined when there was none. */
export function askedIn(pdus: readonly SeenPdu[]): Asked | undefined {
  const request = messagesOf(pdus, 'RICsubscriptionRequest').at(-1);
  const { RICrequestID, RANfunctionID, RICsubscriptionDetails: details } = request?.message.ies ?? {};
  if (request === undefined || RICrequestID === undefined || RANfunctionID === undefined) return undefined;
  const [item] = unwrapItems('RICaction-ToBeSetup-Item', details?.['ricAction-ToBeSetup-List']);
  if (item?.ricActionDefinition === undefined || details === undefined) return undefined;
  return {
    request,
    ...{ requestId: RICrequestID, functionId: RANfunctionID, actionId: item.ricActionID },
    periodMs: KPM.v3.periodMs.decode(details.ricEventTriggerDefinition),
    action: KPM.v3.action.decode(item.ricActionDefinition),
  };
}

export type Indication = SeenMessage<'RICindication'>;

/** Those for which the request was, by their request id. */
export function indicationsFor(pdus: readonly SeenPdu[], { requestId }: Asked): readonly Indication[] {
  return messagesOf(pdus, 'RICindication', 'received').filter(({ message: { ies } }) =>
    isSameRequest(ies.RICrequestID, requestId),
  );
}

export function isSameRequest(
  one: Asked['requestId'] | undefined,
  other: Asked['requestId'] | undefined,
): boolean {
  return (
    one !== undefined &&
    one.ricRequestorID === other?.ricRequestorID &&
    one.ricInstanceID === other.ricInstanceID
  );
}

/** Request, function and action are those of the subscription. */
export function judgeIds(indications: readonly Indication[], asked: Asked): Found {
  return worstOf(
    indications.map((one) => {
      const { RANfunctionID, RICactionID, RICindicationType } = one.message.ies;
      const fits =
        RANfunctionID === asked.functionId &&
        RICactionID === asked.actionId &&
        RICindicationType === 'report';
      if (fits) return holds('function, action and type are those of the subscription', one.n);
      return broken(
        `function ${RANfunctionID}, action ${RICactionID}, ${RICindicationType}; octets: ${shown(one)}`,
        one.n,
      );
    }),
    'no indication came',
  );
}

/** The header is as long as the version wants it. @see O-RAN.WG3.E2SM-KPM clause 8.2.1.3.1 */
export function judgeHeaders(indications: readonly Indication[], product: Equipment): Found {
  const claimed = claimedVersion(product);
  return worstOf(
    indications.map((one) => {
      const octets = one.message.ies.RICindicationHeader ?? new Uint8Array();
      const { fits, lengths, text } = checkTimeStamp(octets, claimed ?? 'v3');
      const ok = claimed === null ? lengths.length > 0 : fits;
      return ok ? holds(text, one.n) : broken(`${text}; octets: ${shown(one)}`, one.n);
    }),
    'no indication came',
  );
}

/**
 * Their mean distance is the period. Where messages come in bunches, as from a busy machine, the times at which their collections began
 * are the better witness, as far as they are precise enough.
 */
export function judgePeriod(
  indications: readonly Indication[],
  {
    periodMs,
    periods,
    tolerance,
  }: { readonly periodMs: number; readonly periods: number; readonly tolerance: number },
): Found {
  const [first] = indications;
  const last = indications.at(-1);
  if (first === undefined || last === undefined) return unseen('no indication came');
  if (indications.length < 2) return undecided('only one indication came', first.n);
  const isRight = (ms: number): boolean => Math.abs(ms - periodMs) <= (tolerance / 100) * periodMs;
  const meanMs = ((last.t - first.t) * 1_000) / (indications.length - 1);
  const saw = `${indications.length} of ${periods} indications, ${Math.round(meanMs)} ms apart on average`;
  if (isRight(meanMs)) return holds(saw, first.n, last.n);
  const collectedMs = meanCollection(first, last, indications.length);
  return collectedMs !== null && isRight(collectedMs)
    ? holds(`${saw}; collections ${Math.round(collectedMs)} ms apart`, first.n, last.n)
    : broken(`${saw} instead of ${periodMs} ms`, first.n, last.n);
}

/** Null where time stamps count whole seconds, or cannot be read. */
function meanCollection(first: Indication, last: Indication, count: number): number | null {
  const [from, to] = [first, last].map(({ message }) => preciseStart(message.ies.RICindicationHeader));
  return from === undefined || to === undefined || from === null || to === null
    ? null
    : (to - from) / (count - 1);
}

function preciseStart(header: Uint8Array | undefined): number | null {
  try {
    return ntpTime(KPM.v3.header.decode(header ?? new Uint8Array()).timeStamp);
  } catch (error) {
    if (error instanceof PerError) return null;
    throw error;
  }
}

/** Messages that can be read in the format of the style. */
export function judgeMessages(indications: readonly Indication[], { action }: Asked): Found {
  const wanted = KPM_REPORT_STYLES.find(({ style }) => style === action.style)?.messageFormat;
  return worstOf(
    indications.map((one) => {
      const read = readMessage(one);
      if (typeof read === 'string') return broken(`${read}; octets: ${shown(one)}`, one.n);
      if (wanted !== undefined && read.format !== wanted)
        return broken(`format ${read.format} instead of ${wanted}; octets: ${shown(one)}`, one.n);
      return holds(`indication message format ${read.format}`, one.n);
    }),
    'no indication came',
  );
}

/** The names are those that were asked for, in their order; where none are told, those of the request hold. */
export function judgeNames(indications: readonly Indication[], { action }: Asked): Found {
  const wanted = (action.format === 3 ? action.measurements : action.subscription.measurements).map(nameOf);
  return worstOf(
    indications.flatMap((one) => {
      const read = readMessage(one);
      if (typeof read === 'string') return [];
      const told = namesIn(read);
      if (told.length === 0) return [holds('no names are told: those of the request hold', one.n)];
      return told.map((names) => {
        const same = names.length === wanted.length && names.every((name, at) => name === wanted[at]);
        return same
          ? holds(names.join(', '), one.n)
          : broken(`${names.join(', ')} instead of ${wanted.join(', ')}; octets: ${shown(one)}`, one.n);
      });
    }),
    'no indication came',
  );
}

function namesIn(message: KpmMessage): readonly (readonly string[])[] {
  if (message.format === 2) return [message.measurements.map(nameOf)];
  const reports = message.format === 1 ? [message.report] : message.reports.map(({ report }) => report);
  return reports.flatMap(({ measurements }) =>
    measurements === undefined ? [] : [measurements.map(nameOf)],
  );
}

function nameOf({ measurement }: { readonly measurement: Measured }): string {
  return 'name' in measurement ? measurement.name : `#${String(measurement.id)}`;
}

/** Every record has a value for each measurement, and none is beyond what equipment can do. */
export function judgeValues(indications: readonly Indication[], asked: Asked): Found {
  const { series, faults } = seriesOf(indications, asked);
  const all = indications.map(({ n }) => n);
  const [fault] = faults;
  if (fault !== undefined) return broken(fault, ...all);
  for (const { measurement, subject, points } of series) {
    if (!isKnownMeasurement(measurement)) continue;
    const { min, max } = MEASUREMENTS[measurement];
    const strange = points.find(({ value }) => value !== null && (value < min || value > max));
    if (strange !== undefined)
      return broken(`${measurement} of ${subject} is ${strange.value}, not ${min} to ${max}`, ...all);
  }
  const count = series.flatMap(({ points }) => points).filter(({ value }) => value !== null).length;
  if (indications.length === 0) return unseen('no indication came');
  if (count === 0) return undecided('there was no value in any indication', ...all);
  return holds(`${count} values of ${series.length} series, all of them possible`, ...all);
}

/** What came, as series in time. Messages that cannot be read are left out: another clause says so. */
export function seriesOf(
  indications: readonly Indication[],
  { action }: Pick<Asked, 'action'>,
): { readonly series: readonly Series[]; readonly faults: readonly string[] } {
  const read = indications.flatMap((one): readonly ReceivedIndication[] => {
    const message = readMessage(one);
    const startMs = startOf(one.message.ies.RICindicationHeader);
    return typeof message === 'string' || startMs === null
      ? []
      : [{ startMs, message, action, node: 'node' }];
  });
  return kpmSeries(read);
}

/** Null for octets that are a header in no version. */
function startOf(header: Uint8Array | undefined): number | null {
  for (const version of ['v3', 'v2'] as const) {
    try {
      return ntpTime(KPM[version].header.decode(header ?? new Uint8Array()).timeStamp);
    } catch (error) {
      if (!(error instanceof PerError)) throw error;
    }
  }
  return null;
}

/** The mean of each series: what the record keeps of the values. */
export function means(series: readonly Series[]): readonly Measurement[] {
  return series.flatMap(({ measurement, subject, label, unit, points }) => {
    const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
    if (values.length === 0) return [];
    const name = ['KPM', measurement, subject, label].filter((part) => part !== '').join(' ');
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return [{ name, value: Math.round(mean * 1_000) / 1_000, unit: unit === '' ? '1' : unit }];
  });
}

/** A sentence about what is wrong when it cannot be read. */
export function readMessage({ message }: Indication): KpmMessage | string {
  try {
    return KPM.v3.message.decode(message.ies.RICindicationMessage ?? new Uint8Array());
  } catch (error) {
    if (error instanceof PerError) return error.message;
    throw error;
  }
}

/** After something that ends a subscription, nothing more is reported. */
export function judgeSilence(
  pdus: readonly SeenPdu[],
  asked: Asked | undefined,
  { end, graceMs }: { readonly end: SeenPdu | undefined; readonly graceMs: number },
): Found {
  if (asked === undefined) return unseen('there was no subscription');
  if (end === undefined) return unseen('the subscription was not ended');
  const late = indicationsFor(pdus, asked).filter(({ t }) => t > end.t + graceMs / 1_000);
  const [first] = late;
  if (first === undefined) return holds('no indication came any more', end.n);
  return broken(
    `${late.length} indication(s) after the end; octets: ${shown(first)}`,
    end.n,
    ...late.map(({ n }) => n),
  );
}
