import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { err, ok, type Result } from '../../../src/kernel/result.ts';

/** How the packets of a security association are protected. */
export type EspTransform =
  /** AES-GCM with an ICV of 16 octets. @see RFC 4106 */
  | { readonly kind: 'aes-gcm'; readonly key: Uint8Array; readonly salt: Uint8Array }
  /** Nothing is hidden; HMAC-SHA-256-128 shows what was changed. @see RFC 2410, RFC 4868 */
  | { readonly kind: 'null'; readonly key: Uint8Array };

export interface SecurityAssociation {
  /** 1 to 2^32-1; up to 255 are reserved. @see RFC 4303 §2.1 */
  readonly spi: number;
  readonly transform: EspTransform;
}

/** What a packet of ESP carries. */
export interface EspContents {
  /** Counts up from 1. */
  readonly sequence: number;
  /** As in IP: 4 for a packet of IPv4, that is, a tunnel. */
  readonly nextHeader: number;
  readonly payload: Uint8Array;
}

export const ESP_HEADER_BYTES = 8;
export const ICV_BYTES = 16;
const IV_BYTES = 8;
const ALIGNMENT = 4;
const TRAILER_BYTES = 2;

/** A packet of ESP. @see RFC 4303 §2 */
export function sealEsp(
  { spi, transform }: SecurityAssociation,
  { sequence, nextHeader, payload }: EspContents,
): Uint8Array {
  const header = new Uint8Array(ESP_HEADER_BYTES);
  new DataView(header.buffer).setUint32(0, spi);
  new DataView(header.buffer).setUint32(4, sequence);
  const plain = padded(payload, nextHeader);
  if (transform.kind === 'null') {
    const shown = Buffer.concat([header, plain]);
    return Buffer.concat([shown, macOf(transform.key, shown)]);
  }
  const iv = new Uint8Array(IV_BYTES);
  // A counter never repeats, which is all that is asked of it. @see RFC 4106 §3.1
  new DataView(iv.buffer).setUint32(4, sequence);
  const cipher = createCipheriv(cipherFor(transform.key), transform.key, nonceOf(transform.salt, iv));
  cipher.setAAD(header);
  return Buffer.concat([header, iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** What is in a packet of ESP; else why it is thrown away. */
export function openEsp(
  { spi, transform }: SecurityAssociation,
  packet: Uint8Array,
): Result<EspContents, string> {
  const ivBytes = transform.kind === 'null' ? 0 : IV_BYTES;
  if (packet.length < ESP_HEADER_BYTES + ivBytes + ALIGNMENT + ICV_BYTES) return err('too short for ESP');
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  if (view.getUint32(0) !== spi) return err(`SPI ${view.getUint32(0)} is not known`);
  const plain = transform.kind === 'null' ? shownIn(transform.key, packet) : hiddenIn(transform, packet);
  if (plain === undefined) return err('the integrity check value is wrong');
  const [padBytes = 0, nextHeader = 0] = plain.subarray(-TRAILER_BYTES);
  const end = plain.length - TRAILER_BYTES - padBytes;
  if (end < 0) return err('there is more padding than packet');
  return ok({ sequence: view.getUint32(4), nextHeader, payload: plain.subarray(0, end) });
}

function shownIn(key: Uint8Array, packet: Uint8Array): Uint8Array | undefined {
  const shown = packet.subarray(0, -ICV_BYTES);
  const isRight = timingSafeEqual(macOf(key, shown), packet.subarray(-ICV_BYTES));
  return isRight ? shown.subarray(ESP_HEADER_BYTES) : undefined;
}

function hiddenIn(
  { key, salt }: Extract<EspTransform, { kind: 'aes-gcm' }>,
  packet: Uint8Array,
): Uint8Array | undefined {
  const from = ESP_HEADER_BYTES + IV_BYTES;
  const decipher = createDecipheriv(
    cipherFor(key),
    key,
    nonceOf(salt, packet.subarray(ESP_HEADER_BYTES, from)),
  );
  decipher.setAAD(packet.subarray(0, ESP_HEADER_BYTES));
  decipher.setAuthTag(packet.subarray(-ICV_BYTES));
  const plain = decipher.update(packet.subarray(from, -ICV_BYTES));
  try {
    decipher.final();
  } catch {
    // Node tells a wrong tag by an error without a code.
    return undefined;
  }
  return plain;
}

/** Padding counts up from 1. @see RFC 4303 §2.4 */
function padded(payload: Uint8Array, nextHeader: number): Uint8Array {
  const padBytes = (ALIGNMENT - ((payload.length + TRAILER_BYTES) % ALIGNMENT)) % ALIGNMENT;
  const plain = new Uint8Array(payload.length + padBytes + TRAILER_BYTES);
  plain.set(payload);
  for (let index = 0; index < padBytes; index += 1) plain[payload.length + index] = index + 1;
  plain.set([padBytes, nextHeader], plain.length - TRAILER_BYTES);
  return plain;
}

function cipherFor(key: Uint8Array): 'aes-128-gcm' | 'aes-256-gcm' {
  return key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
}

function nonceOf(salt: Uint8Array, iv: Uint8Array): Uint8Array {
  return Buffer.concat([salt, iv]);
}

function macOf(key: Uint8Array, shown: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(shown).digest().subarray(0, ICV_BYTES);
}
