import { endPointText } from '../capture/end-point.ts';
import { type Instant, msBetween } from '../capture/instant.ts';
import {
  type CaptureCounts,
  type CapturedMessage,
  MessageReader,
  type MessageReaderOptions,
} from '../capture/message-reader.ts';
import type { JudgedContent, Protocol } from './protocol.ts';
import { protocolOf } from './protocols.ts';
import type { Scalar } from '../../../src/domain/trace-property.ts';
import type { JudgedMessage, Side } from '../../../src/judge/happening.ts';
import type { PropertyFinding } from '../../../src/judge/finding.ts';
import { TraceJudge } from '../../../src/judge/judge.ts';
import type { Program } from '../../../src/judge/program.ts';

/** An association as the judge knows it. */
interface Known {
  /** Texts of its ends, by the end that sends. */
  readonly ends: readonly [string, string];
  readonly protocols: Map<number, Protocol | undefined>;
}

const MAX_KNOWN = 8_192;

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
  readonly #judge: TraceJudge;
  readonly #reader: MessageReader;
  readonly #isComplete: boolean;
  readonly #protocols: ReadonlySet<string>;
  readonly #known = new Map<number, Known>();
  #began: Instant | undefined;
  #count = 0;
  #atMs = 0;

  constructor({ programs, isComplete = false, ...options }: CaptureJudgeOptions) {
    this.#judge = new TraceJudge({ programs, isComplete });
    this.#isComplete = isComplete;
    this.#protocols = new Set(programs.map(({ property }) => property.protocol));
    this.#reader = new MessageReader({
      ...options,
      onMessage: (message) => {
        this.#message(message);
      },
      onEnded: (association, at) => {
        this.#known.delete(association);
        this.#judge.close(association, this.#since(at), { isComplete: this.#looksComplete() });
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
    this.#judge.end(this.#since(last), { isComplete: this.#looksComplete() });
    return {
      ...{ findings: this.#judge.findings(), counts, messages: this.#count, began: this.#began ?? last },
      ...(cutAt === undefined ? {} : { cutAt }),
    };
  }

  /** Whoever says that a capture is complete can be wrong. */
  #looksComplete(): boolean {
    const { missing, wrongChecksum, malformed, cut, unknownLink } = this.#reader.counts;
    return this.#isComplete && missing + wrongChecksum + malformed + cut + unknownLink === 0;
  }

  /** Milliseconds since the first message; times go on, never back. */
  #since(at: Instant): number {
    this.#began ??= at;
    this.#atMs = Math.max(this.#atMs, msBetween(this.#began, at));
    return this.#atMs;
  }

  #message(captured: CapturedMessage): void {
    const { n, association, sender: side, ppid, missing, isLate, isUnsure, isOvertaken, bytes } = captured;
    const atMs = this.#since(captured);
    const known = this.#known.get(association) ?? this.#meet(captured, atMs);
    const other = side === 0 ? 1 : 0;
    if (missing > 0 || isUnsure) this.#judge.gap({ association, side, atMs });
    if (isLate) this.#judge.gap({ association, side: other, atMs });
    const protocol = this.#protocolOf(known, captured, ppid);
    // What its end had sent before that which came before it stands in no order that could be judged.
    if (protocol === undefined || isOvertaken) return;
    this.#count += 1;
    const { ends } = known;
    const content = protocol.look(bytes);
    this.#judge.message(
      new Judged(content, {
        n,
        atMs,
        association,
        side,
        protocol: protocol.name,
        from: ends[side],
        to: ends[other],
      }),
    );
    // What was said to it may have passed while it waited.
    if (isLate) this.#judge.gap({ association, side: other, atMs });
  }

  #meet({ association, from, to, sender, inMiddle }: CapturedMessage, atMs: number): Known {
    const [oldest] = this.#known.size < MAX_KNOWN ? [] : this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
    const [own, other] = [endPointText(from), endPointText(to)];
    const known: Known = { ends: sender === 0 ? [own, other] : [other, own], protocols: new Map() };
    this.#known.set(association, known);
    this.#judge.open(association, { atMs, isJoined: inMiddle });
    return known;
  }

  #protocolOf({ protocols }: Known, { from, to }: CapturedMessage, ppid: number): Protocol | undefined {
    if (protocols.has(ppid)) return protocols.get(ppid);
    const protocol = protocolOf({ ppid, ports: [from.port, to.port] });
    const judged = protocol !== undefined && this.#protocols.has(protocol.name) ? protocol : undefined;
    if (protocols.size < MAX_PPIDS) protocols.set(ppid, judged);
    return judged;
  }
}

const MAX_PPIDS = 64;

type Passing = Omit<JudgedMessage, 'name' | 'isDamaged' | 'value'>;

/** A message with what is judged of it, which is read when it is asked for. */
class Judged implements JudgedMessage {
  readonly #content: JudgedContent;
  readonly n: number;
  readonly atMs: number;
  readonly association: number;
  readonly side: Side;
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly name: string;

  constructor(content: JudgedContent, { n, atMs, association, side, from, to, protocol }: Passing) {
    this.#content = content;
    this.n = n;
    this.atMs = atMs;
    this.association = association;
    this.side = side;
    this.from = from;
    this.to = to;
    this.protocol = protocol;
    this.name = content.name;
  }

  get isDamaged(): boolean {
    return this.#content.isDamaged;
  }

  value(path: string): Scalar | undefined {
    return this.#content.value(path);
  }
}
