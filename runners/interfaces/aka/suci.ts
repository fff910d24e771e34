import {
  createCipheriv,
  createECDH,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type ECDH,
  generateKeyPairSync,
  type KeyObject,
  timingSafeEqual,
} from 'node:crypto';
import { err, ok, type Result } from '../../../src/kernel/result.ts';
import { jsonIn, octetsIn } from './key-file.ts';

/** How a SUCI conceals what it does: the protection schemes that are not null. @see TS 33.501 clause C.3.4 */
export const SUCI_SCHEMES = { A: 1, B: 2 } as const;
export type SuciProfile = keyof typeof SUCI_SCHEMES;

/** What a USIM has of a key of its home network. */
export interface HomePublicKey {
  readonly profile: SuciProfile;
  /** 0 to 255, by which the home network finds it. */
  readonly id: number;
  /** Profile A: 32 octets; B: a point, 33 octets compressed or 65. */
  readonly publicKey: Uint8Array;
}

/** What the home network has of it. */
export interface HomePrivateKey {
  readonly profile: SuciProfile;
  readonly id: number;
  /** 32 octets. */
  readonly privateKey: Uint8Array;
}

/** Octets of the public key of whoever sends, at the head of what is concealed. */
const SENDER_OCTETS = { A: 32, B: 33 } as const;
const SCALAR_OCTETS = 32;
const TAG_OCTETS = 8;
const KEY_AT = { encryption: [0, 16], counter: [16, 32], mac: [32, 64] } as const;
const CURVE_B = 'prime256v1';
/** What PKCS #8 has before the 32 octets of a private key of X25519. @see RFC 8410 clause 7 */
const X25519_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** The scheme output that conceals. @param once of the sender, 32 octets, for this one time @throws RangeError for a public key that is none */
export function conceal(
  plain: Uint8Array,
  { profile, publicKey }: HomePublicKey,
  once: Uint8Array = newPrivateKey(),
): Uint8Array {
  const sender = publicKeyOf({ profile, privateKey: once });
  const shared = agree({ profile, privateKey: once }, publicKey);
  if (shared === null) throw new RangeError(`no public key of profile ${profile}`);
  const keys = derive(shared, sender);
  const text = cipher(keys, plain);
  return Uint8Array.of(...sender, ...text, ...tagOf(keys, text));
}

/** What an output conceals; `null` of one that was not made for this key, or was changed. @see TS 33.501 clause C.3.3 */
export function reveal(output: Uint8Array, key: Omit<HomePrivateKey, 'id'>): Uint8Array | null {
  const head = SENDER_OCTETS[key.profile];
  if (output.length <= head + TAG_OCTETS) return null;
  const sender = output.subarray(0, head);
  const shared = agree(key, sender);
  if (shared === null) return null;
  const text = output.subarray(head, -TAG_OCTETS);
  const keys = derive(shared, sender);
  return timingSafeEqual(tagOf(keys, text), output.subarray(-TAG_OCTETS)) ? cipher(keys, text) : null;
}

/** As a SUCI has it: that of profile B compressed. */
export function publicKeyOf({ profile, privateKey }: Omit<HomePrivateKey, 'id'>): Uint8Array {
  if (profile === 'B') return Uint8Array.from(pointOf(privateKey).getPublicKey(null, 'compressed'));
  const { x = '' } = createPublicKey(x25519(privateKey)).export({ format: 'jwk' });
  return Uint8Array.from(Buffer.from(x, 'base64url'));
}

/** A private key of either profile that nobody else has, 32 octets. */
export function newPrivateKey(): Uint8Array {
  const { d = '' } = generateKeyPairSync('ec', { namedCurve: CURVE_B }).privateKey.export({ format: 'jwk' });
  return Uint8Array.from(Buffer.from(d, 'base64url'));
}

/** @param text JSON: `{"privateKey": hex}`; what is wrong is told without any of it */
export function parsePrivateKey(text: string): Result<Uint8Array, string> {
  const privateKey = octetsIn(jsonIn(text)?.['privateKey']);
  return privateKey?.length === SCALAR_OCTETS
    ? ok(privateKey)
    : err(`privateKey must have ${SCALAR_OCTETS} octets in hexadecimal`);
}

interface Derived {
  readonly encryption: Uint8Array;
  readonly counter: Uint8Array;
  readonly mac: Uint8Array;
}

/** The key derivation of ANSI X9.63 with SHA-256. @see TS 33.501 clauses C.3.4.1, C.3.4.2 */
function derive(shared: Uint8Array, sender: Uint8Array): Derived {
  const blocks = [1, 2].map((count) =>
    createHash('sha256')
      .update(shared)
      .update(Uint8Array.of(0, 0, 0, count))
      .update(sender)
      .digest(),
  );
  const octets = Uint8Array.from(Buffer.concat(blocks));
  return {
    encryption: octets.subarray(...KEY_AT.encryption),
    counter: octets.subarray(...KEY_AT.counter),
    mac: octets.subarray(...KEY_AT.mac),
  };
}

/** There and back. */
function cipher({ encryption, counter }: Derived, octets: Uint8Array): Uint8Array {
  return Uint8Array.from(createCipheriv('aes-128-ctr', encryption, counter).update(octets));
}

function tagOf({ mac }: Derived, text: Uint8Array): Uint8Array {
  return Uint8Array.from(createHmac('sha256', mac).update(text).digest().subarray(0, TAG_OCTETS));
}

/** What both ends have in common; `null` where the other one has no key of the curve. */
function agree({ profile, privateKey }: Omit<HomePrivateKey, 'id'>, other: Uint8Array): Uint8Array | null {
  if (profile === 'A' && other.length !== SCALAR_OCTETS) return null;
  try {
    if (profile === 'B') return Uint8Array.from(pointOf(privateKey).computeSecret(other));
    const x = Buffer.from(other).toString('base64url');
    const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
    return Uint8Array.from(diffieHellman({ privateKey: x25519(privateKey), publicKey }));
  } catch (error) {
    if (NO_KEYS.has((error as { readonly code?: unknown }).code)) return null;
    throw error;
  }
}

/** Of a point that is none, and of one of low order. */
const NO_KEYS: ReadonlySet<unknown> = new Set([
  'ERR_CRYPTO_ECDH_INVALID_PUBLIC_KEY',
  'ERR_OSSL_FAILED_DURING_DERIVATION',
]);

function pointOf(privateKey: Uint8Array): ECDH {
  const ecdh = createECDH(CURVE_B);
  ecdh.setPrivateKey(privateKey);
  return ecdh;
}

function x25519(privateKey: Uint8Array): KeyObject {
  return createPrivateKey({
    ...{ key: Buffer.concat([X25519_HEAD, privateKey]), format: 'der', type: 'pkcs8' },
  });
}
