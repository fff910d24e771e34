import type { Frame, OnFrame } from './frame.ts';
import { isBefore, msBetween } from './instant.ts';

/** So far behind others a frame may stand in the file, and still come in its place. */
const WINDOW_MS = 2_000;
const MAX_WAITING = 16_384;

/**
 * Frames in the order of their times: programs that capture several interfaces, or on several processors, write them as they get
 * hold of them. What the file gives no time for stays behind the one before it.
 */
export class FrameOrder {
  readonly #onFrame: OnFrame;
  readonly #windowMs: number;
  /** In order, from `#next` on. */
  #waiting: Frame[] = [];
  #next = 0;

  constructor(onFrame: OnFrame, windowMs = WINDOW_MS) {
    this.#onFrame = onFrame;
    this.#windowMs = windowMs;
  }

  push(frame: Frame): void {
    const waiting = this.#waiting;
    const newest = waiting.at(-1);
    if (newest === undefined || !isBefore(frame, newest)) waiting.push(frame);
    else if (frame.seconds === 0) waiting.push({ ...frame, ...timeOf(newest) });
    else this.#insert(frame);
    this.#giveOn();
  }

  /** The file has ended. */
  end(): void {
    for (; this.#next < this.#waiting.length; this.#next += 1) this.#giveOne();
    this.#waiting = [];
    this.#next = 0;
  }

  #insert(frame: Frame): void {
    const waiting = this.#waiting;
    let at = waiting.length;
    for (; at > this.#next; at -= 1) {
      const before = waiting[at - 1];
      if (before === undefined || !isBefore(frame, before)) break;
    }
    waiting.splice(at, 0, frame);
  }

  #giveOn(): void {
    const waiting = this.#waiting;
    const newest = waiting.at(-1);
    for (; newest !== undefined; this.#next += 1) {
      const oldest = waiting[this.#next];
      if (oldest === undefined) break;
      if (waiting.length - this.#next <= MAX_WAITING && msBetween(oldest, newest) < this.#windowMs) break;
      this.#giveOne();
    }
    if (this.#next < 1_024 || this.#next * 2 < waiting.length) return;
    this.#waiting = waiting.slice(this.#next);
    this.#next = 0;
  }

  #giveOne(): void {
    const frame = this.#waiting[this.#next];
    if (frame !== undefined) this.#onFrame(frame);
  }
}

function timeOf({ seconds, nanoseconds }: Frame): Pick<Frame, 'seconds' | 'nanoseconds'> {
  return { seconds, nanoseconds };
}
