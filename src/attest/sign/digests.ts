import { createHash, createHmac } from 'node:crypto';

const SALT_BYTES = 16;
const MIN_SECRET_BYTES = 16;

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

/**
 * The salts of one report: HMAC-SHA-256 of the place, cut to 128 bits, in base64url. The same secret and place give
 * the same salt, so that building a report twice gives the same bytes; without the secret they look random.
 * @param secret at least 16 random bytes, stored with the report and shown to nobody
 */
export function makeSalts(secret: Uint8Array): (place: string) => string {
  if (secret.length < MIN_SECRET_BYTES)
    throw new RangeError(`a salt secret has ${MIN_SECRET_BYTES} bytes or more`);
  return (place) =>
    createHmac('sha256', secret).update(place).digest().subarray(0, SALT_BYTES).toString('base64url');
}
