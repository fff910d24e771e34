import { CAUSE, DATA_FLAG, type DataChunk, type SackChunk, type Tlv } from './chunks.ts';
import type { Agreement } from './cookie.ts';
import { type PacketHead, PacketWriter, writeError, writeSack } from './packet-writer.ts';
import { Receiver } from './receiver.ts';
import type { RetransmissionTimeout } from './rto.ts';
import { type SackOutcome, Sender } from './sender.ts';
import type { SctpSettings } from './settings.ts';
import type { SctpMessage } from './types.ts';

export interface TransferOptions {
  readonly head: PacketHead;
  readonly agreement: Agreement;
  readonly mtuBytes: number;
  readonly settings: SctpSettings;
  readonly rto: RetransmissionTimeout;
  readonly transmit: (packet: Uint8Array) => void;
  readonly deliver: (message: SctpMessage) => void;
}

/** Why the association has to be aborted. */
export interface Offence {
  readonly cause: Tlv;
  readonly text: string;
}

/** Both directions of an association that has tags: what is sent and received, and when that is confirmed. */
export class Transfer {
  readonly #options: TransferOptions;
  readonly #writer: PacketWriter;
  readonly #sender: Sender;
  readonly #receiver: Receiver;
  readonly #control: Uint8Array[] = [];
  #unackedPackets = 0;
  #sackDue = false;
  #sackAt: number | undefined;
  #wasAnswered = false;

  constructor(options: TransferOptions) {
    const { agreement, mtuBytes, settings, rto } = options;
    this.#options = options;
    this.#writer = new PacketWriter(mtuBytes);
    const { localTsn, peerTsn, outStreams, inStreams, peerWindowBytes } = agreement;
    this.#sender = new Sender({ initialTsn: localTsn, outStreams, peerWindowBytes, mtuBytes, rto });
    const { receiveWindowBytes: windowBytes, maxMessageBytes } = settings;
    const receiving = { initialTsn: peerTsn, inStreams, windowBytes, maxMessageBytes, mtuBytes };
    this.#receiver = new Receiver(receiving, options.deliver);
  }

  get sender(): Pick<Sender, 'isIdle' | 'isFlying' | 'undelivered' | 'bufferedBytes' | 'enqueue'> {
    return this.#sender;
  }

  get cumulativeTsn(): number {
    return this.#receiver.cumulativeTsn;
  }

  get nextWakeAt(): number | undefined {
    const [sackAt, resendAt] = [this.#sackAt, this.#sender.timeoutAt];
    return sackAt === undefined || resendAt === undefined ? (sackAt ?? resendAt) : Math.min(sackAt, resendAt);
  }

  /** Goes with the next packet, before any DATA. */
  control(...chunks: readonly Uint8Array[]): void {
    this.#control.push(...chunks);
  }

  data(chunk: DataChunk): Offence | undefined {
    const { stream, flags, bytes } = chunk;
    if (bytes.length === 0) return offence(CAUSE.noUserData, 'DATA without user data', tsnOf(chunk));
    const outcome = this.#receiver.data(chunk);
    if (outcome === 'violation') {
      return offence(CAUSE.protocolViolation, 'fragments or stream numbers that contradict each other');
    }
    if (outcome === 'tooLarge') return offence(CAUSE.outOfResource, 'a message above the limit');
    if (outcome === 'invalidStream') {
      const value = new Uint8Array([stream >>> 8, stream & 0xff, 0, 0]);
      this.control(writeError([{ type: CAUSE.invalidStream, value }]));
    }
    if (outcome !== 'fresh' || (flags & DATA_FLAG.immediate) !== 0) this.#sackDue = true;
    return undefined;
  }

  /** A packet with DATA is through: confirmed at once for every second one, and when something is missing. @see RFC 9260 §6.2 */
  planSack(now: number, atOnce: boolean): void {
    this.#unackedPackets += 1;
    if (atOnce || this.#unackedPackets >= 2 || this.#receiver.hasGaps) this.#sackDue = true;
    else this.#sackAt ??= now + this.#options.settings.sackDelayMs;
  }

  /** Whether the peer has to hear of it now. */
  taken(message: SctpMessage): boolean {
    const hasNews = this.#receiver.taken(message);
    if (hasNews) this.#sackDue = true;
    return hasNews;
  }

  acknowledge(sack: Omit<SackChunk, 'kind' | 'duplicates'>, now: number): SackOutcome {
    const outcome = this.#sender.acknowledge(sack, now);
    if (outcome === 'same') this.#wasAnswered = true;
    return outcome;
  }

  /** Whether something was given up for lost and the peer did not even say that it has no room. @see RFC 9260 §6.1 A */
  wake(now: number): boolean {
    if (this.#sackAt !== undefined && this.#sackAt <= now) this.#sackDue = true;
    const { timeoutAt } = this.#sender;
    if (timeoutAt === undefined || timeoutAt > now) return false;
    const alive = this.#sender.isProbing && this.#wasAnswered;
    this.#wasAnswered = false;
    this.#sender.timedOut();
    return !alive;
  }

  /** Sends what may be sent now. @param sends whether user data still goes out */
  flush(now: number, sends: boolean): void {
    const { settings, transmit, head } = this.#options;
    for (let left = settings.maxBurstPackets; ; left -= 1) {
      const mayData = sends && left > 0;
      this.#fillControl(mayData && this.#unackedPackets > 0 && this.#sender.hasSomething);
      if (mayData) this.#sender.fill(this.#writer, now);
      if (this.#writer.isEmpty) return;
      transmit(this.#writer.finish(head));
    }
  }

  #fillControl(bundles: boolean): void {
    // What the handshake leaves here comes before everything else.
    while (this.#control[0] !== undefined && this.#writer.add(this.#control[0])) this.#control.shift();
    if (!this.#sackDue && !bundles) return;
    const sack = writeSack(this.#receiver.sack());
    if (!this.#writer.add(sack)) return;
    this.#sackDue = false;
    this.#unackedPackets = 0;
    this.#sackAt = undefined;
  }
}

function offence(type: number, text: string, value: Uint8Array = new Uint8Array(0)): Offence {
  return { cause: { type, value }, text: `the peer sent ${text}` };
}

function tsnOf({ tsn }: DataChunk): Uint8Array {
  const value = new Uint8Array(4);
  new DataView(value.buffer).setUint32(0, tsn);
  return value;
}
