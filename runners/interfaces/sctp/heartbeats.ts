import { randomBytes } from 'node:crypto';
import { CHUNK, PARAMETER, type Tlv } from './chunks.ts';
import { readPacket, readTlvs } from './packet-reader.ts';
import { type PacketHead, writeChunk, writePacket, writeTlvs } from './packet-writer.ts';

/** HEARTBEATs of who uses an association, beside those of its stack. @see RFC 9260 §8.3 */
export interface Heartbeats {
  /** Sends one; null while the association is not up, or its stack has not shown yet under which tag. */
  ask(): Heartbeat | null;
}

export interface Heartbeat {
  /** HEARTBEAT ACKs that have come so far. A second one shows that the peer was asked the same twice. */
  readonly answers: number;
}

/** More than stacks say there: the packets of one case are alike in length, and unlike all others. */
const INFO_BYTES = 256;
const MARK_BYTES = 16;
/** Of the latest, the answers are counted. */
const MAX_ASKED = 1_024;

/** Sends HEARTBEATs that can be told from all others, and counts what answers each. The stack makes nothing of these answers. */
export class AskedHeartbeats {
  readonly #asked = new Map<string, { answers: number }>();

  ask(head: PacketHead, send: (packet: Uint8Array) => void): Heartbeat {
    const value = randomBytes(INFO_BYTES);
    const asked = { answers: 0 };
    const [oldest] = this.#asked.size < MAX_ASKED ? [] : this.#asked.keys();
    if (oldest !== undefined) this.#asked.delete(oldest);
    this.#asked.set(markOf(value), asked);
    const info = writeTlvs([{ type: PARAMETER.heartbeatInfo, value }]);
    send(writePacket(head, [writeChunk(CHUNK.heartbeat, 0, info)]));
    return asked;
  }

  /** Every packet that comes. */
  heard(packet: Uint8Array): void {
    if (this.#asked.size === 0) return;
    const read = readPacket(packet);
    if (!read.ok) return;
    for (const chunk of read.value.chunks) if (chunk.kind === 'heartbeatAck') this.#answered(chunk.info);
  }

  #answered(info: Uint8Array): void {
    const [first]: readonly Tlv[] = readTlvs(info) ?? [];
    const asked = first?.value.length === INFO_BYTES ? this.#asked.get(markOf(first.value)) : undefined;
    if (asked !== undefined) asked.answers += 1;
  }
}

function markOf(value: Uint8Array): string {
  return Buffer.from(value.subarray(0, MARK_BYTES)).toString('hex');
}
