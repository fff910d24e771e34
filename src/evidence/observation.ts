import type { Json } from '../kernel/json.ts';

/**
 * One thing seen or done at a point of control and observation, inside one case. The list of all of them, in order,
 * is the `exchange` evidence of the case (one JSON object a line); clauses are judged from it and from nothing else.
 */
export interface Observation {
  /** Counts up from 0 inside the case. */
  readonly n: number;
  /** Seconds since the case started, from a monotonic clock. */
  readonly t: number;
  /** What the procedure was doing; `judge` finds observations by it. Stable, kebab-case: `create`, `read-back`. */
  readonly step: string;
  /** The shape of `data`: `http-exchange`, `http-received`, `tls-handshake`, `connect`, `note` … */
  readonly kind: string;
  /** Already redacted. */
  readonly data: Json;
}
