import { DATA_FLAG, type DataChunk, type SackChunk } from './chunks.ts';
import { CongestionWindow } from './congestion.ts';
import { Fifo } from './fifo.ts';
import { DATA_HEADER_BYTES, type PacketWriter } from './packet-writer.ts';
import type { RetransmissionTimeout } from './rto.ts';
import { unwrap32, wrap32 } from './serial.ts';
import type { SctpMessage } from './types.ts';

export interface SenderOptions {
  readonly initialTsn: number;
  readonly outStreams: number;
  readonly peerWindowBytes: number;
  /** Largest packet, its header included. */
  readonly mtuBytes: number;
  readonly rto: RetransmissionTimeout;
}

/** A chunk that was sent and whose arrival is not confirmed cumulatively. */
interface Sent {
  readonly number: number;
  readonly chunk: DataChunk;
  /** Bytes of user data. */
  readonly size: number;
  flying: boolean;
  acked: boolean;
  missing: number;
  waiting: boolean;
  fastResent: boolean;
}

const MISSING_REPORTS = 3;

/** `old` and `violation` change nothing. */
export type SackOutcome = 'advanced' | 'same' | 'old' | 'violation';

/** What one side sends: fragments, order, what is under way, what has to be sent again. Knows no timer: times come in. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #congestion: CongestionWindow;
  readonly #ssns: Uint16Array;
  readonly #fragmentBytes: number;
  readonly #queue = new Fifo<SctpMessage>();
  readonly #sent = new Fifo<Sent>();
  #again = new Fifo<Sent>();
  #offset = 0;
  #next: number;
  #cumulative: number;
  #flight = 0;
  #gapAcked = 0;
  /** What the peer has room for, as far as we know. */
  #peerWindow: number;
  #advertised: number;
  #buffered = 0;
  #timed: { readonly number: number; readonly at: number } | undefined;
  #mayExceed = false;
  /** When what is under way counts as lost, in ms; the T3-rtx timer. */
  timeoutAt: number | undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#congestion = new CongestionWindow(options.mtuBytes, options.peerWindowBytes);
    this.#ssns = new Uint16Array(options.outStreams);
    this.#fragmentBytes = (options.mtuBytes - 12 - DATA_HEADER_BYTES) & ~3;
    this.#next = options.initialTsn;
    this.#cumulative = options.initialTsn - 1;
    this.#peerWindow = options.peerWindowBytes;
    this.#advertised = options.peerWindowBytes;
  }

  /** Bytes of user data that are queued or not confirmed. */
  get bufferedBytes(): number {
    return this.#buffered;
  }

  get isIdle(): boolean {
    return this.#queue.length === 0 && this.#sent.length === 0;
  }

  /** Whether DATA could go now, the peer's window aside. */
  get hasSomething(): boolean {
    return (this.#queue.length > 0 || this.#again.length > 0) && this.#flight < this.#congestion.bytes;
  }

  get isFlying(): boolean {
    return this.#flight > 0;
  }

  /** Whether the peer has no room for what is under way: it may throw that away, and is asked again and again. */
  get isProbing(): boolean {
    return this.#lacksRoom();
  }

  /** Messages that the peer has not confirmed as a whole. */
  get undelivered(): number {
    let count = this.#queue.length;
    for (let index = 0; index < this.#sent.length; index += 1) {
      if (((this.#sent.at(index)?.chunk.flags ?? 0) & DATA_FLAG.ending) !== 0) count += 1;
    }
    return count;
  }

  /** @param message its bytes are kept, not copied */
  enqueue(message: SctpMessage): void {
    this.#queue.push(message);
    this.#buffered += message.bytes.length;
  }

  /** Puts as much DATA into the packet as may go now. */
  fill(writer: PacketWriter, now: number): void {
    this.#fillAgain(writer, now);
    if (this.#again.length === 0) this.#fillNew(writer, now);
    this.#mayExceed = false;
  }

  #fillAgain(writer: PacketWriter, now: number): void {
    for (let sent = this.#again.at(0); sent !== undefined; sent = this.#again.at(0)) {
      if (sent.acked || sent.number <= this.#cumulative) {
        this.#again.shift();
        continue;
      }
      if (this.#flight >= this.#congestion.bytes && !this.#mayExceed) return;
      if (!writer.addData(sent.chunk)) return;
      this.#again.shift();
      sent.waiting = false;
      if (this.#timed?.number === sent.number) this.#timed = undefined;
      // The earliest one that is missing: its timer starts anew. @see RFC 9260 §7.2.4
      this.#launch(sent, now, sent.number === this.#cumulative + 1);
    }
  }

  #fillNew(writer: PacketWriter, now: number): void {
    for (let message = this.#queue.at(0); message !== undefined; message = this.#queue.at(0)) {
      const size = Math.min(message.bytes.length - this.#offset, this.#fragmentBytes);
      if (this.#flight >= this.#congestion.bytes) return;
      // One chunk goes even to a peer without room, to learn when there is some. @see RFC 9260 §6.1 A
      if (size > this.#peerWindow && this.#flight > 0) return;
      if (!writer.hasRoomFor(DATA_HEADER_BYTES + size)) return;
      const sent = this.#nextChunk(message, size);
      writer.addData(sent.chunk);
      this.#sent.push(sent);
      this.#timed ??= { number: sent.number, at: now };
      this.#launch(sent, now, false);
    }
  }

  #nextChunk(message: SctpMessage, size: number): Sent {
    const { stream, ppid, unordered, bytes } = message;
    const end = this.#offset + size;
    const isLast = end === bytes.length;
    const flags =
      (this.#offset === 0 ? DATA_FLAG.beginning : 0) |
      (isLast ? DATA_FLAG.ending : 0) |
      (unordered ? DATA_FLAG.unordered : 0);
    const number = this.#next;
    const chunk: DataChunk = {
      kind: 'data',
      tsn: wrap32(number),
      ssn: unordered ? 0 : (this.#ssns[stream] ?? 0),
      bytes: bytes.subarray(this.#offset, end),
      ...{ stream, ppid, flags },
    };
    this.#next += 1;
    this.#offset = isLast ? 0 : end;
    if (isLast) {
      this.#queue.shift();
      if (!unordered) this.#ssns[stream] = (this.#ssns[stream] ?? 0) + 1;
    }
    const fresh = { flying: false, acked: false, missing: 0, waiting: false, fastResent: false };
    return { number, chunk, size, ...fresh };
  }

  #launch(sent: Sent, now: number, restart: boolean): void {
    sent.flying = true;
    this.#flight += sent.size;
    this.#peerWindow = Math.max(0, this.#peerWindow - sent.size);
    if (restart || this.timeoutAt === undefined) this.timeoutAt = now + this.#options.rto.ms;
  }

  /** @see RFC 9260 §6.2.1, §6.3.2 */
  acknowledge(sack: Omit<SackChunk, 'kind' | 'duplicates'>, now: number): SackOutcome {
    const cumulative = unwrap32(sack.cumulativeTsn, this.#cumulative);
    if (cumulative < this.#cumulative) return 'old';
    const last = sack.gaps.at(-1)?.[1] ?? 0;
    if (cumulative + last >= this.#next) return 'violation';
    const before = this.#flight;
    const advanced = cumulative > this.#cumulative;
    let bytes = this.#dropUpTo(cumulative, now);
    const gap = this.#markGaps(sack.gaps, now);
    bytes += gap.bytes;
    if (advanced) this.#congestion.acknowledged(cumulative, { bytes, before });
    this.#countMissing(gap.highest, advanced);
    this.#peerWindow = Math.max(0, sack.rwnd - this.#flight);
    this.#restartTimer(advanced, now);
    const wasProbing = this.#lacksRoom();
    this.#advertised = sack.rwnd;
    if (wasProbing && !advanced && !this.#lacksRoom()) this.#endProbe();
    return advanced ? 'advanced' : 'same';
  }

  #dropUpTo(cumulative: number, now: number): number {
    let bytes = 0;
    for (
      let sent = this.#sent.at(0);
      sent !== undefined && sent.number <= cumulative;
      sent = this.#sent.at(0)
    ) {
      this.#sent.shift();
      this.#buffered -= sent.size;
      if (sent.acked) this.#gapAcked -= 1;
      else bytes += sent.size;
      this.#land(sent, now);
    }
    this.#cumulative = cumulative;
    return bytes;
  }

  #land(sent: Sent, now: number): void {
    sent.acked = true;
    if (sent.flying) this.#flight -= sent.size;
    sent.flying = false;
    if (this.#timed?.number !== sent.number) return;
    this.#options.rto.measured(now - this.#timed.at);
    this.#timed = undefined;
  }

  /** Blocks are in order. What was in one before and is in none now counts as missing again. @see RFC 9260 §6.2.1 */
  #markGaps(gaps: SackChunk['gaps'], now: number): { readonly bytes: number; readonly highest: number } {
    let [bytes, highest, at] = [0, 0, 0];
    const last = gaps.at(-1)?.[1] ?? 0;
    const until = this.#gapAcked > 0 ? this.#sent.length : Math.min(this.#sent.length, last);
    for (let index = 0; index < until; index += 1) {
      const sent = this.#sent.at(index);
      if (sent === undefined) break;
      const offset = index + 1;
      while (offset > (gaps[at]?.[1] ?? Infinity)) at += 1;
      const inside = offset >= (gaps[at]?.[0] ?? Infinity);
      if (inside && !sent.acked) {
        this.#land(sent, now);
        this.#gapAcked += 1;
        bytes += sent.size;
        highest = sent.number;
      } else if (!inside && sent.acked) {
        sent.acked = false;
        this.#gapAcked -= 1;
        this.#sendAgain(sent);
      }
    }
    return { bytes, highest };
  }

  /** @param highest number that was confirmed first by this SACK; 0 when none was */
  #countMissing(highest: number, advanced: boolean): void {
    if (this.#gapAcked === 0) return;
    const all = this.#congestion.isRecovering && advanced;
    for (let index = 0, left = this.#gapAcked; left > 0 && index < this.#sent.length; index += 1) {
      const sent = this.#sent.at(index);
      if (sent === undefined) return;
      if (sent.acked) {
        left -= 1;
        continue;
      }
      if (sent.waiting || sent.fastResent || !(all || sent.number < highest)) continue;
      sent.missing += 1;
      if (sent.missing < MISSING_REPORTS) continue;
      sent.fastResent = true;
      if (!this.#congestion.isRecovering) this.#mayExceed = true;
      this.#congestion.lostSome(this.#next - 1);
      this.#sendAgain(sent);
    }
  }

  #sendAgain(sent: Sent): void {
    if (sent.flying) this.#flight -= sent.size;
    sent.flying = false;
    sent.missing = 0;
    if (sent.waiting) return;
    sent.waiting = true;
    this.#again.push(sent);
  }

  #restartTimer(advanced: boolean, now: number): void {
    if (this.#sent.length === this.#gapAcked) this.timeoutAt = undefined;
    else if (advanced || this.timeoutAt === undefined) this.timeoutAt = now + this.#options.rto.ms;
  }

  #lacksRoom(): boolean {
    return (this.#sent.at(0)?.size ?? 0) > this.#advertised;
  }

  /** The peer has room again and has thrown the probe away: it goes now, not when its timer says so. */
  #endProbe(): void {
    const first = this.#sent.at(0);
    if (first === undefined) return;
    this.#options.rto.recover();
    this.#sendAgain(first);
  }

  /** T3-rtx: everything under way counts as lost. @see RFC 9260 §6.3.3, §7.2.3 */
  timedOut(): void {
    this.timeoutAt = undefined;
    this.#congestion.timedOut();
    this.#options.rto.backOff();
    this.#timed = undefined;
    this.#again = new Fifo();
    for (let index = 0; index < this.#sent.length; index += 1) {
      const sent = this.#sent.at(index);
      if (sent === undefined || sent.acked) continue;
      sent.fastResent = false;
      sent.waiting = false;
      this.#sendAgain(sent);
    }
    this.#mayExceed = true;
  }
}
