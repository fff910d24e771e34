import { type EndPoint, endPointText } from '../capture/end-point.ts';
import { type Instant, msBetween } from '../capture/instant.ts';
import type { CapturedMessage } from '../capture/message-reader.ts';
import type { JudgedContent, Protocol } from './protocol.ts';
import { protocolOf } from './protocols.ts';
import type { Scalar } from '../../../src/domain/trace-property.ts';
import type { PropertyFinding } from '../../../src/judge/finding.ts';
import type { JudgedMessage, Side } from '../../../src/judge/happening.ts';
import { type JudgeOptions, TraceJudge } from '../../../src/judge/judge.ts';

/** What has to be known of a message of SCTP to judge it. */
export type HeardMessage = Omit<CapturedMessage, 'stream' | 'unordered'>;

/** An association as the judge knows it. */
interface Known {
  /** Texts of its ends, by the end that sends. */
  readonly ends: readonly [string, string];
  readonly protocols: Map<number, Protocol | undefined>;
}

const MAX_KNOWN = 8_192;

/** Judges messages of SCTP, told in the order in which their receivers could have them. */
export class MessageJudge {
  readonly #judge: TraceJudge;
  readonly #protocols: ReadonlySet<string>;
  readonly #known = new Map<number, Known>();
  #began: Instant | undefined;
  #count = 0;
  #atMs = 0;

  constructor(options: JudgeOptions) {
    this.#judge = new TraceJudge(options);
    this.#protocols = new Set(options.programs.map(({ property }) => property.protocol));
  }

  /** Messages of protocols that are judged. */
  get count(): number {
    return this.#count;
  }

  /** What findings call 0: default, when the first message passed that it was told. */
  begin({ seconds, nanoseconds }: Instant): void {
    this.#began ??= { seconds, nanoseconds };
  }

  get began(): Instant | undefined {
    return this.#began;
  }

  findings(): readonly PropertyFinding[] {
    return this.#judge.findings();
  }

  /** @param isComplete whether nothing is missing, as far as can be seen */
  ended(association: number, at: Instant, isComplete: boolean): void {
    this.#known.delete(association);
    this.#judge.close(association, this.#since(at), { isComplete });
  }

  /** Nothing more comes. */
  end(at: Instant, isComplete: boolean): void {
    this.#judge.end(this.#since(at), { isComplete });
  }

  /** Milliseconds since the first message; times go on, never back. */
  #since(at: Instant): number {
    this.begin(at);
    this.#atMs = Math.max(this.#atMs, msBetween(this.#began ?? at, at));
    return this.#atMs;
  }

  message(captured: HeardMessage): void {
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

  #meet({ association, from, to, sender, inMiddle }: HeardMessage, atMs: number): Known {
    const [oldest] = this.#known.size < MAX_KNOWN ? [] : this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
    const [own, other] = [endPointText(from), endPointText(to)];
    const known: Known = { ends: sender === 0 ? [own, other] : [other, own], protocols: new Map() };
    this.#known.set(association, known);
    this.#judge.open(association, { atMs, isJoined: inMiddle });
    return known;
  }

  #protocolOf(
    { protocols }: Known,
    { from, to }: { readonly from: EndPoint; readonly to: EndPoint },
    ppid: number,
  ): Protocol | undefined {
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
