import { toBase64 } from '../../../src/attest/format/base64.ts';
import { PAYLOAD_TYPE, renderEnvelope } from '../../../src/attest/format/envelope.ts';
import type { Statement } from '../../../src/attest/format/statement.ts';
import { aKey, type DeepMutable, sign, signChanged, type SignedReport } from '../../support/signed-report.ts';

export interface NamedChange {
  readonly name: string;
  readonly make: (report: SignedReport) => Promise<Uint8Array>;
}

type S = DeepMutable<Statement>;
type Loose = Record<string, unknown>;
type Row = readonly [name: string, change: (statement: S) => void];

/** What a thief without any key, or a careless partner, would do to the statement: the signatures stay as they were. */
const UNSIGNED: readonly Row[] = [
  ['the result becomes PASS', ({ predicate }) => put(predicate.outcome, 'result', 'PASS')],
  ['a fail becomes a pass, with its count', ({ predicate }) => passInstead(predicate)],
  ['the case that failed is taken out', ({ predicate }) => dropCase(predicate, 1)],
  ['a case is added', ({ predicate }) => addCase(predicate)],
  ['another lab issues it', ({ predicate }) => put(predicate.issuer, 'lab', 'lab-south')],
  ['another campaign', ({ predicate }) => put(predicate.report, 'campaign', 'A'.repeat(22))],
  ['another series', ({ predicate }) => put(predicate.report, 'series', 'conformance-other')],
  ['another product', ({ subject }) => put(subject[0]?.digest ?? {}, 'sha256', '0'.repeat(64))],
  [
    'another specification',
    ({ predicate }) => put(predicate.test.specifications[0] ?? {}, 'version', 'v99.00'),
  ],
  ['issued a day later', ({ predicate }) => put(predicate.report, 'issuedAt', '2026-11-21T09:02:00.000Z')],
  [
    'performed a day earlier',
    ({ predicate }) => put(predicate.time, 'performedFrom', '2026-11-19T09:00:10.000Z'),
  ],
  ['a better clock', ({ predicate }) => put(predicate.time.clock, 'maxErrorMs', 1)],
  ['an accreditation', ({ predicate }) => put(predicate.statements, 'accreditation', 'ISO/IEC 17025')],
  ['another signatory', ({ predicate }) => put(predicate.signatories[1] ?? {}, 'keyid', '0'.repeat(64))],
  ['a signatory less', ({ predicate }) => void predicate.signatories.pop()],
  ['a narrower scope', ({ predicate }) => put(predicate.signatories[0] ?? {}, 'scope', ['cases:1'])],
  ['a softer policy', ({ predicate }) => put(predicate.signaturePolicy, 'roles', ['lab-system'])],
  ['the detail of a case exchanged for that of another', ({ predicate }) => exchange(predicate.cases, 3)],
  ['the case numbers exchanged', ({ predicate }) => exchange(predicate.cases, 0)],
  ['two sections exchanged', ({ predicate }) => exchange(predicate.sections, 1)],
];

