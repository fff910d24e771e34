import type { Association } from './association.ts';
import { CAUSE, CHUNK, type InitChunk, type Packet, PARAMETER, REFLECTED } from './chunks.ts';
import { type Agreement, type CookieScope, openCookie, sealCookie } from './cookie.ts';
import { agree, type CookieAction, cookieAction, readInitChunk } from './handshake.ts';
import { writeAbort, writeChunk, writeError, writeInit, writePacket } from './packet-writer.ts';
import type { SctpSettings } from './settings.ts';

/** What answers to packets that begin an association, or belong to none, are made from. Nothing is kept. */
export interface PacketContext {
  readonly scope: CookieScope;
  readonly fromPort: number;
  readonly secret: Uint8Array;
  readonly settings: SctpSettings;
  readonly now: number;
  /** 32 random bits. */
  readonly random: () => number;
  readonly isListening: boolean;
  readonly reply: (packet: Uint8Array) => void;
}

export type WithExisting = PacketContext & { readonly existing: Association | undefined };

/** @see RFC 9260 §5.1, §5.2.1, §5.2.2, §8.4 (3) */
export function answerInit(packet: Packet, init: InitChunk, context: WithExisting): void {
  const { existing, isListening, settings, reply } = context;
  if (packet.chunks.length !== 1 || packet.tag !== 0 || init.kind !== 'init') return;
  // That end is told by the timer of the shutdown. @see RFC 9260 §9.2
  if (existing?.state === 'shutdownAckSent') return;
  const head = headTo(context.scope, init.tag);
  const reading = readInitChunk(init);
  if ('refuse' in reading || (existing === undefined && !isListening)) {
    reply(writePacket(head, [writeAbort('refuse' in reading ? [reading.refuse] : [])]));
    return;
  }
  const agreement = agree(ownHalf(context), init, settings);
  const ties = tieTags(existing);
  const lifeMs = settings.cookieLifeMs + reading.extraLifeMs;
  const content = { ...agreement, ...ties, createdAt: context.now, lifeMs };
  const cookie = sealCookie(content, context.scope, context.secret);
  const ack = writeInit({
    kind: 'initAck',
    tag: agreement.localTag,
    tsn: agreement.localTsn,
    rwnd: settings.receiveWindowBytes,
    outStreams: settings.outStreams,
    inStreams: settings.inStreams,
    parameters: [{ type: PARAMETER.stateCookie, value: cookie }, ...reading.unrecognized],
  });
  reply(writePacket(head, [ack]));
}

/** While both ends open, ours keeps its tag; otherwise the peer may have restarted, and gets a new one. */
function ownHalf({ existing, random }: WithExisting): { readonly tag: number; readonly tsn: number } {
  if (existing?.state === 'cookieWait' || existing?.state === 'cookieEchoed') {
    return { tag: existing.agreement.localTag, tsn: existing.agreement.localTsn };
  }
  return { tag: random() || 1, tsn: random() };
}

function tieTags(existing: Association | undefined): {
  readonly localTieTag: number;
  readonly peerTieTag: number;
} {
  if (existing === undefined || existing.state === 'cookieWait') return { localTieTag: 0, peerTieTag: 0 };
  return { localTieTag: existing.agreement.localTag, peerTieTag: existing.agreement.peerTag };
}

/** What a cookie that is ours and fresh asks for; otherwise it is answered, or ignored, here. @see RFC 9260 §5.1.5, §5.2.4 */
export function acceptCookieEcho(
  packet: Packet,
  cookie: Uint8Array,
  context: WithExisting,
): { readonly agreement: Agreement; readonly action: CookieAction } | undefined {
  const content = openCookie(cookie, context.scope, context.secret);
  if (content === undefined || content.localTag !== packet.tag) return undefined;
  const { existing, now } = context;
  const action = existing === undefined ? 'collide' : cookieAction(content, existing.agreement);
  if (action === 'discard') return undefined;
  const lateMs = now - content.createdAt - content.lifeMs;
  if (lateMs > 0 && action !== 'repeat') {
    const value = new Uint8Array(4);
    new DataView(value.buffer).setUint32(0, Math.min(lateMs * 1_000, 0xffffffff));
    const error = writeError([{ type: CAUSE.staleCookie, value }]);
    context.reply(writePacket(headTo(context.scope, content.peerTag), [error]));
    return undefined;
  }
  return { agreement: content, action };
}

/** A packet that belongs to no association ("out of the blue"). @see RFC 9260 §8.4 */
export function answerStray(packet: Packet, { scope, reply }: PacketContext): void {
  const kinds = packet.chunks.map(({ kind }) => kind);
  if (kinds.includes('abort') || kinds.includes('shutdownComplete') || kinds.includes('cookieAck')) return;
  if (packet.chunks.some((chunk) => chunk.kind === 'error' && chunk.causes.some(isStaleCookie))) return;
  const head = headTo(scope, packet.tag);
  const complete = writeChunk(CHUNK.shutdownComplete, REFLECTED);
  reply(writePacket(head, [kinds.includes('shutdownAck') ? complete : writeAbort([], true)]));
}

function isStaleCookie({ type }: { readonly type: number }): boolean {
  return type === CAUSE.staleCookie;
}

function headTo({ localPort, peerPort }: CookieScope, tag: number) {
  return { sourcePort: localPort, destinationPort: peerPort, tag };
}
