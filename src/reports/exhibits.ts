import type { CaseRecord } from '../domain/case-record.ts';
import type { Digest } from '../domain/ids.ts';
import type { MeasuredSeries } from '../domain/measured-series.ts';
import type { TraceMessage } from '../domain/trace-message.ts';
import { traceOf } from '../evidence/message-log.ts';
import { seriesOf } from '../evidence/series-log.ts';
import { parseObservations } from '../evidence/observations.ts';

/** What a report shows of stored observations, beside naming them; or why it cannot. */
export type Exhibit = Shown | { readonly missing: string };

export interface Shown {
  readonly trace: readonly TraceMessage[];
  readonly series: readonly MeasuredSeries[];
}

/** By the digest of the observations. A report that is rendered without them says the same and shows less. */
export type Exhibits = ReadonlyMap<string, Exhibit>;

export const NO_EXHIBITS: Exhibits = new Map();

/** Carriers of protocols whose messages are logged one by one; what travels otherwise is no matter for a diagram. */
const CARRIED_MESSAGES = /^(?:sctp:|pipe$)/u;

/** The observations of which a report wants to show something: those of a case that exchanged messages of a protocol of the RAN. */
export function observationsToShow({ transports, evidence }: CaseRecord): Digest | null {
  const exchanged = Object.values(transports).some((carriedBy) => CARRIED_MESSAGES.test(carriedBy));
  const observations = exchanged ? evidence.find(({ role }) => role === 'exchange') : undefined;
  return observations?.digest ?? null;
}

export function exhibitOf(observations: Uint8Array): Exhibit {
  const parsed = parseObservations(observations);
  if (!parsed.ok) return { missing: parsed.error };
  return { trace: traceOf(parsed.value), series: seriesOf(parsed.value) };
}
