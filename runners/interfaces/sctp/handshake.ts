import { CAUSE, type InitChunk, PARAMETER, type Tlv, unknownAction } from './chunks.ts';
import type { Agreement } from './cookie.ts';
import type { SctpSettings } from './settings.ts';
import { writeTlvs } from './packet-writer.ts';

/** Parameters that are known and say nothing to an end with one address each. */
const UNDERSTOOD: readonly number[] = [
  PARAMETER.ipv4,
  PARAMETER.ipv6,
  PARAMETER.stateCookie,
  PARAMETER.unrecognized,
  PARAMETER.cookiePreservative,
  PARAMETER.supportedAddressTypes,
];
const MAX_EXTRA_LIFE_MS = 60_000;
/** Less would not carry one packet. @see RFC 9260 §3.3.2 */
const MIN_WINDOW_BYTES = 1_500;
const MAX_REPORTED_BYTES = 512;

export interface InitReading {
  readonly cookie: Uint8Array | undefined;
  /** As unrecognized parameters are reported: each a whole parameter in itself. */
  readonly unrecognized: readonly Tlv[];
  readonly extraLifeMs: number;
}

/** What an INIT or INIT ACK says, or the cause to abort with. @see RFC 9260 §3.3.2, §5.1, §3.2.1 */
export function readInitChunk(init: InitChunk): InitReading | { readonly refuse: Tlv } {
  if (init.tag === 0 || init.outStreams === 0 || init.inStreams === 0 || init.rwnd < MIN_WINDOW_BYTES) {
    return { refuse: { type: CAUSE.invalidParameter, value: new Uint8Array(0) } };
  }
  const found: { cookie: Uint8Array | undefined; unrecognized: Tlv[]; extraLifeMs: number } = {
    cookie: undefined,
    unrecognized: [],
    extraLifeMs: 0,
  };
  let reported = 0;
  for (const parameter of init.parameters) {
    const { type, value } = parameter;
    if (type === PARAMETER.hostName) {
      return { refuse: { type: CAUSE.unresolvableAddress, value: writeTlvs([parameter]) } };
    }
    if (type === PARAMETER.stateCookie) found.cookie = value;
    if (type === PARAMETER.cookiePreservative && value.length === 4) found.extraLifeMs = extraLife(value);
    if (UNDERSTOOD.includes(type)) continue;
    const { stop, report } = unknownAction(type, 16);
    reported += value.length + 4;
    if (report && reported <= MAX_REPORTED_BYTES) {
      found.unrecognized.push({ type: PARAMETER.unrecognized, value: writeTlvs([parameter]) });
    }
    if (stop) break;
  }
  return found;
}

function extraLife(value: Uint8Array): number {
  const wanted = new DataView(value.buffer, value.byteOffset, value.byteLength).getUint32(0);
  return Math.min(wanted, MAX_EXTRA_LIFE_MS);
}

/** Each way carries as many streams as its sender offers and its receiver takes. @see RFC 9260 §5.1.1 */
export function agree(
  ours: { readonly tag: number; readonly tsn: number },
  theirs: InitChunk,
  settings: SctpSettings,
): Agreement {
  return {
    localTag: ours.tag,
    localTsn: ours.tsn,
    peerTag: theirs.tag,
    peerTsn: theirs.tsn,
    peerWindowBytes: theirs.rwnd,
    outStreams: Math.min(settings.outStreams, theirs.inStreams),
    inStreams: Math.min(settings.inStreams, theirs.outStreams),
  };
}

/** What to do with a cookie that came while there is an association. @see RFC 9260 §5.2.4, table 12 */
export type CookieAction = 'restart' | 'collide' | 'repeat' | 'discard';

export function cookieAction(
  cookie: Pick<Agreement, 'localTag' | 'peerTag'> & {
    readonly localTieTag: number;
    readonly peerTieTag: number;
  },
  own: { readonly localTag: number; readonly peerTag: number },
): CookieAction {
  const localMatches = cookie.localTag === own.localTag;
  const peerMatches = cookie.peerTag === own.peerTag;
  if (localMatches) return peerMatches ? 'repeat' : 'collide';
  const tied = cookie.localTieTag === own.localTag && cookie.peerTieTag === own.peerTag;
  return !peerMatches && tied ? 'restart' : 'discard';
}
