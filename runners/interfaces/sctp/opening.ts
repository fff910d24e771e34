import { CAUSE, CHUNK, type InitChunk, PARAMETER, type Tlv } from './chunks.ts';
import type { Agreement } from './cookie.ts';
import { agree, readInitChunk } from './handshake.ts';
import { type PacketHead, writeChunk, writeError, writeInit, writePacket } from './packet-writer.ts';
import type { RetransmissionTimeout } from './rto.ts';
import type { SctpSettings } from './settings.ts';

const EXTRA_COOKIE_LIFE_MS = 10_000;

export interface OpeningOptions {
  readonly settings: SctpSettings;
  readonly rto: RetransmissionTimeout;
  readonly transmit: (packet: Uint8Array) => void;
}

/** The side that asks: INIT, then COOKIE ECHO, each until it is answered or was sent too often. @see RFC 9260 §5.1 */
export class Opening {
  readonly #options: OpeningOptions;
  #tries = 0;
  #preserveMs = 0;
  #packet: Uint8Array = new Uint8Array(0);
  /** When the answer counts as lost; the T1 timer. */
  timeoutAt: number | undefined;

  constructor(options: OpeningOptions) {
    this.#options = options;
  }

  sendInit(head: PacketHead, { localTag: tag, localTsn: tsn }: Agreement, now: number): void {
    const { receiveWindowBytes: rwnd, outStreams, inStreams } = this.#options.settings;
    const value = new Uint8Array(4);
    new DataView(value.buffer).setUint32(0, this.#preserveMs);
    const parameters = this.#preserveMs === 0 ? [] : [{ type: PARAMETER.cookiePreservative, value }];
    const init = writeInit({ kind: 'init', tag, tsn, rwnd, outStreams, inStreams, parameters });
    this.#packet = writePacket({ ...head, tag: 0 }, [init]);
    this.#send(now);
  }

  sendCookie(head: PacketHead, accepted: AcceptedInitAck, now: number): void {
    const causes = accepted.unrecognized.map(({ value }) => ({ type: CAUSE.unrecognizedParameters, value }));
    const errors = causes.length === 0 ? [] : [writeError(causes)];
    this.#packet = writePacket(head, [writeChunk(CHUNK.cookieEcho, 0, accepted.cookie), ...errors]);
    this.#tries = 0;
    this.#send(now);
  }

  /** No answer in time. `false`: it was sent too often. */
  again(now: number): boolean {
    this.#tries += 1;
    this.#options.rto.backOff();
    if (this.#tries > this.#options.settings.maxInitRetransmits) return false;
    this.#send(now);
    return true;
  }

  /** The cookie took too long: the next INIT asks for one that lives longer. `false`: that was asked too often. */
  staleCookie(): boolean {
    this.#preserveMs += EXTRA_COOKIE_LIFE_MS;
    return this.#preserveMs <= EXTRA_COOKIE_LIFE_MS * this.#options.settings.maxInitRetransmits;
  }

  #send(now: number): void {
    this.#options.transmit(this.#packet);
    this.timeoutAt = now + this.#options.rto.ms;
  }
}

export interface AcceptedInitAck {
  readonly agreement: Agreement;
  readonly cookie: Uint8Array;
  readonly unrecognized: readonly Tlv[];
}

/** What an INIT ACK makes of our offer, or the cause to abort with. */
export function readInitAck(
  ours: Agreement,
  chunk: InitChunk,
  settings: SctpSettings,
): AcceptedInitAck | { readonly refuse: Tlv } {
  const reading = readInitChunk(chunk);
  if ('refuse' in reading) return reading;
  const { cookie, unrecognized } = reading;
  if (cookie === undefined) {
    const value = new Uint8Array([0, 0, 0, 1, 0, PARAMETER.stateCookie]);
    return { refuse: { type: CAUSE.missingParameter, value } };
  }
  return {
    agreement: agree({ tag: ours.localTag, tsn: ours.localTsn }, chunk, settings),
    cookie,
    unrecognized,
  };
}
