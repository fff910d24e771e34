import { CHUNK, PARAMETER } from './chunks.ts';
import { writeChunk, writeTlvs } from './packet-writer.ts';
import type { RetransmissionTimeout } from './rto.ts';
import type { SctpSettings } from './settings.ts';

const INFO_BYTES = 12;

export type PathChange = 'none' | 'down' | 'up' | 'failed';

export interface PathOptions {
  readonly settings: SctpSettings;
  readonly rto: RetransmissionTimeout;
  /** 32 random bits. */
  readonly random: () => number;
  /** Told of every change. */
  readonly changed: (change: Exclude<PathChange, 'none'>) => void;
}

/** Counts what was not answered, and asks with heartbeats whether somebody is there. One path. @see RFC 9260 §8 */
export class PathMonitor {
  readonly #options: PathOptions;
  #errors = 0;
  #isDown = false;
  #asked: number | undefined;
  #askAt: number | undefined;
  #lostAt: number | undefined;

  constructor(options: PathOptions) {
    this.#options = options;
  }

  get nextWakeAt(): number | undefined {
    if (this.#askAt === undefined || this.#lostAt === undefined) return this.#askAt ?? this.#lostAt;
    return Math.min(this.#askAt, this.#lostAt);
  }

  /** Something timed out; after too many, the association has `failed`. */
  unanswered(): void {
    const { associationMaxRetransmits, pathMaxRetransmits } = this.#options.settings;
    this.#errors += 1;
    if (this.#errors > associationMaxRetransmits) {
      this.#options.changed('failed');
    } else if (!this.#isDown && this.#errors > pathMaxRetransmits) {
      this.#isDown = true;
      this.#options.changed('down');
    }
  }

  answered(): void {
    this.#errors = 0;
    if (!this.#isDown) return;
    this.#isDown = false;
    this.#options.changed('up');
  }

  /** From now on heartbeats are sent. */
  start(now: number): void {
    const { settings, rto, random } = this.#options;
    const jitter = (random() / 2 ** 32 - 0.5) * rto.ms;
    this.#askAt = now + settings.heartbeatIntervalMs + rto.ms + jitter;
  }

  /** A HEARTBEAT when one is due. @param isIdle whether nothing else would show that the peer is gone */
  wake(now: number, isIdle: boolean): Uint8Array | undefined {
    const { rto, random } = this.#options;
    if (this.#lostAt !== undefined && this.#lostAt <= now) {
      this.#lostAt = undefined;
      rto.backOff();
      this.unanswered();
    }
    if (this.#askAt === undefined || this.#askAt > now) return undefined;
    this.start(now);
    if (!isIdle) return undefined;
    this.#asked = random();
    this.#lostAt = now + rto.ms;
    const value = new Uint8Array(INFO_BYTES);
    const view = new DataView(value.buffer);
    view.setFloat64(0, now);
    view.setUint32(8, this.#asked);
    return writeChunk(CHUNK.heartbeat, 0, writeTlvs([{ type: PARAMETER.heartbeatInfo, value }]));
  }

  /** One that answers nothing that was asked is ignored. @param info the whole parameter */
  heartbeatAnswered(info: Uint8Array, now: number): void {
    if (info.length !== 4 + INFO_BYTES) return;
    const view = new DataView(info.buffer, info.byteOffset, info.byteLength);
    if (view.getUint32(12) !== this.#asked) return;
    this.#asked = undefined;
    this.#lostAt = undefined;
    this.#options.rto.measured(now - view.getFloat64(4));
    this.answered();
  }
}
