import { beforeAll, describe, expect, it } from 'vitest';
import { toBase64, toBase64Url } from '../../../../src/attest/format/base64.ts';
import { commit } from '../../../../src/attest/format/disclosure.ts';
import { renderEnvelope } from '../../../../src/attest/format/envelope.ts';
import type { Statement } from '../../../../src/attest/format/statement.ts';
import type { Json } from '../../../../src/kernel/json.ts';
import { T0, tools } from '../../../support/reports.ts';
import {
  aJointReport,
  aSignedReport,
  codeOf,
  type DeepMutable,
  edited,
  type Given,
  NOW,
  sign,
  signChanged,
  type SignedReport,
  trustIn,
} from '../../../support/signed-report.ts';

const YEAR_MS = 365 * 86_400_000;
const utf8 = new TextEncoder();
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const salt = 'A'.repeat(22);
const later = (ms: number, by: number): string => new Date(ms + by).toISOString();

let good: SignedReport;
let joint: SignedReport;
beforeAll(async () => {
  [good, joint] = await Promise.all([aSignedReport(), aJointReport()]);
});

type Change = (predicate: DeepMutable<Statement>['predicate']) => unknown;
type Make = () => Given | Promise<Given>;

/** The envelope's text, changed. */
const envelopeText = (change: (text: string) => string): Make => {
  return () => ({ bytes: utf8.encode(change(textOf(renderEnvelope(good.envelope)))) });
};
/** The payload's text, changed and signed by the right keys. */
const payloadText = (change: (text: string) => string): Make => {
  return async () => ({
    envelope: await sign(utf8.encode(change(textOf(good.rendered.bytes))), good.keys),
  });
};
/** The statement, changed and signed by the right keys. */
const statement = (change: Change): Make => {
  return async () => ({ envelope: await signChanged(good, ({ predicate }) => void change(predicate)) });
};
/** The joint report of two labs, changed and signed by the keys at these places. */
const jointly = (change: Change, keys: readonly number[] = [0, 1, 2]): Make => {
  return async () => {
    const whole = await signChanged(joint, ({ predicate }) => void change(predicate));
    const signatures = whole.signatures.filter((_, index) => keys.includes(index));
    return { envelope: { ...whole, signatures }, trust: joint.trust };
  };
};
const disclosures = (change: (given: readonly string[]) => readonly string[]): Make => {
  return () => ({ disclosures: change(good.rendered.disclosures.get('acme') ?? []) });
};
/** The section `items` hides this instead. */
const opened = (value: Json): Make => {
  return async () => {
    const { commitment, disclosure } = commit(value, salt, tools.sha256);
    const envelope = await signChanged(good, ({ predicate }) => {
      predicate.sections[2] = ['items', commitment];
    });
    return { envelope, disclosures: [disclosure] };
  };
};
const revokedAt = (ms: number): Make => {
  return () => ({ trust: trustIn(good.keys, (entry) => ({ ...entry, revokedAt: ms })) });
};
const issuedBy = (ms: number): Change => {
  return ({ report, time }) => {
    time.performedFrom = later(Date.parse(time.performedFrom), ms);
    time.performedTo = later(Date.parse(time.performedTo), ms);
    report.issuedAt = later(Date.parse(report.issuedAt), ms);
  };
};
const amended: Change = ({ report }) =>
  Object.assign(report, {
    ...{ kind: 'amendment', revision: 2, reason: 'a person looked again' },
    replaces: { revision: 1, payload: '0'.repeat(64) },
  });
const overridden = (...pairs: readonly (readonly [number, string])[]): Change => {
  return (predicate) => {
    amended(predicate);
    const rows = pairs.map(([index, machine]) => [predicate.cases[index]?.[0] ?? 'nowhere', machine]);
    Object.assign(predicate.outcome, { overridden: rows });
  };
};

