import { suiteName } from './cipher-suites.ts';
import { GROUP_NAMES, GROUPS } from './client-hello.ts';
import { versionName } from './versions.ts';

/** What a server answered to a ClientHello. */
export type HelloReply =
  | {
      readonly kind: 'server-hello';
      readonly version: string;
      readonly suite: string;
      /** Compression method: 0 is none. */
      readonly compression: number;
      /** Named group of the key share (TLS 1.3) or the key exchange (TLS 1.2 and older), where it is known. */
      readonly group?: string;
      /** Size of the modulus of a finite-field exchange with a group of the server's own, in bits. */
      readonly dhBits?: number;
    }
  | { readonly kind: 'alert'; readonly fatal: boolean; readonly description: string }
  | { readonly kind: 'not-tls'; readonly firstBytes: string };

export type HelloProgress =
  { readonly state: 'more' } | { readonly state: 'done'; readonly reply: HelloReply };

/** More than this before a decision is no hand-shake but an attack. A flight with long chains is some 16 KiB. */
export const MAX_FLIGHT_BYTES = 128 * 1024;

const MORE: HelloProgress = { state: 'more' };
const RECORD = { alert: 21, handshake: 22 } as const;
const MESSAGE = { serverHello: 2, serverKeyExchange: 12, serverHelloDone: 14 } as const;
const ALERTS: Readonly<Record<number, string>> = {
  0: 'close_notify',
  10: 'unexpected_message',
  20: 'bad_record_mac',
  22: 'record_overflow',
  40: 'handshake_failure',
  42: 'bad_certificate',
  43: 'unsupported_certificate',
  44: 'certificate_revoked',
  45: 'certificate_expired',
  46: 'certificate_unknown',
  47: 'illegal_parameter',
  48: 'unknown_ca',
  49: 'access_denied',
  50: 'decode_error',
  51: 'decrypt_error',
  70: 'protocol_version',
  71: 'insufficient_security',
  80: 'internal_error',
  86: 'inappropriate_fallback',
  90: 'user_canceled',
  109: 'missing_extension',
  110: 'unsupported_extension',
  112: 'unrecognized_name',
  116: 'certificate_required',
  120: 'no_application_protocol',
};

/**
 * Reads the first flight of a server from all bytes so far. With `keyExchange` it reads on to the ServerKeyExchange
 * of TLS 1.2 and older, where the group stands; otherwise the ServerHello is enough.
 * Bytes that are no TLS are a reply too, never an exception.
 * @see RFC 5246 §6.2, §7.4; RFC 8446 §4.1.3
 */
export function readFlight(bytes: Buffer, { keyExchange }: { keyExchange: boolean }): HelloProgress {
  const { handshake, alert, foreign } = splitRecords(bytes);
  let hello: Extract<HelloReply, { kind: 'server-hello' }> | undefined;
  let at = 0;
  while (at + 4 <= handshake.byteLength) {
    const type = handshake[at];
    const end = at + 4 + handshake.readUIntBE(at + 1, 3);
    if (end > handshake.byteLength) break;
    const message = handshake.subarray(at + 4, end);
    at = end;
    if (hello === undefined) {
      hello = type === MESSAGE.serverHello ? parseServerHello(message) : undefined;
      if (hello === undefined) return notTls(bytes);
      if (!keyExchange || hello.version === 'TLSv1.3') return done(hello);
    } else if (type === MESSAGE.serverKeyExchange) {
      return done({ ...hello, ...exchangeOf(hello.suite, message) });
    } else if (type === MESSAGE.serverHelloDone) return done(hello);
  }
  if (hello !== undefined && (alert !== undefined || foreign)) return done(hello);
  if (alert !== undefined) return done(alert);
  return foreign || bytes.byteLength > MAX_FLIGHT_BYTES ? notTls(bytes) : MORE;
}

