import type { Carrier } from './carrier.ts';
import { DEFAULT_UDP_PORT, refuseAddresses, untilUp } from './connecting.ts';
import { AskedHeartbeats, type Heartbeats } from './heartbeats.ts';
import { Mailbox } from './mailbox.ts';
import { DEFAULT_SETTINGS, type SctpSettings } from './settings.ts';
import { SocketAssociation } from './socket-association.ts';
import type { ConnectOptions, ListenOptions, SctpAssociation, SctpListener, SctpTransport } from './types.ts';
import type { Tunable } from './usrsctp-library.ts';
import { connAddress, readConnAddress, type Serviced, UsrsctpRuntime } from './usrsctp-runtime.ts';
import { UsrsctpSocket } from './usrsctp-socket.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';

export interface UsrsctpOptions {
  readonly carrier: Carrier;
  readonly settings?: Partial<SctpSettings>;
}

const [AF_CONN, SOCK_STREAM, IPPROTO_SCTP] = [123, 1, 132];
const OPTION = { initialStreams: 3, noDelay: 4, receiveInfo: 0x1f, event: 0x1e } as const;
/** Association change, peer address change, remote error, shutdown. */
const EVENTS = [1, 2, 3, 5];
const ADDRESS_BYTES = 16;
const DEFAULT_BACKLOG = 64;

/** The library keeps one state for the whole process, whatever we do: that is why this is here and not inside an end point. */
let runtime: UsrsctpRuntime | undefined;

/** SCTP by libusrsctp on a carrier of UDP or IP, which it owns. `SCTP_TRANSPORT_UNUSABLE` when the library is not there. */
export function openUsrsctp(options: UsrsctpOptions): SctpTransport {
  runtime ??= new UsrsctpRuntime();
  return new UsrsctpEndpoint(runtime, options);
}

class UsrsctpEndpoint implements SctpTransport {
  readonly name: 'sctp:usrsctp' | 'sctp:usrsctp-raw';
  readonly #runtime: UsrsctpRuntime;
  readonly #carrier: Carrier;
  readonly #settings: SctpSettings;
  readonly #associations = new Set<SocketAssociation>();
  readonly #listeners = new Set<SctpListener>();
  readonly #heartbeats = new AskedHeartbeats();

