import type { Measurement } from '../../../src/domain/case-record.ts';
import type { Observation } from '../../../src/evidence/observation.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import type { Bench } from '../procedure.ts';

/** Kind of an observation of what a stream of packets to a UE came to. */
const FLOW = 'downlink-flow';

export interface Ends {
  /** TEID into which the gNB-CU-UP sends, as it was told. */
  readonly sendsTo: () => number | null;
  /** TEID behind which the UE is. */
  readonly isAt: () => number;
}

/**
 * A packet to the UE every so often. It comes through when the tunnel that the gNB-CU-UP was told is that of the gNB-DU at which the UE
 * is then; nothing is sent.
 */
export class DownlinkFlow {
  readonly #ends: Ends;
  readonly #timer: NodeJS.Timeout;
  #sent = 0;
  #lost = 0;
  #arrivedAt = performance.now();
  #longestMs = 0;

  constructor(everyMs: number, ends: Ends) {
    this.#ends = ends;
    this.#timer = setInterval(() => this.#tick(), everyMs);
  }

  /** What came of it is observed. */
  stop(bench: Bench, step: string): void {
    clearInterval(this.#timer);
    const data = { sent: this.#sent, lost: this.#lost, interruptionMs: Math.round(this.#longestMs) };
    bench.observe(step, FLOW, data);
  }

  #tick(): void {
    this.#sent += 1;
    if (this.#ends.sendsTo() !== this.#ends.isAt()) {
      this.#lost += 1;
      return;
    }
    const now = performance.now();
    if (this.#lost > 0) this.#longestMs = Math.max(this.#longestMs, now - this.#arrivedAt);
    this.#arrivedAt = now;
  }
}

/** Packets that were lost, and the longest time without any. */
export function flowMeasurements(observations: readonly Observation[]): readonly Measurement[] {
  const found = observations.find(({ kind }) => kind === FLOW);
  if (found === undefined || !isJsonObject(found.data)) return [];
  const { sent, lost, interruptionMs } = found.data;
  return [
    { name: 'downlinkPacketsSent', value: Number(sent), unit: 'count' },
    { name: 'downlinkPacketsLost', value: Number(lost), unit: 'count' },
    { name: 'downlinkInterruption', value: Number(interruptionMs), unit: 'ms' },
  ];
}
