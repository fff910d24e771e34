const P256_HEAD = '3059301306072a8648ce3d020106082a8648ce3d030107034200';
const ED25519_HEAD = '302a300506032b6570032100';
const P256_PARAMS = '06082a8648ce3d030107';
/** The object identifier, and the name that PKCS #11 v3 writes as a PrintableString. */
const ED25519_PARAMS = ['06032b6570', '130c656477617264733235353139'];
const OCTET_STRING = 0x04;
const INTEGER = 0x02;
const SEQUENCE = 0x30;

export type TokenAlgorithm = 'ecdsa-p256-sha256' | 'ed25519';

/** Which of our algorithms the curve of a key is for; `undefined` for any other. @param params CKA_EC_PARAMS */
export function algorithmOfParams(params: Uint8Array): TokenAlgorithm | undefined {
  const hex = Buffer.from(params).toString('hex');
  if (hex === P256_PARAMS) return 'ecdsa-p256-sha256';
  return ED25519_PARAMS.includes(hex) ? 'ed25519' : undefined;
}

/**
 * DER SubjectPublicKeyInfo of a public key; `undefined` when it is no point of that curve in uncompressed form.
 * @param point CKA_EC_POINT: an OCTET STRING as the standard says, or bare, as some tokens give it
 */
export function spkiOfPoint(alg: TokenAlgorithm, point: Uint8Array): Uint8Array | undefined {
  const [length, head] = alg === 'ed25519' ? [32, ED25519_HEAD] : [65, P256_HEAD];
  const bare =
    point.length === length + 2 && point[0] === OCTET_STRING && point[1] === length
      ? point.subarray(2)
      : point;
  if (bare.length !== length || (alg !== 'ed25519' && bare[0] !== 0x04)) return undefined;
  return Buffer.concat([Buffer.from(head, 'hex'), bare]);
}

/** An ECDSA signature as everybody but tokens writes it. @param raw r and s, of the same length, as CKM_ECDSA gives them */
export function toDerSignature(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  const body = Buffer.concat([toDerInteger(raw.subarray(0, half)), toDerInteger(raw.subarray(half))]);
  return Buffer.concat([Buffer.from([SEQUENCE, body.length]), body]);
}

/** @param bytes at most 126, big-endian, not negative */
function toDerInteger(bytes: Uint8Array): Uint8Array {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from += 1;
  const short = bytes.subarray(from);
  const sign = (short[0] ?? 0) >= 0x80 ? [0] : [];
  return Buffer.from([INTEGER, short.length + sign.length, ...sign, ...short]);
}