  constructor(shared: UsrsctpRuntime, { carrier, settings }: UsrsctpOptions) {
    this.#runtime = shared;
    this.#carrier = carrier;
    this.#settings = { ...DEFAULT_SETTINGS, ...settings };
    this.name = carrier.transport === 'sctp:ts-raw' ? 'sctp:usrsctp-raw' : 'sctp:usrsctp';
    shared.attach(carrier, (packet) => this.#heartbeats.heard(packet));
  }

  listen({ port, backlog = DEFAULT_BACKLOG, localAddresses }: ListenOptions): Promise<SctpListener> {
    const refused = refuseAddresses(this.name, { localAddresses });
    if (refused !== undefined) return Promise.reject(refused);
    const { library } = this.#runtime;
    const so = this.#socket();
    const bound = library.bind(so, connAddress(port, 0), ADDRESS_BYTES);
    if (bound !== 0 || library.listen(so, backlog) !== 0) {
      library.close(so);
      return Promise.reject(new HarnessError('SCTP_PORT_TAKEN', `SCTP port ${port} is listened on already`));
    }
    const associations = new Mailbox<SctpAssociation>();
    const serviced: Serviced = { service: () => this.#accept(so, associations) };
    this.#runtime.add(serviced);
    const listener: SctpListener = {
      ...{ port, associations },
      [Symbol.asyncDispose]: () => {
        if (this.#listeners.delete(listener)) {
          this.#runtime.delete(serviced);
          library.close(so);
          associations.end();
        }
        return Promise.resolve();
      },
    };
    this.#listeners.add(listener);
    return Promise.resolve(listener);
  }

  async connect(
    options: ConnectOptions,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<SctpAssociation> {
    signal.throwIfAborted();
    const refused = refuseAddresses(this.name, options);
    if (refused !== undefined) throw refused;
    const host = await this.#carrier.resolve(options.host);
    const udpPort = this.name === 'sctp:usrsctp' ? (options.remoteUdpPort ?? DEFAULT_UDP_PORT) : 0;
    const remote = { host, port: udpPort };
    const number = this.#runtime.numberOf(this.#carrier, remote);
    const so = this.#socket();
    const { library } = this.#runtime;
    if (library.bind(so, connAddress(options.localPort ?? 0, 0), ADDRESS_BYTES) !== 0) {
      library.close(so);
      throw new HarnessError('SCTP_PORT_TAKEN', `SCTP port ${options.localPort ?? 0} cannot be had`);
    }
    const association = this.#adopt(so, number, options.port);
    const start = (): void => void library.connect(so, connAddress(options.port, number), ADDRESS_BYTES);
    return untilUp(association, options, { start, signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const listener of this.#listeners) await listener[Symbol.asyncDispose]();
    for (const association of this.#associations) association.abort('the end point is closed');
    this.#runtime.detach(this.#carrier);
    await this.#carrier[Symbol.asyncDispose]();
  }

  /** What a socket begins with is what the library has as default at that moment. */
  #socket(): number | bigint {
    const { library } = this.#runtime;
    for (const [name, value] of defaults(this.#settings)) library.tune(name, value);
    const so = library.socket(AF_CONN, SOCK_STREAM, IPPROTO_SCTP, null, null, 0, null);
    library.nonBlocking(so, 1);
    const { outStreams, inStreams } = this.#settings;
    const streams = Buffer.alloc(8);
    streams.writeUInt16LE(outStreams, 0);
    streams.writeUInt16LE(inStreams, 2);
    const set = (name: number, value: Buffer) =>
      library.setOption(so, IPPROTO_SCTP, name, value, value.length);
    set(OPTION.initialStreams, streams);
    const on = Buffer.from([1, 0, 0, 0]);
    set(OPTION.noDelay, on);
    set(OPTION.receiveInfo, on);
    for (const type of EVENTS) set(OPTION.event, Buffer.from([0, 0, 0, 0, type, 0, 1, 0]));
    return so;
  }

  #adopt(so: number | bigint, peerNumber: number, peerPort: number): SocketAssociation {
    const { library } = this.#runtime;
    const address = this.#runtime.addressOf(peerNumber);
    const udp = address === undefined || address.port === 0 ? {} : { udpPort: address.port };
    const peer = { host: address?.host ?? '', port: peerPort, ...udp };
    const transport = this.name;
    const socket = new UsrsctpSocket({ transport, library, so, peer, settings: this.#settings });
    const association: SocketAssociation = new SocketAssociation(socket, {
      heartbeats: this.#heartbeatsTo(peerNumber, peerPort),
      whenEnded: () => {
        this.#associations.delete(association);
        this.#runtime.delete(association);
        this.#runtime.use(peerNumber, false);
      },
    });
    this.#associations.add(association);
    this.#runtime.use(peerNumber, true);
    this.#runtime.add(association);
    return association;
  }

  /** The library does not tell the tag of a peer, but sends under it. */
  #heartbeatsTo(peerNumber: number, peerPort: number): Heartbeats {
    return {
      ask: () => {
        const [head, to] = [this.#runtime.lastHead(peerNumber), this.#runtime.addressOf(peerNumber)];
        if (head?.destinationPort !== peerPort || to === undefined) return null;
        return this.#heartbeats.ask(head, (packet) => this.#carrier.send(packet, to));
      },
    };
  }

  #accept(listening: number | bigint, waiting: Mailbox<SctpAssociation>): void {
    const { library } = this.#runtime;
    for (;;) {
      const from = Buffer.alloc(32);
      const so = library.accept(listening, from, [from.length]);
      if (Number(so) === 0) return;
      library.nonBlocking(so, 1);
      const { port, number } = readConnAddress(from);
      const association = this.#adopt(so, number, port);
      association.service();
      waiting.put(association);
    }
  }
}

function defaults(settings: SctpSettings): readonly (readonly [Tunable, number])[] {
  return [
    ['ecn_enable', 0],
    ['asconf_enable', 0],
    ['recvspace', settings.receiveWindowBytes],
    ['sendspace', Math.max(settings.sendBufferBytes, settings.maxMessageBytes)],
    ['rto_max_default', settings.rtoMaxMs],
    ['rto_min_default', settings.rtoMinMs],
    ['rto_initial_default', settings.rtoInitialMs],
    ['init_rtx_max_default', settings.maxInitRetransmits],
    ['assoc_rtx_max_default', settings.associationMaxRetransmits],
    ['path_rtx_max_default', settings.pathMaxRetransmits],
    ['heartbeat_interval_default', settings.heartbeatIntervalMs],
    ['delayed_sack_time_default', settings.sackDelayMs],
  ];
}
