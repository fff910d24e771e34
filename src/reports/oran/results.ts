import { toHex } from '../../attest/format/base64.ts';
import type { Sha256 } from '../../attest/format/disclosure.ts';
import type { ReportResult } from '../../attest/format/outcome.ts';
import type { TestType } from '../../attest/format/statement.ts';
import { SPECIFICATIONS_URI } from '../../attest/format/uris.ts';
import { canonicalBytes } from '../../kernel/canonical-json.ts';
import type { Json, JsonObject } from '../../kernel/json.ts';
import type { Contact } from '../../domain/organisation.ts';
import type { ReportInput } from '../input.ts';
import { asJson, withoutAbsent } from '../json.ts';
import { compare, type Report } from '../report.ts';
import { oranGroup } from './cases.ts';
import { oranComponents } from './components.ts';
import { ORAN_INTERFACES } from './schema.ts';
import { cut, NOT_STATED, note } from './text.ts';

/** WARN with a note for INCONCLUSIVE: the format has no word for it, PASS would claim too much and FAIL blame the product. */
const RESULTS = {
  PASS: 'PASS',
  FAIL: 'FAIL',
  INCONCLUSIVE: 'WARN',
} as const satisfies Record<ReportResult, string>;

const TEST_TYPES = {
  conformance: 'conformance',
  interoperability: 'interoperability',
  'end-to-end': 'end-to-end',
  security: 'Other',
  Other: 'Other',
} as const satisfies Record<TestType, string>;

/** Our names of interfaces that the format calls otherwise. */
const INTERFACE_NAMES: Readonly<Record<string, string>> = {
  'open-fronthaul-cus': 'ofh',
  'open-fronthaul-m': 'fhm',
  f1: 'f1-c',
};

/** Where those who publish specifications publish them. */
const PUBLISHERS: Readonly<Record<string, string>> = {
  'O-RAN': 'https://specifications.o-ran.org/',
  '3GPP': 'https://www.3gpp.org/',
  ETSI: 'https://www.etsi.org/standards',
  IETF: 'https://www.rfc-editor.org/',
};
const ADDRESS_LENGTH = 512;

export const ORAN_RESULTS_FILE = 'oran-test-results.json';

/** The file of that name. A report holds its digest, so that the file is worth as much as the report. */
export function renderOranResults(report: Report, sha256: Sha256): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(oranTestResults(report, sha256))}\n`);
}

/**
 * The report in the results format of the O-RAN ALLIANCE, version 1, as {@link ORAN_RESULTS_SCHEMA} reconstructs it. A pure
 * function of the report.
 */
export function oranTestResults(report: Report, sha256: Sha256): Json {
  const { input, suites } = report;
  return asJson({
    schemaVersion: 1,
    testMetadata: oranMetadata(report, sha256),
    tags: ['patchbay', ...(report.selfDeclared ? ['self-declared'] : [])],
    testbedComponents: oranComponents(report),
    testLab: {
      name: cut(input.lab.name ?? input.lab.id),
      address: cut(input.lab.address ?? NOT_STATED, ADDRESS_LENGTH),
      contacts: oranContacts(input.lab),
    },
    testSpecifications: oranSpecifications(report),
    testResults: suites.map(oranGroup),
    notes: oranReportNotes(report),
  });
}

/** The format wants a first and a last name, an address for mail, and at least one person. A name is given as it is known: whole. */
function oranContacts({ id, contacts = [] }: ReportInput['lab']): readonly JsonObject[] {
  const known = contacts.length === 0 ? [{ name: NOT_STATED }] : contacts;
  return known.map(({ name, email, phone }: Contact) =>
    withoutAbsent({
      firstName: NOT_STATED,
      lastName: cut(name),
      organization: cut(id),
      email: email === undefined ? 'not-stated@example.invalid' : cut(email),
      phone: phone === undefined ? undefined : cut(phone),
    }),
  );
}

function oranMetadata(report: Report, sha256: Sha256): JsonObject {
  const { named } = interfacesOf(report);
  return withoutAbsent({
    startDate: report.performedFrom,
    stopDate: report.performedTo,
    dutName: cut(report.input.subjects.map(({ product }) => product.name).join(' with ')),
    interfaceUnderTest: named.length === 0 ? undefined : named,
    result: RESULTS[report.result],
    testType: TEST_TYPES[report.type],
    testId: testId(report, sha256),
  });
}

/** A UUID of version 8, the same for the same revision of the same report. @see RFC 9562 §5.8 */
function testId({ input, sut }: Report, sha256: Sha256): string {
  const name = ['oran-test-results', input.campaign.reference, sut, input.revision.n];
  const bytes = sha256(canonicalBytes(name)).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-');
}

/** Interfaces that the format knows, by its names, and ours that it does not know. */
function interfacesOf({ suites }: Report): {
  readonly named: readonly string[];
  readonly rest: readonly string[];
} {
  const known: readonly string[] = ORAN_INTERFACES;
  const pairs = suites.flatMap(({ plan }) =>
    plan.subjects.flatMap(({ role, interfaces }) =>
      interfaces.map((name) => ({
        ours: `${role}.${name}`,
        theirs: `${role.replace(/^o-cu-[cu]p$/u, 'o-cu')}.${INTERFACE_NAMES[name] ?? name}`,
      })),
    ),
  );
  const named = pairs.filter(({ theirs }) => known.includes(theirs)).map(({ theirs }) => theirs);
  const rest = pairs.filter(({ theirs }) => !known.includes(theirs)).map(({ ours }) => ours);
  return { named: [...new Set(named)].sort(compare), rest: [...new Set(rest)].sort(compare) };
}

function oranSpecifications({ cases, suites }: Report): readonly JsonObject[] {
  const cited = cases.flatMap((one) => one.case.references);
  const all =
    cited.length > 0
      ? cited
      : suites.map(({ plan }) => ({ body: 'Patchbay', document: plan.id, version: plan.version }));
  const unique = new Map(all.map((one) => [`${one.document}\n${one.version}`, one]));
  return [...unique.entries()]
    .sort(([a], [b]) => compare(a, b))
    .map(([, { body, document, version }]) => ({
      name: cut(document),
      version: cut(version),
      links: [{ displayName: cut(`published by ${body}`), url: PUBLISHERS[body] ?? SPECIFICATIONS_URI }],
    }));
}

function oranReportNotes(report: Report): readonly JsonObject[] {
  const { input } = report;
  const { rest } = interfacesOf(report);
  return [
    note(
      'Origin',
      `Derived by ${input.harness.name} ${input.harness.version} from a signed report, which alone is authoritative. ` +
        'Group and case numbers are counted; the number of a case in the report stands before its name.',
    ),
    ...(report.result === 'INCONCLUSIVE'
      ? [
          note(
            'Result',
            'INCONCLUSIVE: no case failed, and the evidence does not suffice for a pass. This is no pass.',
          ),
        ]
      : []),
    note(
      'Undecided cases',
      'SKIP with a note stands for whatever was not decided, executed or not; never for a pass.',
    ),
    note('Not stated', 'Contacts, and whatever else says so, are not known to the harness.'),
    ...(rest.length === 0 ? [] : [note('Interfaces that this format has no name for', rest.join(', '))]),
    ...(input.imports.length === 0
      ? []
      : [
          note(
            'Imported results',
            `${input.imports.length} sets of results measured elsewhere are in the report only.`,
          ),
        ]),
  ];
}
