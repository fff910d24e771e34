import { beforeAll, describe, expect, it } from 'vitest';
import type { Statement } from '../../../../src/attest/format/statement.ts';
import { T0 } from '../../../support/reports.ts';
import {
  aSignedReport,
  codeOf,
  type DeepMutable,
  sign,
  signChanged,
  type SignedReport,
} from '../../../support/signed-report.ts';

const utf8 = new TextEncoder();
let good: SignedReport;
beforeAll(async () => {
  good = await aSignedReport();
});

const payload = (): string => new TextDecoder().decode(good.rendered.bytes);

describe('a signed payload', () => {
  const cases: readonly [string, string, () => string][] = [
    ['VERIFY_JSON_INVALID', 'is not JSON', () => 'PASS'],
    ['VERIFY_DUPLICATE_MEMBER', 'has a member twice', () => payload().replace('{', '{"_type":"x",')],
    ['VERIFY_SURROGATE', 'has half a surrogate pair', () => payload().replace('Test Report', '\\ud800')],
    ['VERIFY_NUMBER', 'has 1e400', () => payload().replace('"maxErrorMs":1000', '"maxErrorMs":1e400')],
    [
      'VERIFY_PREDICATE_TYPE',
      'is another predicate',
      () => payload().replace('conformance-report/v1', 'report-status/v1'),
    ],
    ['VERIFY_PREDICATE_TYPE', 'is a number', () => '1'],
    [
      'VERIFY_SCHEMA',
      'has an unknown member',
      () => payload().replace('"predicate":{', '"predicate":{"x":1,'),
    ],
    [
      'VERIFY_SCHEMA',
      'has another statement type',
      () => payload().replace('/Statement/v1', '/Statement/v0'),
    ],
  ];
  it.each(cases)('is refused with %s when it %s', async (code, _, change) => {
    expect(codeOf(good, { envelope: await sign(utf8.encode(change()), good.keys) })).toBe(code);
  });

  type Change = (statement: DeepMutable<Statement>) => void;
  const changes: readonly [string, string, Change][] = [
    [
      'VERIFY_SCHEMA',
      'lets out a section',
      ({ predicate }) => Reflect.deleteProperty(predicate.sections, '11'),
    ],
    ['VERIFY_SCHEMA', 'has the sections in another order', ({ predicate }) => predicate.sections.reverse()],
    [
      'VERIFY_SCHEMA',
      'does not ask for the signatory',
      ({ predicate }) => (predicate.signaturePolicy.roles = ['lab-system']),
    ],
    ['VERIFY_SCHEMA', 'is an original of revision 2', ({ predicate }) => (predicate.report.revision = 2)],
    [
      'VERIFY_SCHEMA',
      'invents a verdict',
      ({ predicate }) => Object.assign(predicate.cases[0] ?? [], { 2: 'passed' }),
    ],
    ['VERIFY_COUNTS', 'miscounts', ({ predicate }) => (predicate.outcome.counts.pass += 1)],
    ['VERIFY_COUNTS', 'miscounts its cases', ({ predicate }) => (predicate.report.components.cases += 1)],
    [
      'VERIFY_COUNTS',
      'turns a fail into a pass',
      ({ predicate }) => Object.assign(predicate.cases[1] ?? [], { 2: 'pass' }),
    ],
    [
      'VERIFY_CASE_REPEATED',
      'has a case twice',
      ({ predicate }) => Object.assign(predicate.cases[1] ?? [], { 0: predicate.cases[0]?.[0] }),
    ],
    ['VERIFY_OUTCOME', 'says PASS with a fail', ({ predicate }) => (predicate.outcome.result = 'PASS')],
    [
      'VERIFY_OUTCOME',
      'says INCONCLUSIVE with a fail',
      ({ predicate }) => (predicate.outcome.result = 'INCONCLUSIVE'),
    ],
    [
      'VERIFY_TIME_ORDER',
      'is issued before it was performed',
      ({ predicate }) => (predicate.report.issuedAt = predicate.time.performedFrom),
    ],
    [
      'VERIFY_TIME_ORDER',
      'ends before it begins',
      ({ predicate }) => (predicate.time.performedFrom = predicate.report.issuedAt),
    ],
    [
      'VERIFY_TIME_ORDER',
      'has a 30 February',
      ({ predicate }) => (predicate.time.performedFrom = '2026-02-30T00:00:00Z'),
    ],
    [
      'VERIFY_TIME_ORDER',
      'has a 25th hour',
      ({ predicate }) => (predicate.time.performedFrom = '2026-02-20T25:00:00Z'),
    ],
    [
      'VERIFY_ISSUER_NOT_SIGNATORY',
      'is issued by another lab',
      ({ predicate }) => (predicate.issuer.lab = 'lab-south'),
    ],
    ['VERIFY_SIGNATORY_REPEATED', 'has one key in two roles', ({ predicate }) => swapKey(predicate, 1, 0)],
    ['VERIFY_KEY_USE', 'swaps the keys of its roles', ({ predicate }) => exchangeKeys(predicate)],
    [
      'VERIFY_KEY_UNKNOWN',
      'names an unknown key',
      ({ predicate }) => Object.assign(predicate.signatories[0] ?? {}, { keyid: '0'.repeat(64) }),
    ],
    ['VERIFY_LABS_TOO_FEW', 'asks for two labs', ({ predicate }) => (predicate.signaturePolicy.labs = 2)],
    [
      'VERIFY_ROLE_MISSING',
      'asks for a role nobody has',
      ({ predicate }) => predicate.signaturePolicy.roles.push('co-signing-lab'),
    ],
    [
      'VERIFY_COMMITMENT',
      'has one commitment for two cases',
      ({ predicate }) => Object.assign(predicate.cases[1] ?? [], { 3: predicate.cases[0]?.[3] }),
    ],
  ];
  it.each(changes)('is refused with %s when it %s', async (code, _, change) => {
    expect(codeOf(good, { envelope: await signChanged(good, change) })).toBe(code);
  });
});

it('refuses a report from the future of whoever verifies', () => {
  expect(codeOf(good, { now: T0 - 2 * 365 * 86_400_000 })).toBe('VERIFY_TIME_ORDER');
});

type Predicate = DeepMutable<Statement>['predicate'];

function swapKey(predicate: Predicate, to: number, from: number): void {
  Object.assign(predicate.signatories[to] ?? {}, { keyid: predicate.signatories[from]?.keyid });
}

function exchangeKeys(predicate: Predicate): void {
  const [a, b] = predicate.signatories.map(({ keyid }) => keyid);
  Object.assign(predicate.signatories[0] ?? {}, { keyid: b });
  Object.assign(predicate.signatories[1] ?? {}, { keyid: a });
}
