import { createHash } from 'node:crypto';
import type { Signatory } from '../format/statement.ts';
import { CLOCK_TOLERANCE_MS } from './clock.ts';
import { refuse } from './refusal.ts';
import { type FoundSigner, nameOf, type Signed } from './signatures.ts';

/** A time-stamp whose authority is trusted and has signed it. @see RFC 3161 */
export interface Timestamp {
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  /** Digest of the bytes that existed then. */
  readonly imprint: Uint8Array;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Who says so, for people. */
  readonly authority: string;
}

export interface TimestampFile {
  readonly name: string;
  /** DER of a TimeStampResp. */
  readonly bytes: Uint8Array;
}

/** Time-stamps, and how to open one: what reads ASN.1 is loaded only by those who need it. */
export interface TimestampInput {
  readonly files: readonly TimestampFile[];
  /** Throws a `Refusal`. */
  readonly open: (file: TimestampFile) => Timestamp;
}

/** For each signature that has one: its earliest time-stamp. */
export type Stamped = ReadonlyMap<Uint8Array, Timestamp>;

/** A signatory that the report names and whose signature was found. */
export interface Signer extends Signatory {
  readonly holder: string;
  readonly selfDeclared: boolean;
  /** When the signature existed at the latest: by a trusted authority, or by the word of the lab. */
  readonly time: { readonly at: string; readonly by: 'timestamp' | 'issuedAt'; readonly authority?: string };
  /** The key was revoked later than that. */
  readonly revokedAt?: string;
}

/** Every time-stamp must be sound and be over a signature of this report. The earliest one of a signature counts. */
export function stampSignatures({ files, open }: TimestampInput, signatures: readonly Uint8Array[]): Stamped {
  const stamped = new Map<Uint8Array, Timestamp>();
  for (const file of files) {
    const timestamp = open(file);
    const signature = signatures.find((sig) => isOver(timestamp, sig));
    if (signature === undefined) {
      return refuse('VERIFY_TIMESTAMP_UNREFERENCED', `${file.name} is not over a signature of this report`);
    }
    const earlier = stamped.get(signature);
    if (earlier === undefined || timestamp.at < earlier.at) stamped.set(signature, timestamp);
  }
  return stamped;
}

function isOver({ hash, imprint }: Timestamp, signature: Uint8Array): boolean {
  return createHash(hash).update(signature).digest().equals(imprint);
}

/**
 * A signature cannot be older than the report that it is over, nor be from the future.
 * Whether a time-stamp confirms the time of issue: one was made within ten minutes of it.
 */
export function checkStamps(stamped: Stamped, issuedAt: number, now: number): boolean {
  const times = [...stamped.values()].map(({ at }) => at);
  const earliest = Math.min(...times);
  if (issuedAt > earliest + CLOCK_TOLERANCE_MS) {
    const [issued, stamp] = [issuedAt, earliest].map(iso);
    refuse(
      'VERIFY_TIMESTAMP_SKEW',
      `the report says it was issued at ${issued}, a signature is from ${stamp}`,
    );
  }
  const latest = Math.max(...times);
  if (latest > now + CLOCK_TOLERANCE_MS) {
    refuse('VERIFY_TIMESTAMP_SKEW', `a time-stamp is from ${iso(latest)}, which is in the future here`);
  }
  return earliest <= issuedAt + CLOCK_TOLERANCE_MS;
}

export interface KeyTimes {
  readonly signed: Signed;
  readonly stamped: Stamped;
  readonly issuedAt: number;
}

/** Holds every key against the time that counts for its signature: that of its time-stamp, or else of the report. */
export function checkKeyTime(
  { signatory, key }: FoundSigner,
  { signed, stamped, issuedAt }: KeyTimes,
): Signer {
  const who = nameOf(signatory);
  const stamps = (signed.get(key) ?? []).flatMap((sig) => stamped.get(sig) ?? []);
  const stamp = stamps.sort((a, b) => a.at - b.at)[0];
  const at = stamp?.at ?? issuedAt;
  if (at < key.validFrom || at > key.validTo) {
    const what = stamp === undefined ? 'the report was issued' : 'its signature was time-stamped';
    refuse('VERIFY_KEY_NOT_VALID', `the key of ${who} was not valid when ${what}`);
  }
  const { revokedAt } = key;
  if (revokedAt !== undefined && (stamp === undefined || stamp.at >= revokedAt)) {
    refuse('VERIFY_KEY_REVOKED', revoked(who, revokedAt, { at, stamped: stamp !== undefined }));
  }
  return {
    ...signatory,
    holder: key.holder,
    selfDeclared: key.selfDeclared,
    time: { at: iso(at), ...byWhom(stamp) },
    ...(revokedAt === undefined ? {} : { revokedAt: iso(revokedAt) }),
  };
}

function byWhom(stamp: Timestamp | undefined): Pick<Signer['time'], 'by' | 'authority'> {
  return stamp === undefined ? { by: 'issuedAt' } : { by: 'timestamp', authority: stamp.authority };
}

/** Without a trusted time-stamp, a thief of the key could have written any date into the report. */
function revoked(who: string, revokedAt: number, { at, stamped }: { at: number; stamped: boolean }): string {
  const since = `the key of ${who} was revoked at ${iso(revokedAt)}`;
  if (stamped) return `${since}, and the signature is from ${iso(at)} at the earliest`;
  return at < revokedAt
    ? `${since}, and nothing but the report itself says that it is older`
    : `${since}, before the report was issued`;
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
