import { verify as verifyBytes } from 'node:crypto';
import type { SignedEnvelope, Signature } from '../format/envelope.ts';
import { USE_FOR_ROLE } from '../format/keys.ts';
import type { Predicate, Signatory } from '../format/statement.ts';
import { refuse } from './refusal.ts';
import type { Trust, TrustedKey } from './trust.ts';

/** Trusted keys, each with the signatures over the payload that are its own. */
export type Signed = ReadonlyMap<TrustedKey, readonly Uint8Array[]>;

/**
 * The trusted keys that signed the payload, each once. The keyid in an envelope is a hint: it says which key to try
 * first and nothing else. A signature by nobody we know is passed over; none by anybody we know is a refusal.
 * @see DSSE v1.0.2, protocol.md, (t, n) verification
 */
export function keysThatSigned(
  { signatures, signedBytes }: Pick<SignedEnvelope, 'signatures' | 'signedBytes'>,
  trust: Trust,
): Signed {
  const found = new Map<TrustedKey, readonly Uint8Array[]>();
  for (const signature of signatures) {
    const key = keyThatSigned(signedBytes, signature, trust);
    if (key !== undefined) found.set(key, [...(found.get(key) ?? []), signature.sig]);
  }
  if (found.size === 0) {
    refuse(
      'VERIFY_NO_TRUSTED_SIGNATURE',
      `none of ${signatures.length} signatures over these bytes is by a trusted key`,
    );
  }
  return found;
}

function keyThatSigned(bytes: Uint8Array, { keyid, sig }: Signature, trust: Trust): TrustedKey | undefined {
  const hinted = keyid === undefined ? undefined : trust.get(keyid);
  if (hinted !== undefined && isSignedBy(bytes, sig, hinted)) return hinted;
  return [...trust.values()].find((key) => key !== hinted && isSignedBy(bytes, sig, key));
}

function isSignedBy(bytes: Uint8Array, sig: Uint8Array, { alg, key }: TrustedKey): boolean {
  return verifyBytes(alg === 'ed25519' ? null : 'sha256', bytes, key, sig);
}

/** A signatory that the report names, and the key with which it signed. */
export interface FoundSigner {
  readonly signatory: Signatory;
  readonly key: TrustedKey;
}

type SignedPart = Pick<Predicate, 'signatories' | 'signaturePolicy' | 'report'>;

/**
 * A report on its way through its co-signers: without those of them whose signature may come later and is not there yet.
 * @param mayWait whether the co-signature of that lab may still be missing; nobody but a co-signing lab is ever waited for
 */
export function splitAwaited(
  { signatories, signaturePolicy, report }: SignedPart,
  signed: Signed,
  mayWait: (lab: string) => boolean,
): { readonly due: SignedPart; readonly awaited: readonly Signatory[] } {
  const keyids = new Set([...signed.keys()].map(({ keyid }) => keyid));
  const awaited = signatories.filter(
    ({ lab, role, keyid }) => role === 'co-signing-lab' && mayWait(lab) && !keyids.has(keyid),
  );
  if (awaited.length === 0) return { due: { signatories, signaturePolicy, report }, awaited };
  const { labs, roles } = signaturePolicy;
  return {
    due: {
      signatories: signatories.filter((one) => !awaited.includes(one)),
      signaturePolicy: {
        labs: labs - new Set(awaited.map(({ lab }) => lab)).size,
        roles: roles.filter((role) => role !== 'co-signing-lab'),
      },
      report,
    },
    awaited,
  };
}

/** Holds the signatories that the signed report names against the signatures that were found, and against its policy. */
export function checkSignatories(
  { signatories, signaturePolicy }: SignedPart,
  signed: Signed,
  trust: Trust,
): readonly FoundSigner[] {
  const keyids = new Set(signatories.map(({ keyid }) => keyid));
  if (keyids.size !== signatories.length) {
    refuse('VERIFY_SIGNATORY_REPEATED', 'two signatories of the report use one key');
  }
  const found = signatories.map((signatory) => ({ signatory, key: keyOf(signatory, signed, trust) }));
  const labs = new Set(signatories.map(({ lab }) => lab));
  if (labs.size < signaturePolicy.labs) {
    refuse('VERIFY_LABS_TOO_FEW', `${labs.size} of ${signaturePolicy.labs} labs have signed`);
  }
  const missing = signaturePolicy.roles.find((wanted) => !signatories.some(({ role }) => role === wanted));
  if (missing !== undefined) refuse('VERIFY_ROLE_MISSING', `nobody has signed as ${missing}`);
  return found;
}

function keyOf(signatory: Signatory, signed: Signed, trust: Trust): TrustedKey {
  const who = nameOf(signatory);
  const key = trust.get(signatory.keyid);
  if (key === undefined) return refuse('VERIFY_KEY_UNKNOWN', `the key of ${who} is not in the trust folder`);
  if (key.lab !== signatory.lab) refuse('VERIFY_KEY_OTHER_LAB', `the key of ${who} belongs to ${key.lab}`);
  if (!key.uses.includes(USE_FOR_ROLE[signatory.role])) {
    refuse('VERIFY_KEY_USE', `the key of ${who} is for ${key.uses.join(', ')} only`);
  }
  if (!signed.has(key)) refuse('VERIFY_SIGNATURE_MISSING', `there is no valid signature by ${who}`);
  return key;
}

export function nameOf({ lab, role, keyid }: Signatory): string {
  return `${role} of ${lab} (key ${keyid.slice(0, 16)}…)`;
}
