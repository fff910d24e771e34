import { createHash } from 'node:crypto';
import { err, ok, type Result } from '../kernel/result.ts';

/**
 * A one-time enrolment token: `pbe1.<secret>.<pin>`. The pin is the SHA-256 of the CA's public key
 * (SubjectPublicKeyInfo, DER), base64url, so that the runner knows whom it may tell the secret to.
 */
export interface EnrolmentToken {
  /** At least 128 random bits, base64url. */
  readonly secret: string;
  readonly caPin: string;
}

const SHAPE = /^pbe1\.([A-Za-z0-9_-]{22,128})\.([A-Za-z0-9_-]{43})$/u;

export function renderEnrolmentToken({ secret, caPin }: EnrolmentToken): string {
  return `pbe1.${secret}.${caPin}`;
}

export function parseEnrolmentToken(text: string): Result<EnrolmentToken, string> {
  const [, secret, caPin] = SHAPE.exec(text.trim()) ?? [];
  if (secret === undefined || caPin === undefined) return err('it does not look like pbe1.<secret>.<pin>');
  return ok({ secret, caPin });
}

/** What the store keeps of a token: SHA-256 of its secret, hexadecimal. */
export function enrolmentTokenHash({ secret }: Pick<EnrolmentToken, 'secret'>): string {
  return createHash('sha256').update(secret).digest('hex');
}
