import { bundleFromJSON } from '@sigstore/bundle';
import { type PublicKey, PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseEnvelope } from '../../../src/attest/format/envelope.ts';
import { renderSigstoreBundles } from '../../../src/attest/format/sigstore-bundle.ts';
import {
  aBundle,
  aKey,
  aSignedReport,
  sign,
  type SignedReport,
  type TestKey,
} from '../../support/signed-report.ts';

/** A root of the lab's own: no public log, no public authority, keys found by their hint. */
function verifierFor(keys: readonly TestKey[]): Verifier {
  const byHint = Object.fromEntries(
    keys.map(({ signer, entry }): [string, PublicKey] => [
      signer.keyid,
      { rawBytes: Buffer.from(entry.spki), keyDetails: PublicKeyDetails.PUBLIC_KEY_DETAILS_UNSPECIFIED },
    ]),
  );
  const root = toTrustMaterial(
    TrustedRoot.fromJSON({ mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1' }),
    byHint,
  );
  return new Verifier(root, { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 });
}

const readJson = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes));

function verify(keys: readonly TestKey[], json: unknown): void {
  verifierFor(keys).verify(toSignedEntity(bundleFromJSON(json)));
}

let good: SignedReport;
let bundles: readonly (readonly [string, unknown])[];
beforeAll(async () => {
  good = await aSignedReport();
  const files = await aBundle(good);
  bundles = [...files].flatMap(([name, bytes]) =>
    name.startsWith('sigstore/') ? [[name, readJson(bytes)] as const] : [],
  );
});

interface BundleJson {
  readonly dsseEnvelope: {
    readonly payload: string;
    readonly signatures: readonly { readonly sig: string }[];
  };
}

describe('a Sigstore bundle of a report, read and verified by sigstore-js with a private root', () => {
  it('is accepted for each signature, P-256 and Ed25519', () => {
    expect(bundles.map(([name]) => name)).toEqual(
      good.keys.map(({ signer }) => `sigstore/${signer.keyid}.sigstore.json`),
    );
    expect(good.keys.map(({ entry }) => entry.alg)).toEqual(['ecdsa-p256-sha256', 'ed25519']);
    for (const [, json] of bundles) expect(() => verify(good.keys, json)).not.toThrow();
  });

  it('holds the payload and the signatures of the report, byte for byte', () => {
    for (const [index, [, json]] of bundles.entries()) {
      const { payload, signatures } = (json as BundleJson).dsseEnvelope;
      expect(Buffer.from(payload, 'base64').equals(good.envelope.payload)).toBe(true);
      expect(signatures.map(({ sig }) => sig)).toEqual([
        Buffer.from(good.envelope.signatures[index]!.sig).toString('base64'),
      ]);
    }
  });

  it('is refused with a byte of the payload changed, or with the key of somebody else', () => {
    const stranger = { ...aKey('lab-south', 'lab-system'), signer: good.keys[0]!.signer };
    for (const [, json] of bundles) {
      const { dsseEnvelope, ...rest } = json as BundleJson;
      const payload = Buffer.from(dsseEnvelope.payload, 'base64');
      payload[100] = (payload[100] ?? 0) ^ 1;
      const changed = { ...rest, dsseEnvelope: { ...dsseEnvelope, payload: payload.toString('base64') } };
      expect(() => verify(good.keys, changed)).toThrow('signature verification failed');
    }
    expect(() => verify([stranger], bundles[0]?.[1])).toThrow('signature verification failed');
    expect(() => verify(good.keys.slice(1), bundles[0]?.[1])).toThrow('key not found');
  });
});

describe('test-result.intoto.jsonl', () => {
  it('has the test result, signed by the lab system alone, and the report; sigstore-js accepts both', async () => {
    const file = (await aBundle(good)).get('test-result.intoto.jsonl');
    const lines = new TextDecoder().decode(file).trimEnd().split('\n');
    const envelopes = lines.map((line) => {
      const parsed = parseEnvelope(new TextEncoder().encode(line));
      if (!parsed.ok) throw new Error(parsed.error.text);
      return parsed.value;
    });
    expect(envelopes.map(({ signatures }) => signatures.map(({ keyid }) => keyid))).toEqual([
      [good.keys[0]?.signer.keyid],
      good.keys.map(({ signer }) => signer.keyid),
    ]);
    for (const bytes of envelopes.flatMap((one) => [...renderSigstoreBundles(one).values()])) {
      expect(() => verify(good.keys, readJson(bytes))).not.toThrow();
    }
  });
});

it('sigstore-js refuses two signatures in a bundle, which is why there is one file each', async () => {
  const two = await sign(good.envelope.payload, good.keys);
  const [bytes] = renderSigstoreBundles(two).values();
  const json = readJson(bytes!) as { dsseEnvelope: { signatures: unknown[] } };
  json.dsseEnvelope.signatures.push(json.dsseEnvelope.signatures[0]);
  expect(() => bundleFromJSON(json)).toThrow();
});
