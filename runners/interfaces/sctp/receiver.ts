import { DATA_FLAG, type DataChunk, type SackChunk } from './chunks.ts';
import { Reassembly } from './reassembly.ts';
import { ReceivedNumbers } from './received-numbers.ts';
import { unwrap32, wrap32 } from './serial.ts';
import type { SctpMessage } from './types.ts';

export interface ReceiverOptions {
  readonly initialTsn: number;
  readonly inStreams: number;
  readonly windowBytes: number;
  readonly maxMessageBytes: number;
  readonly mtuBytes: number;
}

export type DataOutcome = 'fresh' | 'duplicate' | 'dropped' | 'invalidStream' | 'violation' | 'tooLarge';

/** What keeping a chunk takes beside its bytes, so that many small ones fill the window as a few large ones do. */
const KEEPING_BYTES = 64;
const MAX_DUPLICATES = 32;

/** What one side receives: which numbers, the window, messages put together and in order. @see RFC 9260 §6.2, §6.5, §6.6 */
export class Receiver {
  readonly #options: ReceiverOptions;
  readonly #deliver: (message: SctpMessage) => void;
  readonly #numbers: ReceivedNumbers;
  readonly #reassembly: Reassembly;
  readonly #expected: Uint16Array;
  readonly #early = new Map<number, Map<number, SctpMessage>>();
  readonly #maxGaps: number;
  #duplicates: number[] = [];
  #held = 0;
  #advertised: number;

  /** @param deliver gets messages in the order of their stream; their bytes are their own */
  constructor(options: ReceiverOptions, deliver: (message: SctpMessage) => void) {
    this.#options = options;
    this.#deliver = deliver;
    this.#maxGaps = Math.floor((options.mtuBytes - 12 - 16) / 4) - MAX_DUPLICATES;
    this.#numbers = new ReceivedNumbers(options.initialTsn, this.#maxGaps);
    this.#reassembly = new Reassembly(options.maxMessageBytes);
    this.#expected = new Uint16Array(options.inStreams);
    this.#advertised = options.windowBytes;
  }

  get cumulativeTsn(): number {
    return wrap32(this.#numbers.cumulative);
  }

  get hasGaps(): boolean {
    return this.#numbers.hasGaps;
  }

  data(chunk: DataChunk): DataOutcome {
    const number = unwrap32(chunk.tsn, this.#numbers.cumulative);
    if (this.#numbers.has(number)) {
      if (this.#duplicates.length < MAX_DUPLICATES) this.#duplicates.push(chunk.tsn);
      return 'duplicate';
    }
    if (!this.#hasRoomFor(number, chunk) || !this.#numbers.hasPlaceFor(number)) return 'dropped';
    this.#numbers.add(number);
    if (chunk.stream >= this.#options.inStreams) return 'invalidStream';
    this.#held += chunk.bytes.length + KEEPING_BYTES;
    return this.#keep(number, { ...chunk, bytes: new Uint8Array(chunk.bytes) });
  }

  /** With a closed window only what fills a gap is taken. What we have advertised is honoured, twice over. @see RFC 9260 §6.2 */
  #hasRoomFor(number: number, { bytes }: DataChunk): boolean {
    if (this.#advertised === 0 && number > this.#numbers.highest) return false;
    return this.#held + bytes.length <= 2 * this.#options.windowBytes;
  }

  #keep(number: number, chunk: DataChunk): DataOutcome {
    const { stream, ppid, flags, bytes } = chunk;
    const unordered = (flags & DATA_FLAG.unordered) !== 0;
    const isAlone = (flags & DATA_FLAG.beginning) !== 0 && (flags & DATA_FLAG.ending) !== 0;
    if (isAlone) return this.#order({ bytes, ppid, stream, unordered }, chunk.ssn);
    const found = this.#reassembly.add(number, chunk);
    if (found.state === 'waiting') return 'fresh';
    if (found.state !== 'whole') return found.state;
    this.#held -= (found.fragments - 1) * KEEPING_BYTES;
    return this.#order({ bytes: found.bytes, ppid: found.ppid, stream, unordered }, chunk.ssn);
  }

  #order(message: SctpMessage, ssn: number): DataOutcome {
    const { stream, unordered } = message;
    if (unordered) {
      this.#deliver(message);
      return 'fresh';
    }
    const expected = this.#expected[stream] ?? 0;
    if (ssn !== expected) return this.#keepEarly(message, ssn);
    this.#deliver(message);
    this.#expected[stream] = expected + 1;
    this.#deliverEarly(stream);
    return 'fresh';
  }

  #keepEarly(message: SctpMessage, ssn: number): DataOutcome {
    const early = this.#early.get(message.stream) ?? new Map<number, SctpMessage>();
    // Another number, yet the same place in the stream: one of the two is a lie.
    if (early.has(ssn)) return 'violation';
    early.set(ssn, message);
    this.#early.set(message.stream, early);
    return 'fresh';
  }

  #deliverEarly(stream: number): void {
    const early = this.#early.get(stream);
    if (early === undefined) return;
    for (;;) {
      const ssn = this.#expected[stream] ?? 0;
      const message = early.get(ssn);
      if (message === undefined) break;
      early.delete(ssn);
      this.#deliver(message);
      this.#expected[stream] = ssn + 1;
    }
    if (early.size === 0) this.#early.delete(stream);
  }

  /** A message was taken. Whether the peer should be told that there is room again. @see RFC 9260 §6.2 */
  taken({ bytes }: SctpMessage): boolean {
    this.#held = Math.max(0, this.#held - bytes.length - KEEPING_BYTES);
    const room = this.#room();
    return room - this.#advertised >= this.#options.windowBytes / 2 || (this.#advertised === 0 && room > 0);
  }

  /** What to tell the peer; duplicates are told once. */
  sack(): Omit<SackChunk, 'kind'> {
    this.#advertised = this.#room();
    const duplicates = this.#duplicates;
    this.#duplicates = [];
    return {
      ...{ cumulativeTsn: this.cumulativeTsn, rwnd: this.#advertised, duplicates },
      gaps: this.#numbers.gaps().slice(0, this.#maxGaps),
    };
  }

  /** Less than a packet counts as nothing (silly window). */
  #room(): number {
    const room = this.#options.windowBytes - this.#held;
    return room < this.#options.mtuBytes ? 0 : room;
  }
}
