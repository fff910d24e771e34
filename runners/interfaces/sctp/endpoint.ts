import { randomBytes } from 'node:crypto';
import { acceptCookieEcho, answerInit, answerStray, type PacketContext } from './answers.ts';
import { type Carrier, type CarrierAddress, SYSTEM_TIMERS, type Timers } from './carrier.ts';
import type { Packet } from './chunks.ts';
import { DEFAULT_UDP_PORT, refuseAddresses, untilUp } from './connecting.ts';
import { AskedHeartbeats } from './heartbeats.ts';
import { LiveAssociation } from './live-association.ts';
import { Mailbox } from './mailbox.ts';
import { readPacket } from './packet-reader.ts';
import { DEFAULT_SETTINGS, type SctpSettings } from './settings.ts';
import type { ConnectOptions, ListenOptions, SctpAssociation, SctpListener, SctpTransport } from './types.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';

export interface EndpointOptions {
  readonly carrier: Carrier;
  readonly settings?: Partial<SctpSettings>;
  readonly timers?: Timers;
  /** 32 random bits; only tests give their own. */
  readonly random?: () => number;
}

interface Listening {
  readonly backlog: number;
  readonly waiting: Mailbox<SctpAssociation>;
}

const MAX_ASSOCIATIONS = 4_096;
const DEFAULT_BACKLOG = 64;
const EPHEMERAL = { first: 49_152, count: 16_384 };

/** Those of this process that get the packets of an address together: what is for one of them is no stray to the others. */
const SHARING = new Set<Endpoint>();

/** SCTP in this process, on any carrier. It owns the carrier: disposing it aborts every association and closes it. */
export function openEndpoint(options: EndpointOptions): SctpTransport {
  return new Endpoint(options);
}

class Endpoint implements SctpTransport {
  readonly #carrier: Carrier;
  readonly #settings: SctpSettings;
  readonly #timers: Timers;
  readonly #random: () => number;
  readonly #secret = randomBytes(32);
  readonly #listening = new Map<number, Listening>();
  /** By host and both ports; one for each UDP port that such a peer speaks from. */
  readonly #associations = new Map<string, LiveAssociation[]>();
  readonly #heartbeats = new AskedHeartbeats();
  #count = 0;

  constructor({ carrier, settings, timers = SYSTEM_TIMERS, random = random32 }: EndpointOptions) {
    this.#carrier = carrier;
    this.#settings = { ...DEFAULT_SETTINGS, ...settings };
    this.#timers = timers;
    this.#random = random;
    if (carrier.sharedAddress !== undefined) SHARING.add(this);
    carrier.receive((bytes, from) => {
      this.#heartbeats.heard(bytes);
      this.#receive(bytes, from);
    });
  }

  get name(): SctpTransport['name'] {
    return this.#carrier.transport;
  }

  listen({ port, backlog = DEFAULT_BACKLOG, localAddresses }: ListenOptions): Promise<SctpListener> {
    const refused = refuseAddresses(this.name, { localAddresses });
    if (refused !== undefined) return Promise.reject(refused);
    if (this.#listening.has(port)) {
      return Promise.reject(new HarnessError('SCTP_PORT_TAKEN', `SCTP port ${port} is listened on already`));
    }
    const waiting = new Mailbox<SctpAssociation>();
    this.#listening.set(port, { backlog, waiting });
    const stop = (): Promise<void> => {
      this.#listening.delete(port);
      waiting.end();
      return Promise.resolve();
    };
    return Promise.resolve({ port, associations: waiting, [Symbol.asyncDispose]: stop });
  }

