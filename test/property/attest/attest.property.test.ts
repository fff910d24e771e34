import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { canonicalBytes } from '../../../src/kernel/canonical-json.ts';
import { PAYLOAD_TYPE, parseEnvelope, renderEnvelope } from '../../../src/attest/format/envelope.ts';
import { parseStrictJson } from '../../../src/attest/format/strict-json.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { aSignedReport, check, codeOf, type SignedReport } from '../../support/signed-report.ts';

let good: SignedReport;
beforeAll(async () => {
  good = await aSignedReport();
});

const iJson = fc
  .jsonValue({ maxDepth: 5 })
  .filter((value) => !/\p{Surrogate}/u.test(JSON.stringify(value)) && isExact(value));

function isExact(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact);
}

function shuffled(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, shuffled(member)]),
  );
}

describe('bytes', () => {
  it('do not depend on the order of members', () => {
    fc.assert(
      fc.property(iJson, (value) => {
        expect(canonicalBytes(shuffled(value as Json))).toEqual(canonicalBytes(value as Json));
      }),
    );
  });

  it('are those that another implementation makes', () => {
    fc.assert(
      fc.property(iJson, (value) => {
        expect(new TextDecoder().decode(canonicalBytes(value as Json))).toBe(canonicalize(value as Json));
      }),
    );
  });

  it('read back as the value they were made of', () => {
    fc.assert(
      fc.property(iJson, (value) => {
        const bytes = canonicalBytes(value as Json);
        const read = parseStrictJson(bytes);
        expect(read.ok && canonicalBytes(read.value)).toEqual(bytes);
      }),
    );
  });

  it('are taken by the strict reader only when JSON.parse takes them too', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b"',
      '1',
      '-0.5e1',
      'true',
      'null',
      ' ',
      '\n',
      '"',
      '\\',
      '01',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (some) => {
        const text = some.join('');
        const read = parseStrictJson(new TextEncoder().encode(text));
        if (read.ok) expect(read.value).toEqual(JSON.parse(text));
        else if (read.error.code === 'VERIFY_JSON_INVALID')
          expect(() => JSON.parse(text) as unknown).toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an envelope', () => {
  it('reads back as it was written', () => {
    const signature = fc.record({ keyid: fc.string({ maxLength: 64 }), sig: fc.uint8Array() });
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.array(signature, { minLength: 1, maxLength: 64 }),
        (payload, signatures) => {
          const envelope = { payloadType: PAYLOAD_TYPE, payload, signatures };
          expect(parseEnvelope(renderEnvelope(envelope))).toMatchObject({ ok: true, value: envelope });
        },
      ),
    );
  });

  it('never verifies with a changed byte of payload or signature', () => {
    const { payload, signatures } = good.envelope;
    const lengths = [payload.length, ...signatures.map(({ sig }) => sig.length)];
    const places = fc.integer({ min: 0, max: lengths.reduce((a, b) => a + b) - 1 });
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 255 }), (place, mask) => {
        let left = place;
        const [changedPayload, ...changed] = [payload, ...signatures.map(({ sig }) => sig)].map((bytes) => {
          const at = left;
          left -= bytes.length;
          return at >= 0 && at < bytes.length
            ? bytes.map((byte, index) => (index === at ? byte ^ mask : byte))
            : bytes;
        });
        const envelope = {
          ...good.envelope,
          payload: changedPayload ?? payload,
          signatures: signatures.map((one, index) => ({ ...one, sig: changed[index] ?? one.sig })),
        };
        expect(codeOf(good, { envelope })).not.toBe('accepted');
      }),
      { numRuns: 400 },
    );
  });

  it('with any byte of the file changed is refused, or says and proves the very same', () => {
    const bytes = renderEnvelope(good.envelope);
    const sound = check(good);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (at, mask) => {
          const changed = bytes.map((byte, index) => (index === at ? byte ^ mask : byte));
          const seen = check(good, { bytes: changed });
          if (seen.status === 'accepted') expect(seen).toEqual(sound);
        },
      ),
      { numRuns: 400 },
    );
  });
});
