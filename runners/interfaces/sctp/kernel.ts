import { isIPv6 } from 'node:net';
import { untilUp } from './connecting.ts';
import {
  ADD_ADDRESSES,
  CONNECT_TO,
  encapsulate,
  giveAddresses,
  IPPROTO_SCTP,
  setUp,
} from './kernel-options.ts';
import { KernelPoller } from './kernel-poller.ts';
import { KernelSocket, makeMessageBuffers } from './kernel-socket.ts';
import { Mailbox } from './mailbox.ts';
import { resolveHost } from './resolve.ts';
import { DEFAULT_SETTINGS, type SctpSettings } from './settings.ts';
import { readSocketAddress, readSocketPort } from './socket-address.ts';
import { SocketAssociation } from './socket-association.ts';
import { loadSocketCalls, type SocketCalls } from './socket-library.ts';
import type { ConnectOptions, ListenOptions, PeerAddress, SctpAssociation } from './types.ts';
import type { SctpListener, SctpTransport } from './types.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';

export interface KernelOptions {
  /** Address of ours where an association names none, and with it the family; default 0.0.0.0. */
  readonly host?: string;
  readonly settings?: Partial<SctpSettings>;
}

const [AF_INET, AF_INET6] = [2, 10];
const [SOCK_STREAM, SOCK_NONBLOCK, SOCK_CLOEXEC] = [1, 0o4000, 0o2000000];
const [EINPROGRESS, EADDRINUSE] = [115, 98];
const DEFAULT_BACKLOG = 64;

interface Machinery {
  readonly calls: SocketCalls;
  readonly poller: KernelPoller;
}

/** A poller keeps a thread: that is why this is here, once for the process, and not inside an end point. */
let machinery: Machinery | undefined;

/** SCTP by the kernel of the host. `SCTP_TRANSPORT_UNUSABLE` where it has none. */
export function openKernel(options: KernelOptions = {}): SctpTransport {
  if (machinery === undefined) {
    const calls = loadSocketCalls();
    machinery = { calls, poller: new KernelPoller(calls) };
  }
  return new KernelEndpoint(machinery, options);
}

class KernelEndpoint implements SctpTransport {
  readonly name = 'sctp:kernel';
  readonly #calls: SocketCalls;
  readonly #poller: KernelPoller;
  readonly #buffers = makeMessageBuffers();
  readonly #host: string;
  readonly #settings: SctpSettings;
  readonly #associations = new Set<SocketAssociation>();
  readonly #listeners = new Set<SctpListener>();

  constructor({ calls, poller }: Machinery, { host = '0.0.0.0', settings = {} }: KernelOptions) {
    this.#calls = calls;
    this.#poller = poller;
    this.#host = host;
    this.#settings = { ...DEFAULT_SETTINGS, ...settings };
  }

  listen(options: ListenOptions): Promise<SctpListener> {
    const { port, backlog = DEFAULT_BACKLOG, localAddresses = [this.#host] } = options;
    const opened = this.#socket(localAddresses, port);
    if (opened instanceof HarnessError) return Promise.reject(opened);
    if (this.#calls.listen(opened, backlog) !== 0) {
      return Promise.reject(this.#refuse(opened, localAddresses, port));
    }
    const associations = new Mailbox<SctpAssociation>();
    this.#poller.watch(opened, () => this.#accept(opened, associations));
    const listener: SctpListener = {
      ...{ port, associations },
      [Symbol.asyncDispose]: () => {
        if (this.#listeners.delete(listener)) this.#close(opened);
        associations.end();
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
    const { port, localPort = 0, remoteUdpPort, addresses = [], localAddresses = [this.#host] } = options;
    const host = await resolveHost(options.host, familyFor(options.host, localAddresses));
    const fd = this.#socket(localAddresses, localPort);
    if (fd instanceof HarnessError) throw fd;
    if (remoteUdpPort !== undefined && !encapsulate({ calls: this.#calls, fd }, host, remoteUdpPort)) {
      this.#close(fd);
      throw new HarnessError('SCTP_TRANSPORT_UNUSABLE', 'SCTP of this kernel is too old to travel in UDP');
    }
    const all = { name: CONNECT_TO, addresses: [host, ...addresses], port };
    const errno = giveAddresses({ calls: this.#calls, fd }, all);
    if (errno !== 0 && errno !== EINPROGRESS) {
      this.#close(fd);
      throw new HarnessError('SCTP_UNREACHABLE', `${host} port ${port} cannot be reached (error ${errno})`);
    }
    const udp = remoteUdpPort === undefined ? {} : { udpPort: remoteUdpPort };
    const association = this.#adopt(fd, { host, port, ...udp });
    return untilUp(association, options, { start: () => association.service(), signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const listener of this.#listeners) await listener[Symbol.asyncDispose]();
    for (const association of this.#associations) association.abort('the end point is closed');
  }

  /** One that is bound. */
  #socket(addresses: readonly string[], port: number): number | HarnessError {
    const family = addresses.some((address) => isIPv6(address)) ? AF_INET6 : AF_INET;
    const type = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    const fd = Number(this.#calls.socket(family, type, IPPROTO_SCTP));
    if (fd < 0) {
      const why = `the kernel gives no SCTP socket (error ${this.#calls.errno()})`;
      return new HarnessError('SCTP_TRANSPORT_UNUSABLE', why);
    }
    const socket = { calls: this.#calls, fd };
    setUp(socket, this.#settings);
    const errno = giveAddresses(socket, { name: ADD_ADDRESSES, addresses, port });
    return errno === 0 ? fd : this.#refuse(fd, addresses, port);
  }

  #refuse(fd: number, addresses: readonly string[], port: number): HarnessError {
    const errno = this.#calls.errno();
    this.#calls.close(fd);
    const where = `SCTP port ${port} of ${addresses.join(', ')}`;
    return errno === EADDRINUSE
      ? new HarnessError('SCTP_PORT_TAKEN', `${where} is in use already`)
      : new HarnessError('SCTP_TRANSPORT_UNUSABLE', `${where} cannot be had (error ${errno})`);
  }

  #accept(listening: number, waiting: Mailbox<SctpAssociation>): void {
    for (;;) {
      const from = Buffer.alloc(28);
      const length = Buffer.from(Uint32Array.of(from.length).buffer);
      const fd = Number(this.#calls.accept(listening, from, length, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (fd < 0) return;
      const association = this.#adopt(fd, { host: readSocketAddress(from), port: readSocketPort(from) });
      association.service();
      waiting.put(association);
    }
  }

  #adopt(fd: number, peer: PeerAddress): SocketAssociation {
    const shared = { calls: this.#calls, poller: this.#poller, buffers: this.#buffers };
    const socket = new KernelSocket({ ...shared, fd, peer, settings: this.#settings });
    const association: SocketAssociation = new SocketAssociation(socket, {
      whenEnded: () => this.#associations.delete(association),
    });
    this.#associations.add(association);
    this.#poller.watch(fd, () => association.service());
    return association;
  }

  #close(fd: number): void {
    this.#poller.forget(fd);
    this.#calls.close(fd);
  }
}

/** That of the peer's address where ours allow it, otherwise that of ours. */
function familyFor(host: string, ours: readonly string[]): 4 | 6 {
  const families = ours.map((address) => (isIPv6(address) ? 6 : 4));
  const wanted = isIPv6(host) ? 6 : 4;
  return families.includes(wanted) ? wanted : (families[0] ?? 4);
}
