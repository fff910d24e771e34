import { createPublicKey, type KeyObject, sign as signBytes } from 'node:crypto';
import { HarnessError } from '../../kernel/errors.ts';
import { PAYLOAD_TYPE, preAuthEncoding, type Signature, type SignedEnvelope } from '../format/envelope.ts';
import { type KeyAlgorithm, keyidOf } from '../format/keys.ts';
import type { SignatoryRole } from '../format/statement.ts';
import { sha256 } from './digests.ts';

/** The roles of a lab in its own reports; a report needs both. */
export const LAB_ROLES = ['lab-system', 'authorised-signatory'] as const;
export type LabRole = (typeof LAB_ROLES)[number];

/** Something that can sign: a key in memory here, a token or a remote service elsewhere. */
export interface Signer {
  readonly lab: string;
  readonly role: SignatoryRole;
  readonly alg: KeyAlgorithm;
  readonly keyid: string;
  /** ECDSA as ASN.1 DER, Ed25519 as 64 bytes. */
  sign(bytes: Uint8Array, options: { readonly signal: AbortSignal }): Promise<Uint8Array>;
}

/** Signs with a private key held in memory. Throws `SIGN_KEY_UNUSABLE` for anything but P-256 and Ed25519. */
export function makeSigner(lab: string, role: SignatoryRole, key: KeyObject): Signer {
  const alg = algorithmOf(key);
  const digest = alg === 'ed25519' ? null : 'sha256';
  return {
    lab,
    role,
    alg,
    keyid: keyidOf(spkiOf(key), sha256),
    sign: (bytes, { signal }) =>
      new Promise((resolve) => {
        signal.throwIfAborted();
        resolve(signBytes(digest, bytes, key));
      }),
  };
}

/** All signatures over one payload, in the order of `signers`. The bytes are signed as they are. */
export async function signStatement(
  payload: Uint8Array,
  signers: readonly Signer[],
  { signal }: { readonly signal: AbortSignal },
): Promise<SignedEnvelope> {
  const signedBytes = preAuthEncoding(PAYLOAD_TYPE, payload);
  const signatures: Signature[] = [];
  for (const signer of signers) {
    signatures.push({ keyid: signer.keyid, sig: await signer.sign(signedBytes, { signal }) });
  }
  return { payloadType: PAYLOAD_TYPE, payload, signedBytes, signatures };
}

export function spkiOf(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
}

export function algorithmOf(key: KeyObject): KeyAlgorithm {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === 'ec' && curve === 'prime256v1') return 'ecdsa-p256-sha256';
  throw new HarnessError('SIGN_KEY_UNUSABLE', `a key is neither P-256 nor Ed25519 but ${curve ?? key.type}`);
}
