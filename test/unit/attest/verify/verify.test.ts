import { beforeAll, describe, expect, it } from 'vitest';
import { toBase64, toBase64Url } from '../../../../src/attest/format/base64.ts';
import { MAX_SIGNATURES, renderEnvelope } from '../../../../src/attest/format/envelope.ts';
import {
  addSignature,
  aSignedReport,
  check,
  codeOf,
  edited,
  type SignedReport,
  trustIn,
} from '../../../support/signed-report.ts';

const utf8 = new TextEncoder();
let good: SignedReport;
beforeAll(async () => {
  good = await aSignedReport();
});

const text = (): string => new TextDecoder().decode(renderEnvelope(good.envelope));

describe('an accepted report', () => {
  it('says who signed, and that nothing was disclosed', () => {
    const seen = check(good);
    expect(seen).toMatchObject({
      status: 'accepted',
      selfDeclared: false,
      payloadSha256: good.rendered.digest,
      report: { result: 'FAIL', lab: 'lab-north', campaign: 'RX70MrchfUGw-fOmUCk3Nw' },
      signers: [
        { lab: 'lab-north', role: 'lab-system' },
        { lab: 'lab-north', role: 'authorised-signatory' },
      ],
      cases: { opened: 0, of: 4 },
      sections: { opened: 0, of: 12 },
      disclosed: {},
    });
    expect(seen.status === 'accepted' && seen.cases.hidden).toHaveLength(4);
  });

  it('opens everything for the lab and the vendor', () => {
    const seen = check(good, { disclosures: good.rendered.disclosures.get('acme') });
    expect(seen).toMatchObject({
      cases: { opened: 4, of: 4, hidden: [] },
      sections: { opened: 12, of: 12, hidden: [] },
      hiddenInside: 0,
    });
    expect(seen.status === 'accepted' && Object.keys(seen.disclosed)).toContain('case:a1-producer:A1-003');
  });

  it('says what stays hidden when some is opened', () => {
    const some = good.rendered.disclosures.get('acme')?.filter((_, index) => index > 0);
    expect(check(good, { disclosures: some })).toMatchObject({ hiddenInside: 1, sections: { opened: 12 } });
  });

  it('says self-declared when the trust folder does', () => {
    const trust = trustIn(good.keys, (entry) => ({ ...entry, selfDeclared: true }));
    expect(check(good, { trust })).toMatchObject({ status: 'accepted', selfDeclared: true });
  });

  it.each<[string, () => Uint8Array]>([
    [
      'the other base64 alphabet',
      () => edited(good, (json) => (json['payload'] = toBase64Url(good.envelope.payload))),
    ],
    ['members nobody knows', () => edited(good, (json) => (json['more'] = [1]))],
    ['no keyids', () => edited(good, (json) => strip(json, 'keyid'))],
    ['keyids that lie', () => utf8.encode(text().replaceAll(/"keyid": "./gu, '"keyid": "x'))],
    [
      'a signature by somebody unknown beside',
      () => edited(good, (json) => addSignature(json, { sig: 'AAAA' })),
    ],
    [
      'the signatures in another order',
      () => edited(good, (json) => (json['signatures'] as unknown[]).reverse()),
    ],
  ])('may have %s', (_, bytes) => {
    expect(codeOf(good, { bytes: bytes() })).toBe('accepted');
  });
});

describe('an envelope', () => {
  it.each<[string, string, () => Uint8Array]>([
    ['VERIFY_ENVELOPE_TOO_LARGE', 'of over 64 MiB', () => new Uint8Array(64 * 1024 * 1024 + 1)],
    ['VERIFY_JSON_INVALID', 'that is empty', () => new Uint8Array()],
    ['VERIFY_JSON_INVALID', 'that breaks off', () => utf8.encode(text().slice(0, -10))],
    ['VERIFY_UTF8_INVALID', 'that is not UTF-8', () => Uint8Array.from([0xff, ...utf8.encode(text())])],
    [
      'VERIFY_DUPLICATE_MEMBER',
      'with two payloads',
      () => utf8.encode(text().replace('{', '{"payload": "e30=",')),
    ],
    ['VERIFY_ENVELOPE_MALFORMED', 'that is a list', () => utf8.encode('[]')],
    ['VERIFY_ENVELOPE_MALFORMED', 'without a payload', () => edited(good, (json) => delete json['payload'])],
    [
      'VERIFY_ENVELOPE_MALFORMED',
      'without signatures',
      () => edited(good, (json) => (json['signatures'] = [])),
    ],
    [
      'VERIFY_ENVELOPE_MALFORMED',
      'with a signature that is a text',
      () => edited(good, (json) => (json['signatures'] = ['AAAA'])),
    ],
    [
      'VERIFY_ENVELOPE_MALFORMED',
      'with a keyid that is a number',
      () => edited(good, (json) => addSignature(json, { sig: 'AAAA', keyid: 1 })),
    ],
    [
      'VERIFY_PAYLOAD_TYPE',
      'of another type',
      () => edited(good, (json) => (json['payloadType'] = 'application/json')),
    ],
    [
      'VERIFY_BASE64',
      'with a payload that is not base64',
      () => edited(good, (json) => (json['payload'] = '%%%%')),
    ],
    [
      'VERIFY_BASE64',
      'with a signature that is not base64',
      () => edited(good, (json) => addSignature(json, { sig: 'A' })),
    ],
    [
      'VERIFY_TOO_MANY_SIGNATURES',
      'with 10,000 signatures',
      () => edited(good, (json) => repeat(json, 10_000)),
    ],
    [
      'VERIFY_NO_TRUSTED_SIGNATURE',
      'with another payload',
      () => edited(good, (json) => (json['payload'] = toBase64(utf8.encode('{}')))),
    ],
    ['VERIFY_SIGNATURE_MISSING', 'with one signature twice', () => edited(good, (json) => repeat(json, 2))],
    [
      'VERIFY_SIGNATURE_MISSING',
      `with one signature ${MAX_SIGNATURES} times`,
      () => edited(good, (json) => repeat(json, MAX_SIGNATURES)),
    ],
  ])('is refused with %s when it is one %s', (code, _, bytes) => {
    expect(codeOf(good, { bytes: bytes() })).toBe(code);
  });
});

function strip(json: Record<string, unknown>, name: string): void {
  for (const signature of json['signatures'] as Record<string, unknown>[])
    Reflect.deleteProperty(signature, name);
}

function repeat(json: Record<string, unknown>, times: number): void {
  json['signatures'] = Array.from({ length: times }, () => (json['signatures'] as unknown[])[0]);
}
