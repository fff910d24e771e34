import { type Envelope, envelopeJson } from './envelope.ts';

const MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const utf8 = new TextEncoder();

/**
 * The envelope as Sigstore bundles v0.3, one for each signature, as `<keyid>.sigstore.json`: a bundle holds exactly one.
 * Payload and signature are the same bytes; `publicKey.hint` is the keyid. A signature without one gets no bundle, since
 * nobody could find its key.
 */
export function renderSigstoreBundles(envelope: Envelope): ReadonlyMap<string, Uint8Array> {
  return new Map(
    envelope.signatures.flatMap((signature) => {
      const { keyid } = signature;
      if (keyid === undefined) return [];
      const bundle = {
        mediaType: MEDIA_TYPE,
        verificationMaterial: { publicKey: { hint: keyid }, tlogEntries: [] },
        dsseEnvelope: envelopeJson({ ...envelope, signatures: [signature] }),
      };
      return [[`${keyid}.sigstore.json`, utf8.encode(`${JSON.stringify(bundle)}\n`)] as const];
    }),
  );
}