  async connect(
    options: ConnectOptions,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<SctpAssociation> {
    signal.throwIfAborted();
    const refused = refuseAddresses(this.name, options);
    if (refused !== undefined) throw refused;
    const host = await this.#carrier.resolve(options.host);
    const udpPort =
      this.#carrier.transport === 'sctp:ts-udp' ? (options.remoteUdpPort ?? DEFAULT_UDP_PORT) : 0;
    const remote = { host, port: udpPort };
    const localPort = options.localPort ?? this.#freePort(host, options.port);
    const taken = this.#associations.get(keyOf(host, localPort, options.port)) ?? [];
    if (taken.some((live) => live.remote.port === udpPort)) {
      throw new HarnessError(
        'SCTP_PORT_TAKEN',
        `there is an association from SCTP port ${localPort} already`,
      );
    }
    const live = this.#open({ remote, localPort, peerPort: options.port });
    const start = (): void => {
      live.machine.connect(this.#timers.now());
      live.settle();
    };
    return untilUp(live, options, { start, signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    SHARING.delete(this);
    for (const { waiting } of this.#listening.values()) waiting.end();
    this.#listening.clear();
    for (const live of [...this.#associations.values()].flat()) live.abort('the end point is closed');
    await this.#carrier[Symbol.asyncDispose]();
  }

  #receive(bytes: Uint8Array, from: CarrierAddress): void {
    const read = readPacket(bytes);
    if (!read.ok) return;
    const packet = read.value;
    const peers = this.#associations.get(keyOf(from.host, packet.destinationPort, packet.sourcePort)) ?? [];
    const existing = peers.find(({ remote }) => remote.port === from.port);
    const [first] = packet.chunks;
    if (this.#isOfAnother(packet.destinationPort) && !this.#uses(packet.destinationPort)) return;
    const context = this.#context(packet, from);
    if (first?.kind === 'init') answerInit(packet, first, { ...context, existing: existing?.machine });
    else if (first?.kind === 'cookieEcho') this.#cookieEcho(packet, first.cookie, { ...context, existing });
    else if (!this.#deliver(peers, packet, from) && !this.#deliverElsewhere(packet) && existing === undefined)
      answerStray(packet, context);
  }

  #context({ sourcePort, destinationPort }: Packet, from: CarrierAddress): PacketContext {
    return {
      scope: { host: from.host, localPort: destinationPort, peerPort: sourcePort },
      fromPort: from.port,
      secret: this.#secret,
      settings: this.#settings,
      now: this.#timers.now(),
      random: this.#random,
      isListening: this.#listening.has(destinationPort),
      reply: (packet) => this.#carrier.send(packet, from),
    };
  }

  #deliver(peers: readonly LiveAssociation[], packet: Packet, from: CarrierAddress): boolean {
    for (const live of peers) {
      if (!live.machine.owns(packet)) continue;
      // Before it is handled, so that answers find the peer where it is now. @see RFC 6951 §5.4
      live.remote = from;
      this.#handle(live, packet);
      return true;
    }
    return false;
  }

  /**
   * A peer with several addresses speaks from any of them, and tries whether we are reached from all: its tag, which nobody else knows, tells
   * it. It goes on being answered where it was found. @see RFC 9260 §5.1.2, §8.3
   */
  #deliverElsewhere(packet: Packet): boolean {
    const { sourcePort, destinationPort } = packet;
    for (const list of this.#associations.values())
      for (const live of list) {
        if (live.localPort !== destinationPort || live.peer.port !== sourcePort) continue;
        if (!live.machine.owns(packet)) continue;
        this.#handle(live, packet);
        return true;
      }
    return false;
  }

  #handle(live: LiveAssociation, packet: Packet): void {
    live.machine.handle(packet, this.#timers.now());
    live.settle();
  }

  #cookieEcho(
    packet: Packet,
    cookie: Uint8Array,
    context: PacketContext & { readonly existing: LiveAssociation | undefined },
  ): void {
    const accepted = acceptCookieEcho(packet, cookie, { ...context, existing: context.existing?.machine });
    if (accepted === undefined) return;
    const live = context.existing ?? this.#admit(packet, context);
    if (live === undefined) return;
    live.machine.acceptCookie(accepted.agreement, accepted.action, context.now);
    live.machine.handle(
      { ...packet, tag: live.machine.agreement.localTag, chunks: packet.chunks.slice(1) },
      context.now,
    );
    live.settle();
  }

  /** A new association for whoever listens; `undefined` when there is no place for it. */
  #admit({ sourcePort, destinationPort }: Packet, context: PacketContext): LiveAssociation | undefined {
    const listening = this.#listening.get(destinationPort);
    if (listening === undefined || this.#count >= MAX_ASSOCIATIONS) return undefined;
    if (listening.waiting.length >= listening.backlog) return undefined;
    const remote = { host: context.scope.host, port: context.fromPort };
    const live = this.#open({ remote, localPort: destinationPort, peerPort: sourcePort });
    listening.waiting.put(live);
    return live;
  }

  #open(
    where: Pick<ConstructorParameters<typeof LiveAssociation>[0], 'remote' | 'localPort' | 'peerPort'>,
  ): LiveAssociation {
    const key = keyOf(where.remote.host, where.localPort, where.peerPort);
    const live: LiveAssociation = new LiveAssociation({
      ...where,
      transport: this.#carrier.transport,
      mtuBytes: this.#carrier.mtuBytes,
      settings: this.#settings,
      timers: this.#timers,
      random: this.#random,
      transmit: (packet, to) => this.#carrier.send(packet, to),
      ask: (head, to) => this.#heartbeats.ask(head, (packet) => this.#carrier.send(packet, to)),
      ended: () => this.#forget(key, live),
    });
    this.#associations.set(key, [...(this.#associations.get(key) ?? []), live]);
    this.#count += 1;
    return live;
  }

  #forget(key: string, live: LiveAssociation): void {
    const left = (this.#associations.get(key) ?? []).filter((other) => other !== live);
    if (left.length === 0) this.#associations.delete(key);
    else this.#associations.set(key, left);
    this.#count -= 1;
  }

  #freePort(host: string, peerPort: number): number {
    for (;;) {
      const port = EPHEMERAL.first + (this.#random() % EPHEMERAL.count);
      const isTaken = this.#associations.has(keyOf(host, port, peerPort)) || this.#listening.has(port);
      if (!isTaken && !this.#isOfAnother(port)) return port;
    }
  }

  #uses(port: number): boolean {
    if (this.#listening.has(port)) return true;
    for (const list of this.#associations.values())
      if (list.some(({ localPort }) => localPort === port)) return true;
    return false;
  }

  /** Whether another end point of this process uses that port of the same address. */
  #isOfAnother(port: number): boolean {
    const { sharedAddress } = this.#carrier;
    if (sharedAddress === undefined) return false;
    for (const other of SHARING)
      if (other !== this && other.#carrier.sharedAddress === sharedAddress && other.#uses(port)) return true;
    return false;
  }
}

function keyOf(host: string, localPort: number, peerPort: number): string {
  return `${host} ${localPort} ${peerPort}`;
}

function random32(): number {
  return randomBytes(4).readUInt32LE();
}