/** What is wrong, the reason code that says so, and how it is made. */
const TABLE: readonly (readonly [what: string, code: string, make: Make])[] = [
  ['an empty file', 'VERIFY_JSON_INVALID', envelopeText(() => '')],
  ['a truncated envelope', 'VERIFY_JSON_INVALID', envelopeText((text) => text.slice(0, -10))],
  ['a truncated payload, signed', 'VERIFY_JSON_INVALID', payloadText((text) => text.slice(0, -1))],
  [
    'a duplicated member of the envelope',
    'VERIFY_DUPLICATE_MEMBER',
    envelopeText((text) => text.replace('{', '{"payload": "e30=",')),
  ],
  [
    'a duplicated member of the payload',
    'VERIFY_DUPLICATE_MEMBER',
    payloadText((text) => text.replace('"result":', '"result":"PASS","result":')),
  ],
  [
    'a duplicated member, once spelled with an escape',
    'VERIFY_DUPLICATE_MEMBER',
    payloadText((text) => text.replace('"result":', '"r\\u0065sult":"PASS","result":')),
  ],
  [
    'the other base64 alphabet',
    'accepted',
    () => ({ bytes: edited(good, (json) => (json['payload'] = toBase64Url(good.envelope.payload))) }),
  ],
  [
    'both base64 alphabets in one text',
    'VERIFY_BASE64',
    () => ({
      bytes: edited(good, (json) => (json['payload'] = `-_+/${toBase64(good.envelope.payload)}`)),
    }),
  ],
  [
    'base64 broken into lines',
    'VERIFY_BASE64',
    () => ({
      bytes: edited(
        good,
        (json) => (json['payload'] = toBase64(good.envelope.payload).replace(/.{64}/gu, '$&\n')),
      ),
    }),
  ],
  [
    'an envelope of invalid UTF-8',
    'VERIFY_UTF8_INVALID',
    () => ({ bytes: Uint8Array.from([...renderEnvelope(good.envelope), 0xff]) }),
  ],
  [
    'a payload of invalid UTF-8, signed',
    'VERIFY_UTF8_INVALID',
    async () => ({ envelope: await sign(Uint8Array.from([...good.rendered.bytes, 0xc0]), good.keys) }),
  ],
  ['a byte order mark', 'VERIFY_JSON_INVALID', payloadText((text) => `\ufeff${text}`)],
  [
    'half a surrogate pair',
    'VERIFY_SURROGATE',
    payloadText((text) => text.replace('Test Report', '\\ud800')),
  ],
  [
    'half a surrogate pair in a name',
    'VERIFY_SURROGATE',
    payloadText((text) => text.replace('{', '{"\\udc00":1,')),
  ],
  ['1e400', 'VERIFY_NUMBER', payloadText((text) => text.replace('"maxErrorMs":1000', '"maxErrorMs":1e400'))],
  [
    'an integer beyond 2^53',
    'VERIFY_NUMBER',
    payloadText((text) => text.replace('"maxErrorMs":1000', '"maxErrorMs":9007199254740993')),
  ],
  [
    'a thousand lists in each other',
    'VERIFY_JSON_INVALID',
    payloadText(() => '['.repeat(1000) + ']'.repeat(1000)),
  ],
  ['a huge file', 'VERIFY_ENVELOPE_TOO_LARGE', () => ({ bytes: new Uint8Array(64 * 1024 * 1024 + 1) })],
  ['10,000 signatures', 'VERIFY_TOO_MANY_SIGNATURES', () => ({ bytes: repeated(10_000) })],
  ['one signature instead of two, twice', 'VERIFY_SIGNATURE_MISSING', () => ({ bytes: repeated(2) })],
  [
    'two signatures of the same key',
    'VERIFY_SIGNATURE_MISSING',
    async () => ({ envelope: await sign(good.rendered.bytes, [good.keys[0]!, good.keys[0]!]) }),
  ],
  [
    'the same key for two signatories',
    'VERIFY_SIGNATORY_REPEATED',
    statement(({ signatories: [first, second] }) => Object.assign(second ?? {}, { keyid: first?.keyid })),
  ],
  ['nothing but strangers who signed it', 'VERIFY_NO_TRUSTED_SIGNATURE', () => ({ trust: joint.trust })],
  ['a joint report of two labs', 'accepted', jointly(() => undefined)],
  ['a stripped co-signer', 'VERIFY_SIGNATURE_MISSING', jointly(() => undefined, [0, 1])],
  ['a stripped lead lab', 'VERIFY_SIGNATURE_MISSING', jointly(() => undefined, [2])],
  [
    'a stripped co-signer, and its entry too, in the signed bytes',
    'VERIFY_NO_TRUSTED_SIGNATURE',
    async () => {
      const changed = await signChanged(joint, ({ predicate }) => void predicate.signatories.pop());
      const { signatures } = joint.envelope;
      return { envelope: { ...changed, signatures: signatures.slice(0, 2) }, trust: joint.trust };
    },
  ],
  [
    'a stripped co-signer, its entry removed by the lead lab, which signs anew',
    'VERIFY_LABS_TOO_FEW',
    jointly(({ signatories }) => signatories.pop(), [0, 1]),
  ],
  [
    'a stripped co-signer, as if the lead lab were two',
    'VERIFY_ROLE_MISSING',
    jointly(
      ({ signatories, signaturePolicy }) => {
        signatories.pop();
        signaturePolicy.labs = 1;
      },
      [0, 1],
    ),
  ],
  [
    'a key of lab B as one of lab A',
    'VERIFY_KEY_OTHER_LAB',
    jointly(({ signatories: [, , third] }) => Object.assign(third ?? {}, { lab: 'lab-north' })),
  ],
  [
    'a key in the role of another',
    'VERIFY_KEY_USE',
    statement(({ signatories: [first, second] }) => {
      const [a, b] = [first?.keyid, second?.keyid];
      Object.assign(first ?? {}, { keyid: b });
      Object.assign(second ?? {}, { keyid: a });
    }),
  ],
  [
    'a swapped payloadType',
    'VERIFY_PAYLOAD_TYPE',
    () => ({ bytes: edited(good, (json) => (json['payloadType'] = 'application/vnd.cyclonedx+json')) }),
  ],
  [
    'a swapped predicateType',
    'VERIFY_PREDICATE_TYPE',
    payloadText((text) => text.replace('conformance-report/v1', 'report-status/v1')),
  ],
  [
    'a derived statement in the place of the report',
    'VERIFY_PREDICATE_TYPE',
    payloadText((text) =>
      text.replace(
        'https://patchbay.example/attestations/conformance-report/v1',
        'https://in-toto.io/attestation/test-result/v0.1',
      ),
    ),
  ],
  ['one pass too many', 'VERIFY_COUNTS', statement(({ outcome }) => (outcome.counts.pass += 1))],
  ['one case too many', 'VERIFY_COUNTS', statement(({ report }) => (report.components.cases += 1))],
  [
    'a fail that became a pass',
    'VERIFY_COUNTS',
    statement(({ cases }) => Object.assign(cases[1] ?? [], { 2: 'pass' })),
  ],
  [
    'a fail that became a pass, and its count with it',
    'VERIFY_OUTCOME',
    statement(({ cases, outcome: { counts } }) => {
      Object.assign(cases[1] ?? [], { 2: 'pass' });
      Object.assign(counts, { pass: counts.pass + 1, fail: counts.fail - 1 });
    }),
  ],
  [
    'a case twice',
    'VERIFY_CASE_REPEATED',
    statement(({ cases }) => Object.assign(cases[1] ?? [], { 0: cases[0]?.[0] })),
  ],
  [
    'an override in an original report',
    'VERIFY_OVERRIDE',
    statement(({ outcome, cases }) => Object.assign(outcome, { overridden: [[cases[1]?.[0], 'pass']] })),
  ],
  ['an override in an amendment', 'accepted', statement(overridden([1, 'pass']))],
  ['an override of a case that is not there', 'VERIFY_OVERRIDE', statement(overridden([99, 'pass']))],
  ['a case overridden twice', 'VERIFY_OVERRIDE', statement(overridden([1, 'pass'], [1, 'error']))],
  ['a fail overridden by a fail', 'VERIFY_OVERRIDE', statement(overridden([1, 'fail']))],
  ['a machine that never was', 'VERIFY_SCHEMA', statement(overridden([1, 'ok']))],
  ['an empty list of overrides', 'VERIFY_SCHEMA', statement(overridden())],
  [
    'a disclosure that belongs to nothing',
    'VERIFY_DISCLOSURE_UNREFERENCED',
    disclosures((given) => [...given, toBase64Url(utf8.encode(`["${salt}","PASS"]`))]),
  ],
  ['a repeated disclosure', 'VERIFY_DISCLOSURE_REPEATED', disclosures((given) => [...given, given[0] ?? ''])],
  [
    'one commitment for two cases',
    'VERIFY_COMMITMENT',
    statement(({ cases }) => Object.assign(cases[1] ?? [], { 3: cases[0]?.[3] })),
  ],
  ['a commitment outside of a list', 'VERIFY_COMMITMENT', opened({ a: { '...': 'x'.repeat(43) } })],
  ['the list form _sd', 'VERIFY_COMMITMENT', opened({ _sd: ['x'.repeat(43)] })],
  ['a manifest of something else', 'VERIFY_SUBJECT', opened({ manifests: [{ v: 1 }] })],
  ['a key that was revoked before the report', 'VERIFY_KEY_REVOKED', revokedAt(T0)],
  ['a key that was revoked after the report, whose age nothing proves', 'VERIFY_KEY_REVOKED', revokedAt(NOW)],
  ["a reader's clock two years behind", 'VERIFY_TIME_ORDER', () => ({ now: NOW - 2 * YEAR_MS })],
  ["a reader's clock two years ahead", 'accepted', () => ({ now: NOW + 2 * YEAR_MS })],
  ["a lab's clock two years ahead", 'VERIFY_TIME_ORDER', statement(issuedBy(2 * YEAR_MS))],
  ["a lab's clock two years behind", 'VERIFY_KEY_NOT_VALID', statement(issuedBy(-2 * YEAR_MS))],
];

describe('bad input', () => {
  it.each(TABLE)('%s: %s', async (_, code, make) => {
    expect(codeOf(good, await make())).toBe(code);
  });
});

function repeated(times: number): Uint8Array {
  return edited(good, (json) => {
    json['signatures'] = Array.from({ length: times }, () => (json['signatures'] as unknown[])[0]);
  });
}
