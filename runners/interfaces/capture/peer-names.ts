import { type InitChunk, PARAMETER } from '../sctp/chunks.ts';
import type { EndPoint } from './end-point.ts';
import { ipText } from './ip-address.ts';
import { Limited } from './limited.ts';

const MAX_NAMES = 4_096;

/** Ends with several addresses, each told by the first one that was seen. @see RFC 9260 §3.3.2.1, §6.4 */
export class PeerNames {
  readonly #first = new Limited<string>(MAX_NAMES);

  /** The other addresses that an end names when it opens an association. */
  learn(end: EndPoint, { parameters }: InitChunk): void {
    for (const { type, value } of parameters) {
      const isAddress =
        (type === PARAMETER.ipv4 && value.length === 4) || (type === PARAMETER.ipv6 && value.length === 16);
      if (!isAddress) continue;
      const host = ipText(value);
      if (host !== end.host) this.#first.set(`${host} ${end.port}`, end.host);
    }
  }

  nameOf(end: EndPoint): EndPoint {
    if (this.#first.size === 0) return end;
    const host = this.#first.get(`${end.host} ${end.port}`);
    return host === undefined ? end : { ...end, host };
  }
}
