import { hash } from 'node:crypto';

const SALT_BYTES = 16;
const MIN_SECRET_BYTES = 16;

export function sha256(bytes: Uint8Array | string): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}

/**
 * The salts of one report: SHA-256 of the secret and the place, cut to 128 bits, in base64url. The same secret and place
 * give the same salt, so that building a report twice gives the same bytes; without the secret they look random. The cut
 * is what makes a plain digest do where otherwise only HMAC would: nobody can go on from half of its state.
 * @param secret at least 16 random bytes, stored with the report and shown to nobody
 */
export function makeSalts(secret: Uint8Array): (place: string) => string {
  if (secret.length < MIN_SECRET_BYTES)
    throw new RangeError(`a salt secret has ${MIN_SECRET_BYTES} bytes or more`);
  const prefix = `${Buffer.from(secret).toString('hex')}\n`;
  return (place) => hash('sha256', prefix + place, 'buffer').toString('base64url', 0, SALT_BYTES);
}
