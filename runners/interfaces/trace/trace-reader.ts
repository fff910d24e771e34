import type { Carried } from './protocols.ts';
import { nameOfPpid, protocolOf } from './protocols.ts';
import type { Protocol, ProtocolReader, ReadMessage } from './protocol.ts';

export interface ToRead extends Carried {
  /** Messages of one have a reader of their own. */
  readonly association: number;
  readonly bytes: Uint8Array;
}

export interface TracedMessage extends ReadMessage {
  /** Empty where nobody knows. */
  readonly protocol: string;
}

const MAX_READERS = 1_024;

/** Reads messages of many associations and protocols, as they come. */
export class TraceReader {
  readonly #fallback: Protocol | undefined;
  readonly #readers = new Map<string, ProtocolReader>();

  /** @param fallback for messages of which neither identifier nor port tells the protocol */
  constructor(fallback?: Protocol) {
    this.#fallback = fallback;
  }

  read({ association, bytes, ...carried }: ToRead): TracedMessage {
    const { ppid = 0 } = carried;
    const named = nameOfPpid(ppid);
    const protocol = protocolOf(carried) ?? (named === '' ? this.#fallback : undefined);
    if (protocol === undefined) return { protocol: named, name: '', faults: [], tree: null };
    return {
      protocol: protocol.name,
      ...this.#reader(`${protocol.name} ${association}`, protocol).read(bytes),
    };
  }

  #reader(key: string, protocol: Protocol): ProtocolReader {
    const known = this.#readers.get(key);
    if (known !== undefined) return known;
    const [oldest] = this.#readers.size < MAX_READERS ? [] : this.#readers.keys();
    if (oldest !== undefined) this.#readers.delete(oldest);
    const reader = protocol.open();
    this.#readers.set(key, reader);
    return reader;
  }
}
