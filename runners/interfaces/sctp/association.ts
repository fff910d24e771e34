import { CAUSE, CHUNK, type Chunk, type DataChunk, type InitChunk, type Packet } from './chunks.ts';
import { REFLECTED, type Tlv, unknownAction } from './chunks.ts';
import { type AssociationHooks, type AssociationSpec, cause, isDue, records } from './association-spec.ts';
import type { Agreement } from './cookie.ts';
import type { CookieAction } from './handshake.ts';
import { Opening, readInitAck } from './opening.ts';
import { type PacketHead, writeAbort, writeChunk, writeError, writePacket } from './packet-writer.ts';
import { writeShutdown } from './packet-writer.ts';
import { type PathChange, PathMonitor } from './path-monitor.ts';
import { RetransmissionTimeout } from './rto.ts';
import { type Input, RECEIVING, SENDING, type State, STATE_MOVES } from './states.ts';
import { Transfer } from './transfer.ts';
import type { LossReason, SctpMessage } from './types.ts';

/** A machine without clock or socket: packets, commands and instants (in ms) go in, packets and events come out. */
export class Association {
  readonly #spec: AssociationSpec;
  readonly #hooks: AssociationHooks;
  readonly #rto: RetransmissionTimeout;
  readonly #path: PathMonitor;
  readonly #opening: Opening;
  #state: State = 'closed';
  #agreement: Agreement;
  #transfer: Transfer | undefined;
  #shutdownAt: number | undefined;
  #guardAt: number | undefined;

  constructor(spec: AssociationSpec, hooks: AssociationHooks) {
    const { settings } = spec;
    const { random, transmit } = hooks;
    this.#spec = spec;
    this.#hooks = hooks;
    this.#rto = new RetransmissionTimeout(settings);
    const rto = this.#rto;
    this.#path = new PathMonitor({ settings, rto, random, changed: (change) => this.#pathChanged(change) });
    this.#opening = new Opening({ settings, rto, transmit });
    const { outStreams, inStreams } = settings;
    const ours = { localTag: random() || 1, localTsn: random(), outStreams, inStreams };
    this.#agreement = { ...ours, peerTag: 0, peerTsn: 0, peerWindowBytes: 0 };
  }

  get state(): State {
    return this.#state;
  }

  get agreement(): Agreement {
    return this.#agreement;
  }

  /** Of user data that nobody has confirmed. */
  get bufferedBytes(): number {
    return this.#transfer?.sender.bufferedBytes ?? 0;
  }

