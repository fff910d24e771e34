import type { DecodedPdu } from '../ap/codec.ts';
import * as e1ap from '../e1ap/codec.ts';
import * as e2ap from '../e2/codec.ts';
import { elementName } from '../e2/messages.ts';
import * as f1ap from '../f1ap/codec.ts';
import * as ngap from '../ngap/codec.ts';
import { PerError } from '../per/error.ts';
import { isObject } from '../per/values.ts';
import * as xnap from '../xnap/codec.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { redactNas } from './redact-nas.ts';

interface Codec {
  readonly decodePdu: (bytes: Uint8Array) => Pick<DecodedPdu, 'pdu' | 'faults'>;
  readonly encodePdu: (pdu: unknown) => Uint8Array;
  readonly elementName: (id: number) => string | undefined;
}

/** By the names of the protocols. */
const CODECS: ReadonlyMap<string, Codec> = new Map<string, Codec>([
  ['E2AP', { ...e2ap, elementName }],
  ['NGAP', { ...ngap, elementName: (id) => ngap.RULES.elementName(id) }],
  ['F1AP', { ...f1ap, elementName: (id) => f1ap.RULES.elementName(id) }],
  ['E1AP', { ...e1ap, elementName: (id) => e1ap.RULES.elementName(id) }],
  ['XnAP', { ...xnap, elementName: (id) => xnap.RULES.elementName(id) }],
]);

/** What is an identity by itself, by the name of its element or component, and what it is of. */
const IDENTITIES: ReadonlyMap<string, string> = new Map([
  ...['fiveG-TMSI', 'fiveG-TMSI-Part1'].map((name) => [name, 'tmsi'] as const),
  ...['fiveG-S-TMSI', 'UEIdentityIndexValue', 'indexLength10'].map((name) => [name, 'derived'] as const),
  ['MaskedIMEISV', 'imeisv'],
]);

/** Keys that protect what a subscriber says, and messages of RRC, which may hold identities and are not read. */
const SECRETS =
  /^(?:SecurityKey|nextHopNH|key-NG-RAN-Star|encryptionKey|integrityProtectionKey|.*RRC-?Container.*|rrc-Context)$/iu;

/**
 * The same message with other identities, as long as before, without keys; `undefined` when it cannot be read: then nobody knows what
 * is in it. @param protocol its name
 */
export function redactMessage(
  protocol: string,
  bytes: Uint8Array,
  pseudonyms: Pseudonyms,
): Uint8Array | undefined {
  const codec = CODECS.get(protocol);
  // What is changed must not be the octets that were read.
  const decoded = codec?.decodePdu(new Uint8Array(bytes));
  if (codec === undefined || decoded === undefined || decoded.faults.length > 0) return undefined;
  new Redaction(codec, pseudonyms).walk(decoded.pdu, '');
  try {
    const redacted = codec.encodePdu(decoded.pdu);
    return redacted.length === bytes.length ? redacted : undefined;
  } catch (error) {
    if (!(error instanceof PerError)) throw error;
    return undefined;
  }
}

class Redaction {
  readonly #codec: Codec;
  readonly #pseudonyms: Pseudonyms;

  constructor(codec: Codec, pseudonyms: Pseudonyms) {
    this.#codec = codec;
    this.#pseudonyms = pseudonyms;
  }

  /** @param name of the element or component that a value is of */
  walk(value: unknown, name: string): void {
    if (value instanceof Uint8Array) this.#octets(value, name);
    else if (Array.isArray(value)) for (const item of value) this.walk(item, name);
    else if (isObject(value)) this.#parts(value, name);
  }

  #parts(value: Readonly<Record<string, unknown>>, name: string): void {
    const { bits, length, id } = value;
    if (bits instanceof Uint8Array && typeof length === 'number') {
      this.#octets(bits, name);
      clearBehind(bits, length);
      return;
    }
    const element = typeof id === 'number' && 'value' in value ? this.#codec.elementName(id) : undefined;
    for (const [key, part] of Object.entries(value))
      this.walk(part, element !== undefined && key === 'value' ? element : isNamed(key) ? key : name);
  }

  #octets(octets: Uint8Array, name: string): void {
    const kind = IDENTITIES.get(name);
    if (kind !== undefined) this.#pseudonyms.octets(kind, octets);
    else if (/^nas-pdu$/iu.test(name)) redactNas(octets, this.#pseudonyms);
    else if (SECRETS.test(name)) octets.fill(0);
  }
}

/** Names of alternatives that only say how long something is keep the name of what they are in. */
function isNamed(key: string): boolean {
  return key !== 'value' && key !== 'bits';
}

/** What fills up the last octet of a string of bits is zero. */
function clearBehind(bits: Uint8Array, length: number): void {
  const last = bits.length - 1;
  if (length % 8 > 0 && last >= 0) bits[last] = (bits[last] ?? 0) & (0xff << (8 - (length % 8)));
}