/** What no lab may sign, signed by the right keys: caught by what it says. */
const SIGNED: readonly Row[] = [
  ['a section less', ({ predicate }) => void predicate.sections.pop()],
  [
    'a section more',
    ({ predicate }) => void predicate.sections.push(['customer', { '...': 'A'.repeat(43) }]),
  ],
  ['the sections in another order', ({ predicate }) => void predicate.sections.reverse()],
  ['a section without a commitment', ({ predicate }) => void predicate.sections[0]?.pop()],
  ['no case', ({ predicate }) => put(predicate, 'cases', [])],
  ['a case without a commitment', ({ predicate }) => void (predicate.cases[0] as unknown[]).pop()],
  ['a case with a fifth item', ({ predicate }) => void (predicate.cases[0] as unknown[]).push(1)],
  [
    'a commitment of 42 characters',
    ({ predicate }) => put(predicate.cases[0]?.[3] ?? {}, '...', 'A'.repeat(42)),
  ],
  ['a commitment with company', ({ predicate }) => put(predicate.cases[0]?.[3] ?? {}, 'more', 1)],
  ['one commitment twice', ({ predicate }) => put(predicate.cases[1] ?? [], '3', predicate.cases[0]?.[3])],
  [
    'the commitment of a case for a section',
    ({ predicate }) => put(predicate.sections[0] ?? [], '1', predicate.cases[0]?.[3]),
  ],
  ['a case number twice', ({ predicate }) => put(predicate.cases[1] ?? [], '0', predicate.cases[0]?.[0])],
  ['a verdict nobody knows', ({ predicate }) => put(predicate.cases[0] ?? [], '2', 'passed')],
  ['a verdict that is a list', ({ predicate }) => put(predicate.cases[0] ?? [], '2', ['pass'])],
  ['a status nobody knows', ({ predicate }) => put(predicate.cases[0] ?? [], '1', 'M')],
  ['PASS with a fail', ({ predicate }) => put(predicate.outcome, 'result', 'PASS')],
  ['INCONCLUSIVE with a fail', ({ predicate }) => put(predicate.outcome, 'result', 'INCONCLUSIVE')],
  ['a count too high', ({ predicate }) => put(predicate.outcome.counts, 'pass', 99)],
  ['a count below zero', ({ predicate }) => put(predicate.outcome.counts, 'fail', -1)],
  ['a count of a half', ({ predicate }) => put(predicate.outcome.counts, 'fail', 0.5)],
  ['a count less', ({ predicate }) => void Reflect.deleteProperty(predicate.outcome.counts, 'none')],
  ['a count nobody knows', ({ predicate }) => put(predicate.outcome.counts, 'waived', 0)],
  ['another number of cases', ({ predicate }) => put(predicate.report.components, 'cases', 99)],
  [
    'an override in an original',
    ({ predicate }) => put(predicate.outcome, 'overridden', [[predicate.cases[0]?.[0], 'fail']]),
  ],
  ['an empty list of overrides', ({ predicate }) => put(predicate.outcome, 'overridden', [])],
  ['an original of revision 2', ({ predicate }) => put(predicate.report, 'revision', 2)],
  [
    'an original that replaces another',
    ({ predicate }) => put(predicate.report, 'replaces', { revision: 1, payload: '0'.repeat(64) }),
  ],
  [
    'an amendment that names nothing',
    ({ predicate }) => void Object.assign(predicate.report, { kind: 'amendment', revision: 2 }),
  ],
  ['another title', ({ predicate }) => put(predicate.report, 'title', 'Certificate')],
  [
    'another decision on what it relates to',
    ({ predicate }) => put(predicate.statements, 'itemsOnly', 'All products of the vendor.'),
  ],
  ['no signatory', ({ predicate }) => put(predicate, 'signatories', [])],
  [
    'one key for two signatories',
    ({ predicate }) => put(predicate.signatories[1] ?? {}, 'keyid', predicate.signatories[0]?.keyid),
  ],
  ['the keys of two roles exchanged', ({ predicate }) => exchange(predicate.signatories, 'keyid')],
  ['the roles exchanged', ({ predicate }) => exchange(predicate.signatories, 'role')],
  ['a signatory of another lab', ({ predicate }) => put(predicate.signatories[1] ?? {}, 'lab', 'lab-south')],
  ['a role nobody knows', ({ predicate }) => put(predicate.signatories[0] ?? {}, 'role', 'director')],
  [
    'a policy without the signatory',
    ({ predicate }) => put(predicate.signaturePolicy, 'roles', ['lab-system']),
  ],
  ['a policy that asks for two labs', ({ predicate }) => put(predicate.signaturePolicy, 'labs', 2)],
  ['issued by somebody who is no signatory', ({ predicate }) => put(predicate.issuer, 'lab', 'lab-south')],
  [
    'issued before it ended',
    ({ predicate }) => put(predicate.report, 'issuedAt', predicate.time.performedFrom),
  ],
  [
    'ended before it began',
    ({ predicate }) => put(predicate.time, 'performedFrom', predicate.report.issuedAt),
  ],
  ['issued on 30 February', ({ predicate }) => put(predicate.report, 'issuedAt', '2027-02-30T00:00:00Z')],
  ['issued in a hundred years', ({ predicate }) => put(predicate.report, 'issuedAt', '2126-11-20T09:02:00Z')],
  ['issued before its keys', ({ predicate }) => shiftYears(predicate, -2)],
  ['no subject', (statement) => put(statement, 'subject', [])],
  ['a subject of another kind', ({ subject }) => put(subject[0] ?? {}, 'name', 'firmware')],
  ['another type of statement', (statement) => put(statement, '_type', 'https://in-toto.io/Statement/v0.1')],
  [
    'another predicate',
    (statement) => put(statement, 'predicateType', 'https://in-toto.io/attestation/test-result/v0.1'),
  ],
  ['a member nobody knows', (statement) => put(statement, 'note', 'approved')],
  ['a member nobody knows, inside', ({ predicate }) => put(predicate, 'verdict', 'PASS')],
  ['a list form of commitments', ({ predicate }) => put(predicate, '_sd', [])],
  ['another digest for commitments', ({ predicate }) => put(predicate, '_sd_alg', 'sha-1')],
  ['a schema of another major version', ({ predicate }) => put(predicate, 'schemaVersion', '2.0')],
  ['a prototype', (statement) => put(statement, 'constructor', { prototype: {} })],
];

type Build = (report: SignedReport) => Uint8Array | Promise<Uint8Array>;

