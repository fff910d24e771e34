import { isIP } from 'node:net';
import { captureHead, capturedPacket } from './write-capture.ts';
import { ipPacketAround } from './write-ip.ts';

/** Where a packet of SCTP came from or went to; `port` is one of UDP, 0 where packets travel on IP itself. */
export interface TapAddress {
  readonly host: string;
  readonly port: number;
}

export interface TapOptions {
  /** What the interface is called in the file. */
  readonly name: string;
  /** Milliseconds since 1970, with fractions. */
  readonly nowMs: () => number;
  /** Of the file; what comes when it is full is counted only. */
  readonly maxBytes: number;
}

/** Makes a capture of what a transport in user space sends and receives: the packets as they are in IP, or in UDP. */
export class TapRecorder {
  readonly #options: TapOptions;
  readonly #records: Uint8Array[];
  #bytes: number;
  #packets = 0;
  #left = 0;

  constructor(options: TapOptions) {
    const head = captureHead([{ name: options.name }]);
    this.#options = options;
    this.#records = [head];
    this.#bytes = head.length;
  }

  get packets(): number {
    return this.#packets;
  }

  /** Packets that had no place. */
  get leftOut(): number {
    return this.#left;
  }

  /** A tap as transports take it. */
  readonly tap = (packet: Uint8Array, from: TapAddress, to: TapAddress): void => {
    const timeNs = BigInt(Math.round(this.#options.nowMs() * 1000)) * 1000n;
    const [source, destination] = [concrete(from, to), concrete(to, from)];
    const record = capturedPacket(ipPacketAround(packet, source, destination), timeNs);
    if (this.#bytes + record.length > this.#options.maxBytes) {
      this.#left += 1;
      return;
    }
    this.#records.push(record);
    this.#bytes += record.length;
    this.#packets += 1;
  };

  /** The file as far as it is. */
  file(): Uint8Array {
    const file = new Uint8Array(this.#bytes);
    let at = 0;
    for (const record of this.#records) {
      file.set(record, at);
      at += record.length;
    }
    return file;
  }
}

/** A socket that is bound to every address is known by none: on the loopback it is the same as that of the other end. */
function concrete({ host, port }: TapAddress, other: TapAddress): { host: string; udpPort?: number } {
  const isLoopback = other.host.startsWith('127.') || other.host === '::1';
  const isAny = host === '0.0.0.0' || host === '::';
  const known = isAny && isLoopback ? other.host : host;
  const address = isIP(known) === isIP(other.host) ? known : isIP(other.host) === 6 ? '::' : '0.0.0.0';
  return port === 0 ? { host: address } : { host: address, udpPort: port };
}