  /** When `wake` wants to be called next, in ms. */
  get nextWakeAt(): number | undefined {
    if (this.#state === 'closed') return undefined;
    const own = [this.#opening.timeoutAt, this.#shutdownAt, this.#guardAt, this.#path.nextWakeAt];
    let earliest = this.#transfer?.nextWakeAt;
    for (const at of own) if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
    return earliest;
  }

  /** Begins as the one who asks. */
  connect(now: number): void {
    this.#move('associate');
    this.#opening.sendInit(this.#head(), this.#agreement, now);
  }

  /** A cookie of ours has come back. @see RFC 9260 §5.1 (5), §5.2.4 */
  acceptCookie(agreement: Agreement, action: CookieAction, now: number): void {
    if (action === 'discard') return;
    if (action === 'restart' && this.#state === 'shutdownAckSent') {
      this.#control(writeChunk(CHUNK.shutdownAck), writeError([cause(CAUSE.cookieWhileShuttingDown)]));
      return;
    }
    const isOpening = STATE_MOVES[this.#state].cookieAccepted !== undefined;
    const undelivered = this.#transfer?.sender.undelivered ?? 0;
    const isNew = isOpening && (action === 'collide' || this.#transfer === undefined);
    if (action === 'restart' || isNew) this.#take(agreement);
    this.#control(writeChunk(CHUNK.cookieAck));
    if (isOpening) this.#up(now, 'cookieAccepted');
    if (action === 'restart') this.#restarted(undelivered, now);
  }

  /** Whether the packet is of this association, by its tag. @see RFC 9260 §8.5 */
  owns({ tag, chunks }: Packet): boolean {
    const [first] = chunks;
    const { localTag, peerTag } = this.#agreement;
    if ((first?.kind === 'abort' || first?.kind === 'shutdownComplete') && first.reflected) {
      return tag === peerTag && peerTag !== 0;
    }
    return tag === localTag;
  }

  /** One that is not of this association changes nothing. */
  handle(packet: Packet, now: number): void {
    if (!this.owns(packet)) return;
    let withData = false;
    for (const chunk of packet.chunks) {
      if (chunk.kind === 'data') withData = true;
      if (!this.#handleChunk(chunk, now) || this.state === 'closed') break;
    }
    if (withData && RECEIVING.includes(this.#state)) this.#confirm(now);
    this.flush(now);
  }

  /** @param message its bytes are kept, not copied */
  send(message: SctpMessage): void {
    this.#transfer?.sender.enqueue(message);
  }

  /** Sends what may be sent now. */
  flush(now: number): void {
    if (this.#state === 'closed') return;
    if (this.#transfer?.sender.isIdle === true) this.#drained(now);
    this.#transfer?.flush(now, SENDING.includes(this.#state));
  }

  close(now: number): void {
    this.#move('close');
    this.flush(now);
  }

  abort(text: string): void {
    this.#abort(cause(CAUSE.userInitiated, new TextEncoder().encode(text).slice(0, 256)), 'aborted', text);
  }

  /** Does what is due. */
  wake(now: number): void {
    if (isDue(this.#opening.timeoutAt, now) && !this.#opening.again(now)) this.#unreachable();
    if (isDue(this.#shutdownAt, now)) {
      this.#rto.backOff();
      this.#sendShutdown(now);
      this.#path.unanswered();
    }
    if (isDue(this.#guardAt, now)) {
      this.#abort(cause(CAUSE.userInitiated), 'unreachable', 'the shutdown did not come to an end');
    }
    if (this.#transfer?.wake(now) === true) this.#path.unanswered();
    const isIdle = SENDING.includes(this.#state) && this.#transfer?.sender.isFlying === false;
    const heartbeat = this.#path.wake(now, isIdle);
    if (heartbeat !== undefined) this.#control(heartbeat);
    this.flush(now);
  }

  /** Whether the rest of the packet is looked at. */
  #handleChunk(chunk: Chunk, now: number): boolean {
    switch (chunk.kind) {
      case 'data':
        return this.#data(chunk);
      case 'sack':
        return this.#acknowledged(chunk, now);
      case 'initAck':
        return this.#initAck(chunk, now);
      case 'cookieAck':
        if (STATE_MOVES[this.#state].cookieAck !== undefined) this.#up(now, 'cookieAck');
        return true;
      case 'heartbeat':
        this.#control(writeChunk(CHUNK.heartbeatAck, 0, chunk.info));
        return true;
      case 'heartbeatAck':
        this.#path.heartbeatAnswered(chunk.info, now);
        return true;
      case 'abort':
        this.#lost('peerAborted', 'the peer has aborted the association', chunk.causes);
        return false;
      case 'error':
        this.#peerError(chunk.causes, now);
        return true;
      case 'shutdown':
        return this.#peerShutdown(chunk.cumulativeTsn, now);
      case 'shutdownAck':
        this.#shutdownAck();
        return true;
      case 'shutdownComplete':
        if (STATE_MOVES[this.#state].shutdownComplete !== undefined) this.#closed('shutdownComplete');
        return false;
      case 'unknown':
        return this.#unknown(chunk.type, chunk.bytes);
      case 'malformed':
        return this.#violation(`a chunk of type ${chunk.type} cannot be read: ${chunk.why}`);
      case 'init':
      case 'cookieEcho':
        // Those that begin a packet are handled where all associations are known; elsewhere they have no business.
        return false;
    }
  }

  #initAck(chunk: InitChunk, now: number): boolean {
    if (STATE_MOVES[this.#state].initAck === undefined) return true;
    const accepted = readInitAck(this.#agreement, chunk, this.#spec.settings);
    if ('refuse' in accepted) {
      this.#agreement = { ...this.#agreement, peerTag: chunk.tag };
      this.#abort(accepted.refuse, 'peerViolation', 'the INIT ACK of the peer cannot be used');
      return false;
    }
    this.#take(accepted.agreement);
    this.#move('initAck');
    this.#opening.sendCookie(this.#head(), accepted, now);
    return false;
  }

  #take(agreement: Agreement): void {
    this.#agreement = agreement;
    const { mtuBytes, settings } = this.#spec;
    const transfer: Transfer = new Transfer({
      ...{ agreement, mtuBytes, settings, rto: this.#rto, head: this.#head() },
      transmit: this.#hooks.transmit,
      deliver: (message) => this.#hooks.deliver(message, (now) => this.#taken(transfer, message, now)),
    });
    this.#transfer = transfer;
  }

  #up(now: number, input: Input): void {
    this.#move(input);
    this.#opening.timeoutAt = undefined;
    this.#rto.recover();
    const { outStreams, inStreams } = this.#agreement;
    this.#hooks.happened({ type: 'up', outStreams, inStreams });
    this.#path.start(now);
  }

  #restarted(undelivered: number, now: number): void {
    this.#shutdownAt = undefined;
    this.#guardAt = undefined;
    this.#state = 'established';
    this.#path.answered();
    this.#hooks.happened({ type: 'restarted', undelivered });
    this.#path.start(now);
  }

  #data(chunk: DataChunk): boolean {
    if (!RECEIVING.includes(this.#state)) return true;
    const offence = this.#transfer?.data(chunk);
    if (offence !== undefined) this.#abort(offence.cause, 'peerViolation', offence.text);
    return offence === undefined;
  }

  #confirm(now: number): void {
    this.#transfer?.planSack(now, this.#state === 'shutdownSent');
    if (this.#state === 'shutdownSent') this.#sendShutdown(now);
  }

  #taken(transfer: Transfer, message: SctpMessage, now: number): void {
    const hasNews = transfer.taken(message);
    if (hasNews && transfer === this.#transfer && RECEIVING.includes(this.#state)) this.flush(now);
  }

  #acknowledged(sack: Parameters<Transfer['acknowledge']>[0], now: number): boolean {
    if (!SENDING.includes(this.#state)) return true;
    const outcome = this.#transfer?.acknowledge(sack, now);
    if (outcome === 'advanced') this.#path.answered();
    return outcome === 'violation' ? this.#violation('the peer confirmed what was never sent') : true;
  }

  #pathChanged(change: Exclude<PathChange, 'none'>): void {
    if (change === 'failed') this.#unreachable();
    else this.#hooks.happened({ type: change === 'down' ? 'pathDown' : 'pathUp' });
  }

  #unreachable(): void {
    if (this.#state !== 'closed') this.#lost('unreachable', 'the peer does not answer', []);
  }

  #drained(now: number): void {
    if (STATE_MOVES[this.#state].drained === undefined) return;
    this.#move('drained');
    this.#guardAt = now + 5 * this.#spec.settings.rtoMaxMs;
    this.#sendShutdown(now);
  }

  #sendShutdown(now: number): void {
    if (this.#state === 'shutdownSent') this.#control(writeShutdown(this.#transfer?.cumulativeTsn ?? 0));
    else if (this.#state === 'shutdownAckSent') this.#control(writeChunk(CHUNK.shutdownAck));
    else return;
    this.#shutdownAt = now + this.#rto.ms;
  }

  /** What it confirms counts before anything else. */
  #peerShutdown(cumulativeTsn: number, now: number): boolean {
    if (!this.#acknowledged({ cumulativeTsn, gaps: [], rwnd: this.#spec.mtuBytes }, now)) return false;
    if (STATE_MOVES[this.#state].peerShutdown === undefined) return true;
    this.#hooks.happened({ type: 'shutdown' });
    this.#move('peerShutdown');
    this.#sendShutdown(now);
    return true;
  }

  #shutdownAck(): void {
    // Before there is an association, such a packet belongs to one that is gone. @see RFC 9260 §8.5.1 E
    const opening = this.#state === 'cookieWait' || this.#state === 'cookieEchoed';
    if (!opening && STATE_MOVES[this.#state].shutdownAck === undefined) return;
    const complete = writeChunk(CHUNK.shutdownComplete, opening ? REFLECTED : 0);
    this.#hooks.transmit(writePacket(this.#head(), [complete]));
    if (!opening) this.#closed('shutdownAck');
  }

  #closed(input: Input): void {
    this.#move(input);
    this.#hooks.happened({ type: 'closed' });
  }

  /** @see RFC 9260 §5.2.6 */
  #peerError(causes: readonly Tlv[], now: number): void {
    this.#hooks.happened({ type: 'peerError', causes: records(causes) });
    const isStale = causes.some(({ type }) => type === CAUSE.staleCookie);
    if (!isStale || STATE_MOVES[this.#state].staleCookie === undefined) return;
    this.#move('staleCookie');
    this.#transfer = undefined;
    if (this.#opening.staleCookie()) this.#opening.sendInit(this.#head(), this.#agreement, now);
    else this.#unreachable();
  }

  #unknown(type: number, bytes: Uint8Array): boolean {
    const { stop, report } = unknownAction(type, 8);
    if (report) this.#control(writeError([cause(CAUSE.unrecognizedChunk, bytes.slice(0, MAX_SHOWN_BYTES))]));
    return !stop;
  }

  #control(...chunks: readonly Uint8Array[]): void {
    this.#transfer?.control(...chunks);
  }

  #violation(text: string): false {
    this.#abort(cause(CAUSE.protocolViolation), 'peerViolation', text);
    return false;
  }

  #abort(why: Tlv, reason: LossReason, text: string): void {
    if (this.#state === 'closed') return;
    if (this.#agreement.peerTag !== 0) this.#hooks.transmit(writePacket(this.#head(), [writeAbort([why])]));
    this.#lost(reason, text, []);
  }

  #lost(why: LossReason, text: string, causes: readonly Tlv[]): void {
    this.#state = 'closed';
    const undelivered = this.#transfer?.sender.undelivered ?? 0;
    this.#hooks.happened({ type: 'lost', why, text, causes: records(causes), undelivered });
  }

  #move(input: Input): void {
    this.#state = STATE_MOVES[this.#state][input] ?? this.#state;
  }

  #head(): PacketHead {
    const { localPort: sourcePort, peerPort: destinationPort } = this.#spec;
    return { sourcePort, destinationPort, tag: this.#agreement.peerTag };
  }
}

const MAX_SHOWN_BYTES = 512;
