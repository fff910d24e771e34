import { createHmac, timingSafeEqual } from 'node:crypto';

/** What both ends agreed on in INIT and INIT ACK. Tags and TSNs are ours and the peer's; windows in bytes. */
export interface Agreement {
  readonly localTag: number;
  readonly peerTag: number;
  readonly localTsn: number;
  readonly peerTsn: number;
  readonly peerWindowBytes: number;
  readonly outStreams: number;
  readonly inStreams: number;
}

/** What is needed to make an association, and nothing of it is kept until it comes back. @see RFC 9260 §5.1.3 */
export interface CookieContent extends Agreement {
  readonly createdAt: number;
  readonly lifeMs: number;
  /** Tags of the association that existed when the INIT came; 0 when none did. @see RFC 9260 §5.2.1, §5.2.2 */
  readonly localTieTag: number;
  readonly peerTieTag: number;
}

/** Ports and address that the cookie is good for. */
export interface CookieScope {
  readonly host: string;
  readonly localPort: number;
  readonly peerPort: number;
}

const MAC_BYTES = 32;
const BODY_BYTES = 48;

/** @param secret of this end point, 32 random octets */
export function sealCookie(content: CookieContent, scope: CookieScope, secret: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(MAC_BYTES + BODY_BYTES);
  const view = new DataView(bytes.buffer, MAC_BYTES);
  view.setFloat64(0, content.createdAt);
  view.setUint32(8, content.lifeMs);
  view.setUint32(12, content.localTag);
  view.setUint32(16, content.peerTag);
  view.setUint32(20, content.localTsn);
  view.setUint32(24, content.peerTsn);
  view.setUint32(28, content.peerWindowBytes);
  view.setUint16(32, content.outStreams);
  view.setUint16(34, content.inStreams);
  view.setUint32(36, content.localTieTag);
  view.setUint32(40, content.peerTieTag);
  bytes.set(macOf(bytes.subarray(MAC_BYTES), scope, secret));
  return bytes;
}

/** `undefined` when it is none of ours, or was made for another peer. Its age is for the caller to judge. */
export function openCookie(
  cookie: Uint8Array,
  scope: CookieScope,
  secret: Uint8Array,
): CookieContent | undefined {
  if (cookie.length !== MAC_BYTES + BODY_BYTES) return undefined;
  const body = cookie.subarray(MAC_BYTES);
  if (!timingSafeEqual(cookie.subarray(0, MAC_BYTES), macOf(body, scope, secret))) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  return {
    createdAt: view.getFloat64(0),
    lifeMs: view.getUint32(8),
    localTag: view.getUint32(12),
    peerTag: view.getUint32(16),
    localTsn: view.getUint32(20),
    peerTsn: view.getUint32(24),
    peerWindowBytes: view.getUint32(28),
    outStreams: view.getUint16(32),
    inStreams: view.getUint16(34),
    localTieTag: view.getUint32(36),
    peerTieTag: view.getUint32(40),
  };
}

function macOf(body: Uint8Array, { host, localPort, peerPort }: CookieScope, secret: Uint8Array): Uint8Array {
  return createHmac('sha256', secret).update(body).update(`${host}/${localPort}/${peerPort}`).digest();
}
