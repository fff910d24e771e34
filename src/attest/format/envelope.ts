import { type Reason, reason } from '../../kernel/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kernel/json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { decodeBase64, fromBase64, toBase64 } from './base64.ts';
import { readJson } from './json-reader.ts';
import { isJsonList } from './strict-json.ts';

export const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
export const MAX_ENVELOPE_BYTES = 64 * 1024 * 1024;
export const MAX_SIGNATURES = 64;

export interface Signature {
  /** A hint that nothing vouches for. */
  readonly keyid?: string;
  readonly sig: Uint8Array;
}

/** A DSSE v1.0.2 envelope with its base64 undone. */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: Uint8Array;
  readonly signatures: readonly Signature[];
}

/** With the bytes that its signatures are over; the payload is the end of those. */
export interface SignedEnvelope extends Envelope {
  readonly signedBytes: Uint8Array;
}

const utf8 = new TextEncoder();
const PIECE_BYTES = 8_192;
let piece = new Uint8Array(0);
/** Made once: it would be a tenth of the cost of signing something short. */
const OWN_HEAD = headOf(PAYLOAD_TYPE);

/**
 * The bytes that are signed: `DSSEv1 LEN(type) type LEN(body) body`, lengths in bytes as decimal ASCII.
 * @see DSSE v1.0.2, protocol.md
 */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const bytes = roomForPayload(payloadType, payload.length);
  bytes.set(payload, bytes.length - payload.length);
  return bytes;
}

/** The same without the payload, for which there is room at the end. */
function roomForPayload(payloadType: string, length: number): Uint8Array {
  const head = payloadType === PAYLOAD_TYPE ? OWN_HEAD : headOf(payloadType);
  const size = `${length} `;
  const bytes = freshBytes(head.length + size.length + length);
  bytes.set(head);
  for (let index = 0; index < size.length; index += 1) bytes[head.length + index] = size.charCodeAt(index);
  return bytes;
}

/** Short ones are cut from a larger piece, no byte of it twice: making a buffer for each takes a part of signing it. */
function freshBytes(length: number): Uint8Array {
  if (length > PIECE_BYTES / 2) return new Uint8Array(length);
  if (piece.length < length) piece = new Uint8Array(PIECE_BYTES);
  const bytes = piece.subarray(0, length);
  piece = piece.subarray(length);
  return bytes;
}

function headOf(payloadType: string): Uint8Array {
  return utf8.encode(`DSSEv1 ${utf8.encode(payloadType).length} ${payloadType} `);
}

/** Standard base64 with padding, members in a fixed order, one line feed at the end. */
export function renderEnvelope(envelope: Envelope): Uint8Array {
  return utf8.encode(`${JSON.stringify(envelopeJson(envelope), null, 1)}\n`);
}

/** The same on one line, as files of JSON lines hold several. */
export function renderEnvelopeLine(envelope: Envelope): string {
  return `${JSON.stringify(envelopeJson(envelope))}\n`;
}

/** Standard base64 with padding, members in a fixed order. */
export function envelopeJson({ payloadType, payload, signatures }: Envelope): JsonObject {
  return {
    payloadType,
    payload: toBase64(payload),
    signatures: signatures.map(({ keyid, sig }) => ({
      ...(keyid === undefined ? {} : { keyid }),
      sig: toBase64(sig),
    })),
  };
}

/** Reads an envelope of anybody's making: either base64 alphabet; unknown members are ignored, as DSSE asks. */
export function parseEnvelope(bytes: Uint8Array): Result<SignedEnvelope, Reason> {
  if (bytes.length > MAX_ENVELOPE_BYTES) {
    return err(
      reason('VERIFY_ENVELOPE_TOO_LARGE', `the envelope is larger than ${MAX_ENVELOPE_BYTES} bytes`),
    );
  }
  const json = readJson(bytes, { payload: 'bytes' });
  if (!json.ok) return json;
  const { payloadType, payload, signatures }: Partial<Record<string, unknown>> = isJsonObject(json.value)
    ? json.value
    : {};
  if (typeof payloadType !== 'string' || !(payload instanceof Uint8Array) || !isJsonList(signatures)) {
    return malformed('payload, payloadType and signatures are expected');
  }
  if (payloadType !== PAYLOAD_TYPE) {
    return err(reason('VERIFY_PAYLOAD_TYPE', `payloadType is ${quote(payloadType)}, not ${PAYLOAD_TYPE}`));
  }
  const parsed = parseSignatures(signatures);
  if (!parsed.ok) return parsed;
  const body = decodePayload(payloadType, payload);
  return body === undefined ? notBase64('payload') : ok({ payloadType, ...body, signatures: parsed.value });
}

/** Into the place where it is signed, so that there is one copy of it. */
function decodePayload(
  payloadType: string,
  text: Uint8Array,
): Pick<SignedEnvelope, 'payload' | 'signedBytes'> | undefined {
  let signedBytes = text;
  const payload = decodeBase64(text, (length) => {
    signedBytes = roomForPayload(payloadType, length);
    return signedBytes.subarray(signedBytes.length - length);
  });
  return payload === undefined ? undefined : { payload, signedBytes };
}

function parseSignatures(signatures: readonly Json[]): Result<readonly Signature[], Reason> {
  if (signatures.length === 0) return malformed('the envelope has no signature');
  if (signatures.length > MAX_SIGNATURES) {
    return err(
      reason('VERIFY_TOO_MANY_SIGNATURES', `${signatures.length} signatures, over ${MAX_SIGNATURES}`),
    );
  }
  const parsed: Signature[] = [];
  for (const [index, signature] of signatures.entries()) {
    const one = parseSignature(signature, `signatures[${index}]`);
    if (!one.ok) return one;
    parsed.push(one.value);
  }
  return ok(parsed);
}

function parseSignature(value: Json, where: string): Result<Signature, Reason> {
  const { keyid, sig } = isJsonObject(value) ? value : {};
  if (typeof sig !== 'string') return malformed(`${where}.sig is expected`);
  if (keyid !== undefined && typeof keyid !== 'string') return malformed(`${where}.keyid is not a text`);
  const bytes = fromBase64(sig);
  if (bytes === undefined) return notBase64(`${where}.sig`);
  return ok({ ...(keyid === undefined ? {} : { keyid }), sig: bytes });
}

function malformed(text: string): Result<never, Reason> {
  return err(reason('VERIFY_ENVELOPE_MALFORMED', text));
}

function notBase64(where: string): Result<never, Reason> {
  return err(reason('VERIFY_BASE64', `${where} is not base64`));
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
