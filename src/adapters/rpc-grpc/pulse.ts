import type { Clock, Log } from '../../campaigns/ports.ts';
import type { RunnerStore } from '../../campaigns/store-ports.ts';
import { instant } from '../../domain/ids.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Line } from './line.ts';
import type { Lines } from './lines.ts';

interface PulseDeps {
  readonly store: RunnerStore;
  readonly lines: Lines;
  readonly clock: Clock;
  readonly log: Log;
  readonly heartbeatMs: number;
  readonly leaseTtlMs: number;
  /** Called now and then, so that a change nobody told us about is found all the same. */
  readonly resync: () => void;
}

/** Heartbeats are gathered and written once in this time, for all runners together. */
const EVERY_MS = 1_000;
const RESYNC_EVERY = 10;
/** A line over which nothing came for this many heartbeats is given up. */
export const SILENT_HEARTBEATS = 3;
/** A certificate is looked at again when this share of a heartbeat is over. */
const CHECK_SHARE = 0.8;

/** The heart of the gateway: passes heartbeats on, renews leases, and ends lines that are silent or revoked. */
export class Pulse implements AsyncDisposable {
  readonly #deps: PulseDeps;
  readonly #timer: NodeJS.Timeout;
  #beating: Promise<void> | null = null;
  #beats = 0;

  constructor(deps: PulseDeps) {
    this.#deps = deps;
    const everyMs = Math.min(EVERY_MS, Math.max(50, deps.heartbeatMs / 2));
    this.#timer = setInterval(() => {
      this.#beating ??= this.#beat();
    }, everyMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
  }

  async #beat(): Promise<void> {
    const { lines, log, resync } = this.#deps;
    this.#beats += 1;
    try {
      const now = performance.now();
      for (const line of lines.all) this.#endIfOver(line, now);
      await this.#passOn(lines.all);
      await this.#checkCertificates(lines.all, now);
      if (this.#beats % RESYNC_EVERY === 0) resync();
    } catch (cause) {
      const err = HarnessError.from(cause);
      log.warn({ event: 'pulse.failed', code: err.code, err }, 'heartbeats could not be passed on');
    } finally {
      this.#beating = null;
    }
  }

  #endIfOver(line: Line, now: number): void {
    const { heartbeatMs, clock } = this.#deps;
    if (line.working === 0 && now - line.heardAt > SILENT_HEARTBEATS * heartbeatMs) {
      line.close(new HarnessError('LINE_DOWN', `nothing was heard for ${SILENT_HEARTBEATS} heartbeats`));
    } else if (clock.now() > line.caller.notAfter) {
      line.close(new HarnessError('UNAUTHENTICATED', 'the certificate has expired'));
    }
  }

  async #passOn(all: readonly Line[]): Promise<void> {
    const { store, clock, leaseTtlMs } = this.#deps;
    const beating = all.filter(({ beat, working }) => beat !== null || working > 0);
    if (beating.length === 0) return;
    const at = clock.now();
    const held = beating.flatMap((line) => (line.beat ?? []).filter((ref) => line.holds(ref)));
    for (const line of beating) line.beat = null;
    await store.runnerSeen(beating.map(({ caller }) => ({ id: caller.runner, at })));
    if (held.length > 0) await store.renewLeases(held, instant(at + leaseTtlMs));
  }

  /** Every line once per heartbeat, all in one look, so that a revoked runner is cut off within one. */
  async #checkCertificates(all: readonly Line[], now: number): Promise<void> {
    const { store, log, heartbeatMs } = this.#deps;
    const due = all.filter((line) => now - line.certificateCheckedAt >= CHECK_SHARE * heartbeatMs);
    if (due.length === 0) return;
    const valid = await store.validCertificates(due.map(({ caller }) => caller.serial));
    for (const line of due) {
      const { runner, serial } = line.caller;
      line.certificateCheckedAt = now;
      if (valid.has(serial)) continue;
      log.warn({ event: 'runner.revoked', runnerId: runner, serial }, 'the line of a revoked runner is cut');
      line.close(
        new HarnessError('CERTIFICATE_REVOKED', `the certificate ${serial} of ${runner} was revoked`),
      );
    }
  }
}
