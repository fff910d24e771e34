import type { Instant } from '../capture/instant.ts';
import { type CaptureCounts, MessageReader, type MessageReaderOptions } from '../capture/message-reader.ts';
import { MessageJudge } from './message-judge.ts';
import type { PropertyFinding } from '../../../src/judge/finding.ts';
import type { Program } from '../../../src/judge/program.ts';

export interface CaptureJudgeOptions extends Pick<MessageReaderOptions, 'udpPorts' | 'windowMs'> {
  readonly programs: readonly Program[];
  /** Whoever made the capture knows that it has lost nothing: then silence proves what it seems to. */
  readonly isComplete?: boolean;
}

export interface JudgedCapture {
  readonly findings: readonly PropertyFinding[];
  readonly counts: CaptureCounts;
  /** Of protocols that are judged. */
  readonly messages: number;
  /** When the first message passed; what findings call 0. */
  readonly began: Instant;
  /** Where a capture ends inside of a record. */
  readonly cutAt?: number;
}

/**
 * Judges what two ends say to each other from a capture in pieces: a file that anybody made, or one that is being written while they
 * speak. `CAPTURE_INVALID` names the offset of what cannot be read.
 */
export class CaptureJudge {
  readonly #judge: MessageJudge;
  readonly #reader: MessageReader;
  readonly #isComplete: boolean;

  constructor({ programs, isComplete = false, ...options }: CaptureJudgeOptions) {
    this.#judge = new MessageJudge({ programs, isComplete });
    this.#isComplete = isComplete;
    this.#reader = new MessageReader({
      ...options,
      onMessage: (message) => {
        this.#judge.message(message);
      },
      onEnded: (association, at) => {
        this.#judge.ended(association, at, this.#looksComplete());
      },
    });
  }

  /** The next piece of the capture, which must not change afterwards. */
  push(piece: Uint8Array): void {
    this.#reader.push(piece);
  }

  /** What is known so far. */
  findings(): readonly PropertyFinding[] {
    return this.#judge.findings();
  }

  /** The capture has ended. */
  end(): JudgedCapture {
    this.#reader.end();
    const { counts, cutAt, last } = this.#reader;
    const judge = this.#judge;
    judge.end(last, this.#looksComplete());
    return {
      ...{ findings: judge.findings(), counts, messages: judge.count },
      began: judge.began ?? last,
      ...(cutAt === undefined ? {} : { cutAt }),
    };
  }

  #looksComplete(): boolean {
    return this.#isComplete && looksComplete(this.#reader.counts);
  }
}

/** Whoever says that a capture is complete can be wrong. */
export function looksComplete({
  missing,
  wrongChecksum,
  malformed,
  cut,
  unknownLink,
}: CaptureCounts): boolean {
  return missing + wrongChecksum + malformed + cut + unknownLink === 0;
}
