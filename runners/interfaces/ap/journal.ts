import type { DecodedPdu } from './codec.ts';
import type { Comprehension } from './comprehension.ts';
import type { ApMessage } from './types.ts';

/** How a message that came belongs to those that were sent. */
export type Relation =
  /** It begins a procedure. */
  | 'initiating'
  /** It answers a request that is open. */
  | 'answer'
  /** It answers a request that has had its answer. */
  | 'again'
  /** It answers what was never asked, or what nobody waits for any more. */
  | 'unasked'
  /** It could not be told. */
  | 'unknown';

/** A message that was sent or received. */
export interface PduEntry<Message = ApMessage> {
  /** Counts up from 0 in its journal. */
  readonly n: number;
  /** On the clock of the journal, in ms. */
  readonly atMs: number;
  readonly direction: 'sent' | 'received';
  /** Payload protocol identifier: some products send 0 instead of that of the protocol. */
  readonly ppid: number;
  readonly stream: number;
  readonly bytes: Uint8Array;
  readonly decoded: DecodedPdu<Message>;
  /** What its receiver has to make of it; `null` of what we sent. */
  readonly comprehension: Comprehension | null;
  readonly relation: Relation;
  /** Of an answer, the entry of its request. */
  readonly answers: number | null;
}

export interface JournalLimits {
  readonly entries: number;
  readonly bytes: number;
}

export const JOURNAL_LIMITS: JournalLimits = { entries: 10_000, bytes: 32 * 1024 * 1024 };

export interface JournalOptions<Message = ApMessage> {
  readonly limits?: Partial<JournalLimits>;
  /** In ms, never backwards. */
  readonly now: () => number;
  /** Hears of every entry, also of those that are dropped later. */
  readonly told?: (entry: PduEntry<Message>) => void;
}

/** All messages of an association in the order in which they went by; when there are too many, the oldest are dropped. */
export class Journal<Message = ApMessage> {
  readonly #limits: JournalLimits;
  readonly #options: JournalOptions<Message>;
  #entries: PduEntry<Message>[] = [];
  #next = 0;
  #bytes = 0;

  constructor(options: JournalOptions<Message>) {
    this.#options = options;
    this.#limits = { ...JOURNAL_LIMITS, ...options.limits };
  }

  /** The number that the next entry gets. */
  get next(): number {
    return this.#next;
  }

  /** How many are no longer there. */
  get dropped(): number {
    return this.#next - this.#entries.length;
  }

  get entries(): readonly PduEntry<Message>[] {
    return this.#entries;
  }

  add(seen: Omit<PduEntry<Message>, 'n' | 'atMs'>): PduEntry<Message> {
    const entry = { n: this.#next, atMs: this.#options.now(), ...seen };
    this.#next += 1;
    this.#entries.push(entry);
    this.#bytes += entry.bytes.length;
    this.#drop();
    this.#options.told?.(entry);
    return entry;
  }

  #drop(): void {
    const { entries, bytes } = this.#limits;
    let count = 0;
    while (
      this.#entries.length - count > entries ||
      (this.#bytes > bytes && count < this.#entries.length - 1)
    ) {
      this.#bytes -= this.#entries[count]?.bytes.length ?? 0;
      count += 1;
    }
    // Many at a time: taking one from the front of a long list costs as much as taking a thousand.
    if (count > 0) this.#entries = this.#entries.slice(count);
  }
}