interface Records {
  readonly handshake: Buffer;
  readonly alert?: Extract<HelloReply, { kind: 'alert' }>;
  /** Something that is no TLS record of a first flight. */
  readonly foreign: boolean;
}

/** A warning alert, such as unrecognized_name, may stand before the ServerHello: only a fatal one ends the flight. */
function splitRecords(bytes: Buffer): Records {
  const parts: Buffer[] = [];
  let at = 0;
  let foreign = false;
  while (at + 5 <= bytes.byteLength) {
    const type = bytes[at];
    const length = bytes.readUInt16BE(at + 3);
    if (bytes[at + 1] !== 3 || length > 0x4800) {
      foreign = true;
      break;
    }
    if (at + 5 + length > bytes.byteLength) break;
    const content = bytes.subarray(at + 5, at + 5 + length);
    at += 5 + length;
    if (type === RECORD.handshake) parts.push(content);
    else if (type === RECORD.alert && content.byteLength === 2) {
      const [level, description = 255] = content;
      if (level === 2) return { handshake: Buffer.concat(parts), alert: alertOf(description), foreign };
    } else {
      foreign = true;
      break;
    }
  }
  const start = bytes.subarray(at);
  if (start.byteLength > 0 && start[0] !== RECORD.handshake && start[0] !== RECORD.alert) foreign = true;
  return { handshake: Buffer.concat(parts), foreign };
}

function alertOf(description: number): Extract<HelloReply, { kind: 'alert' }> {
  return { kind: 'alert', fatal: true, description: ALERTS[description] ?? `alert ${description}` };
}

function parseServerHello(message: Buffer): Extract<HelloReply, { kind: 'server-hello' }> | undefined {
  const sessionLength = message[34];
  if (sessionLength === undefined || message.byteLength < 35 + sessionLength + 3) return undefined;
  const at = 35 + sessionLength;
  const extensions = parseExtensions(message.subarray(at + 3));
  const version = extensions.get(43);
  const share = extensions.get(51);
  const group = share !== undefined && share.byteLength >= 2 ? groupName(share.readUInt16BE(0)) : undefined;
  return {
    kind: 'server-hello',
    version: versionName(version?.byteLength === 2 ? version.readUInt16BE(0) : message.readUInt16BE(0)),
    suite: suiteName(message.readUInt16BE(at)),
    compression: message.readUInt8(at + 2),
    ...(group === undefined ? {} : { group }),
  };
}

function parseExtensions(bytes: Buffer): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  let at = 2;
  while (at + 4 <= bytes.byteLength) {
    const end = at + 4 + bytes.readUInt16BE(at + 2);
    if (end > bytes.byteLength) break;
    found.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, end));
    at = end;
  }
  return found;
}

/** RFC 8422 §5.4 (curve type 3: a named one) and RFC 5246 §7.4.3 (the modulus comes first). */
function exchangeOf(suite: string, message: Buffer): { group?: string; dhBits?: number } {
  if (suite.startsWith('TLS_ECDH')) {
    return message.byteLength >= 3 && message[0] === 3 ? { group: groupName(message.readUInt16BE(1)) } : {};
  }
  if (!/^TLS_DHE?_/u.test(suite) || message.byteLength < 2) return {};
  const modulus = message.subarray(2, 2 + message.readUInt16BE(0));
  const first = modulus.findIndex((byte) => byte !== 0);
  if (first < 0) return {};
  return { dhBits: (modulus.byteLength - first) * 8 - Math.clz32(modulus[first] ?? 0) + 24 };
}

function groupName(code: number): string {
  return GROUP_NAMES.find((name) => GROUPS[name] === code) ?? `0x${code.toString(16).padStart(4, '0')}`;
}

function done(reply: HelloReply): HelloProgress {
  return { state: 'done', reply };
}

function notTls(bytes: Buffer): HelloProgress {
  return done({ kind: 'not-tls', firstBytes: bytes.subarray(0, 16).toString('hex') });
}
