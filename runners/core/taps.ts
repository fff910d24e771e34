import type { FitnessCheck } from '../../src/domain/case-record.ts';
import { TapRecorder } from '../interfaces/capture/tap-recorder.ts';
import type { PacketTap } from '../interfaces/sctp/tap.ts';
import type { RunnerClock } from './execute-ports.ts';

const MAX_FILE_BYTES = 16 * 1024 * 1024;

/** What transports in user space show of themselves during a case: a capture for each interface, with whole packets. */
export class Taps {
  readonly #recorders = new Map<string, TapRecorder>();
  readonly #nowMs: () => number;
  #isClosed = false;

  /** Time goes on as it does for observations, whatever becomes of the clock on the wall. */
  constructor(clock: RunnerClock) {
    const [beganAt, beganMs] = [clock.now(), clock.elapsedMs()];
    this.#nowMs = () => beganAt + clock.elapsedMs() - beganMs;
  }

  of(interfaceName: string): PacketTap {
    const known = this.#recorders.get(interfaceName);
    const options = { name: interfaceName, nowMs: this.#nowMs, maxBytes: MAX_FILE_BYTES };
    const recorder = known ?? new TapRecorder(options);
    this.#recorders.set(interfaceName, recorder);
    return (...packet) => {
      if (!this.#isClosed) recorder.tap(...packet);
    };
  }

  /** From now on nothing is added. */
  close(): void {
    this.#isClosed = true;
  }

  files(): readonly Uint8Array[] {
    return this.#used().map(([, recorder]) => recorder.file());
  }

  checks(): readonly FitnessCheck[] {
    return this.#used().map(([name, { packets, leftOut }]) => {
      const rest = leftOut === 0 ? '' : `, ${leftOut} more had no place`;
      return {
        id: `capture:${name}`,
        fit: true,
        saw: `${packets} whole packets of the transport${rest}, subscribers redacted`,
      };
    });
  }

  #used(): readonly (readonly [string, TapRecorder])[] {
    return [...this.#recorders].filter(([, { packets }]) => packets > 0);
  }
}