/** What can be done to the envelope itself. */
const ENVELOPES: readonly (readonly [name: string, build: Build])[] = [
  [
    'the first signature alone',
    ({ envelope }) => renderEnvelope({ ...envelope, signatures: envelope.signatures.slice(0, 1) }),
  ],
  [
    'the second signature alone',
    ({ envelope }) => renderEnvelope({ ...envelope, signatures: envelope.signatures.slice(1) }),
  ],
  ['no signature', ({ envelope }) => renderEnvelope({ ...envelope, signatures: [] })],
  [
    'the first signature twice',
    ({ envelope: { signatures, ...rest } }) =>
      renderEnvelope({ ...rest, signatures: signatures.slice(0, 1).flatMap((one) => [one, one]) }),
  ],
  [
    'signatures with the keyids of each other alone',
    ({ envelope: { signatures, ...rest } }) =>
      renderEnvelope({
        ...rest,
        signatures: signatures.map(({ keyid }) => ({
          ...(keyid === undefined ? {} : { keyid }),
          sig: new Uint8Array(64),
        })),
      }),
  ],
  [
    'signed anew by strangers',
    async ({ rendered }) =>
      renderEnvelope(
        await sign(rendered.bytes, [
          aKey('lab-north', 'lab-system'),
          aKey('lab-north', 'authorised-signatory'),
        ]),
      ),
  ],
  [
    'one signature of a stranger',
    async ({ rendered, keys }) =>
      renderEnvelope(
        await sign(rendered.bytes, [...keys.slice(0, 1), aKey('lab-north', 'authorised-signatory')]),
      ),
  ],
  [
    'signed without its type',
    async ({ envelope, keys }) =>
      renderEnvelope({ ...envelope, signatures: await rawSignatures(envelope.payload, keys) }),
  ],
  [
    'the type of something else',
    ({ envelope }) => renderEnvelope({ ...envelope, payloadType: 'application/json' }),
  ],
  [
    'the type in capitals',
    ({ envelope }) => renderEnvelope({ ...envelope, payloadType: PAYLOAD_TYPE.toUpperCase() }),
  ],
  ['two payloads', ({ envelope }) => text(`{"payload":"e30=",${rest(envelope).slice(1)}`)],
  [
    'a payload that is an object',
    ({ envelope }) =>
      text(rest({ ...envelope, payload: new Uint8Array() }).replace('"payload":""', '"payload":{}')),
  ],
  [
    'base64 of base64',
    ({ envelope }) =>
      text(rest({ ...envelope, payload: new TextEncoder().encode(toBase64(envelope.payload)) })),
  ],
  ['the statement without its envelope', ({ rendered }) => rendered.bytes],
  ['a second envelope behind the first', ({ envelope }) => text(rest(envelope).repeat(2))],
];

export const STRUCTURAL_CHANGES: readonly NamedChange[] = [
  ...UNSIGNED.map(([name, change]) => ({
    name: `unsigned: ${name}`,
    make: (report: SignedReport) => unsigned(report, change),
  })),
  ...SIGNED.map(([name, change]) => ({
    name: `signed: ${name}`,
    make: async (report: SignedReport) => renderEnvelope(await signChanged(report, change)),
  })),
  ...ENVELOPES.map(([name, build]) => ({
    name: `envelope: ${name}`,
    make: async (report: SignedReport) => build(report),
  })),
];

async function unsigned(report: SignedReport, change: (statement: S) => void): Promise<Uint8Array> {
  const changed = await signChanged({ ...report, keys: [] }, change);
  return renderEnvelope({ ...report.envelope, payload: changed.payload });
}

async function rawSignatures(
  payload: Uint8Array,
  keys: SignedReport['keys'],
): Promise<{ sig: Uint8Array }[]> {
  const { signal } = new AbortController();
  return Promise.all(keys.map(async ({ signer }) => ({ sig: await signer.sign(payload, { signal }) })));
}

function rest(envelope: SignedReport['envelope']): string {
  return JSON.stringify(JSON.parse(new TextDecoder().decode(renderEnvelope(envelope))));
}

function text(json: string): Uint8Array {
  return new TextEncoder().encode(json);
}

function put(target: object, name: string, value: unknown): void {
  Object.assign(target, { [name]: value });
}

/** Exchanges one member of the first two items. */
function exchange(items: readonly object[], member: number | string): void {
  const [first, second] = items as readonly Loose[];
  const [a, b] = [first?.[member], second?.[member]];
  put(first ?? {}, String(member), b);
  put(second ?? {}, String(member), a);
}

function passInstead({ cases, outcome: { counts } }: S['predicate']): void {
  put(cases[1] ?? [], '2', 'pass');
  Object.assign(counts, { pass: counts.pass + 1, fail: counts.fail - 1 });
}

function dropCase({ cases, report, outcome: { counts } }: S['predicate'], index: number): void {
  const [dropped] = cases.splice(index, 1);
  report.components.cases -= 1;
  if (dropped !== undefined) counts[dropped[2]] -= 1;
}

function addCase({ cases, report, outcome: { counts } }: S['predicate']): void {
  cases.push(['a1-producer:A1-999', 'mandatory', 'pass', { '...': 'B'.repeat(43) }]);
  report.components.cases += 1;
  counts.pass += 1;
}

function shiftYears({ time, report }: S['predicate'], years: number): void {
  const shift = (at: string): string => at.replace(/^\d{4}/u, (year) => String(Number(year) + years));
  [time.performedFrom, time.performedTo] = [shift(time.performedFrom), shift(time.performedTo)];
  report.issuedAt = shift(report.issuedAt);
}
