import { beforeAll, describe, expect, it } from 'vitest';
import { toBase64Url } from '../../../../src/attest/format/base64.ts';
import { commit } from '../../../../src/attest/format/disclosure.ts';
import type { Json } from '../../../../src/kernel/json.ts';
import { tools } from '../../../support/reports.ts';
import { aSignedReport, codeOf, signChanged, type SignedReport } from '../../../support/signed-report.ts';

const utf8 = new TextEncoder();
let good: SignedReport;
beforeAll(async () => {
  good = await aSignedReport();
});

describe('disclosures', () => {
  const given = (): readonly string[] => good.rendered.disclosures.get('acme') ?? [];
  const written = (value: unknown): string => toBase64Url(utf8.encode(JSON.stringify(value)));
  const salt = 'A'.repeat(22);

  it.each<[string, string, () => unknown]>([
    ['VERIFY_DISCLOSURE_MALFORMED', 'are no list', () => ({})],
    ['VERIFY_DISCLOSURE_MALFORMED', 'have a number', () => [1]],
    ['VERIFY_DISCLOSURE_MALFORMED', 'are not base64url', () => ['a+b/']],
    ['VERIFY_DISCLOSURE_MALFORMED', 'are not JSON', () => [toBase64Url(utf8.encode('x'))]],
    ['VERIFY_DISCLOSURE_MALFORMED', 'have three parts', () => [written([salt, 'name', 1])]],
    ['VERIFY_DISCLOSURE_MALFORMED', 'have a short salt', () => [written(['short', 1])]],
    [
      'VERIFY_DISCLOSURE_MALFORMED',
      'have a member twice',
      () => [toBase64Url(utf8.encode(`["${salt}",{"a":1,"a":2}]`))],
    ],
    ['VERIFY_DISCLOSURE_REPEATED', 'have one twice', () => [...given(), given()[0]]],
    [
      'VERIFY_DISCLOSURE_UNREFERENCED',
      'have one of another report',
      () => [...given(), written([salt, 'PASS'])],
    ],
    ['VERIFY_DISCLOSURE_UNREFERENCED', 'are changed', () => [written([salt, 'PASS']), ...given().slice(1)]],
  ])('are refused with %s when they %s', (code, _, disclosures) => {
    expect(codeOf(good, { disclosures: disclosures() })).toBe(code);
  });

  it.each<[string, string, Json]>([
    ['VERIFY_COMMITMENT', 'a commitment outside of a list', { a: { '...': 'x'.repeat(43) } }],
    ['VERIFY_COMMITMENT', 'a commitment with company', [{ '...': 'x'.repeat(43), more: 1 }]],
    ['VERIFY_COMMITMENT', 'a list form', { _sd: [] }],
    ['VERIFY_SUBJECT', 'no manifests', { what: 'else' }],
    ['VERIFY_SUBJECT', 'a manifest of something else', { manifests: [{ v: 1 }] }],
  ])('are refused with %s when the section items holds %s', async (code, _, value) => {
    const { commitment, disclosure } = commit(value, salt, tools.sha256);
    const envelope = await signChanged(good, ({ predicate }) => {
      predicate.sections[2] = ['items', commitment];
    });
    expect(codeOf(good, { envelope, disclosures: [disclosure] })).toBe(code);
  });
});
