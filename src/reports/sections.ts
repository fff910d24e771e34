import type { Sha256 } from '../attest/format/disclosure.ts';
import type { SectionName } from '../attest/format/statement.ts';
import type { OrganisationId } from '../domain/ids.ts';
import type { Organisation } from '../domain/organisation.ts';
import type { Testbed } from '../domain/testbed.ts';
import type { Json } from '../kernel/json.ts';
import { deviations } from './deviations.ts';
import { groupCases } from './group-cases.ts';
import type { Hide } from './disclosures.ts';
import type { ImportedResults, Opinion, ReportedRun, ReportInput } from './input.ts';
import { notStated } from './items.ts';
import { asJson, withoutAbsent } from './json.ts';
import { method } from './method.ts';
import { toHex } from '../attest/format/base64.ts';
import { ORAN_RESULTS_FILE } from './oran/results.ts';
import { ORAN_RESULTS_SCHEMA } from './oran/schema.ts';
import { compare, type Report } from './report.ts';

export interface SectionTools {
  readonly sha256: Sha256;
  readonly hide: Hide;
  /** Of `renderOranResults`. */
  readonly oranResults: Uint8Array;
}

/**
 * The values of the fixed sections but `items`, which is per product. All are always there, most of them lists that may
 * be empty, so that nothing shows from outside by what is missing. What nobody has told is named in `notStated`.
 */
export function sectionValues(
  report: Report,
  tools: SectionTools,
): Readonly<Record<Exclude<SectionName, 'items'>, Json>> {
  const { input } = report;
  return {
    customer: customer(input, tools.hide),
    laboratory: laboratory(input),
    testbed: testbeds(input),
    method: method(report, tools.sha256),
    deviations: deviations(report),
    conditions: conditions(report),
    opinions: [...input.opinions].sort(byTime).map((one) => asJson({ ...one, at: isoOf(one.at) })),
    'external-results': [...input.imports].sort(byImport).map(externalResults),
    personnel: personnel(input),
    'evidence-index': evidenceIndex(report),
    'oran-test-results': oranFile(tools),
  };
}

/** Each vendor sees what is said of itself only. @see ISO/IEC 17025:2017, 7.8.2.1 e */
function customer({ subjects, campaign, organisations }: ReportInput, hide: Hide): Json {
  const vendors = [...new Set(subjects.map(({ organisation }) => organisation))].sort();
  return {
    organisations: vendors.map((id) =>
      asJson(
        hide(`section:customer:${id}`, contactOf(id, organisations), {
          kind: 'product',
          section: 'customer',
          owner: id,
        }),
      ),
    ),
    campaign: campaign.id,
    requestedBy: contactOf(campaign.organisation, organisations),
  };
}

function contactOf(id: OrganisationId, organisations: readonly Organisation[]): Json {
  const known = organisations.find((one) => one.id === id);
  const { name, address, contacts } = known ?? {};
  return {
    id,
    name: name ?? null,
    address: address ?? null,
    contacts: asJson(contacts ?? []),
    notStated: notStated({ name, address, contacts }),
  };
}

/** @see ISO/IEC 17025:2017, 7.8.2.1 b, c */
function laboratory({ lab, runs, organisations }: ReportInput): Json {
  const { id, name, address, contacts, accreditation } = lab;
  const sites = new Set(runs.flatMap(({ testbed }) => (testbed === undefined ? [] : [testbed.organisation])));
  return {
    id,
    name: name ?? null,
    address: address ?? null,
    contacts: asJson(contacts ?? []),
    accreditation: accreditation ?? null,
    notStated: notStated({ name, address, contacts, accreditation }),
    performedAt: [...sites].sort().map((site) => contactOf(site, organisations)),
  };
}

function testbeds({ runs }: ReportInput): Json {
  const found = new Map(runs.flatMap((one) => (one.testbed === undefined ? [] : [[one.testbed.id, one]])));
  const tools = new Map(
    runs.flatMap((one) =>
      Object.entries(one.tools).map(([name, version]) => [`${name} ${version}`, { name, version }]),
    ),
  );
  return {
    testbeds: [...found.values()]
      .flatMap(({ testbed, runners }) => (testbed === undefined ? [] : [renderTestbed(testbed, runners)]))
      .sort((a, b) => compare(a.id, b.id)),
    tools: [...tools.entries()].sort(([a], [b]) => compare(a, b)).map(([, tool]) => tool),
  };
}

function renderTestbed(
  testbed: Testbed,
  runners: ReportedRun['runners'],
): { id: string } & Record<string, Json> {
  const { id, organisation, slots, capabilities, instruments } = testbed;
  return {
    ...{ id, organisation, slots, capabilities: [...capabilities].sort() },
    instruments: asJson(instruments),
    runners: [...runners].sort((a, b) => compare(a.id, b.id)).map((one) => asJson(one)),
  };
}

/** @see ISO/IEC 17025:2017, 7.8.3.1 a */
function conditions({ cases, input, performedTo, issuedAt }: Report): Json {
  const clockWentBack = Date.parse(performedTo) > input.issuedAt;
  return {
    clock: { ...input.clock },
    remarks: clockWentBack
      ? [
          `the clock of the orchestrator was behind the tests; the report is dated ${issuedAt}, when they ended`,
        ]
      : [],
    runs: [...input.runs]
      .sort((a, b) => compare(a.run.id, b.run.id))
      .map(({ run, testbed, tools, records }) => ({
        run: run.id,
        testbed: testbed?.id ?? null,
        from: records.map(({ startedAt }) => startedAt).sort()[0] ?? null,
        to:
          records
            .map(({ endedAt }) => endedAt)
            .sort()
            .at(-1) ?? null,
        tools: asJson(tools),
      })),
    cases: groupCases(
      cases.map(({ number, last: { record } }) => [
        number,
        {
          transports: asJson(record?.transports ?? {}),
          fitness: asJson(record?.fitness ?? { fit: false, checks: [] }),
        },
      ]),
    ),
  };
}

/** @see ISO/IEC 17025:2017, 7.8.2.1 p */
function externalResults(one: ImportedResults): Json {
  const { cases, importedAt, ...rest } = one;
  return {
    ...asRecord(rest),
    importedAt: isoOf(importedAt),
    counted: false,
    cases: cases.map((each) => withoutAbsent(asRecord(each))),
  };
}

/** Who signs, who authorises, and whose decisions are in it. @see ISO/IEC 17025:2017, 7.8.2.1 o, 7.8.7.1 */
function personnel({ signatories, lab, overrides, opinions }: ReportInput): Json {
  const authorising = signatories.filter((one) => one.lab === lab.id && one.role === 'authorised-signatory');
  return {
    signatories: signatories.map(({ lab: of, role, keyid, scope, holder, selfDeclared }) => ({
      ...{ lab: of, role, keyid, scope, holder, selfDeclared },
    })),
    authorisedBy: authorising.map(({ holder }) => holder),
    decidedBy: unique(overrides.map(({ by }) => by)),
    opinionsBy: unique(opinions.map(({ by }) => by)),
  };
}

/** The file repeats the report in the words of another format: it is named here, not repeated once more. */
function oranFile({ oranResults, sha256 }: SectionTools): Json {
  return {
    file: ORAN_RESULTS_FILE,
    mediaType: 'application/json',
    schema: ORAN_RESULTS_SCHEMA['$id'] ?? null,
    sha256: toHex(sha256(oranResults)),
    bytes: oranResults.length,
  };
}

function evidenceIndex({ evidence, cases }: Report): Json {
  const uses = new Map<string, string[]>();
  for (const { number, attempts } of cases) {
    for (const digest of new Set(
      attempts.flatMap(({ record }) => record?.evidence ?? []).map((e) => e.digest),
    )) {
      uses.set(digest, [...(uses.get(digest) ?? []), number]);
    }
  }
  return evidence.map((item) => ({ ...asRecord(item), cases: uses.get(item.digest) ?? [] }));
}

function byTime(a: Opinion, b: Opinion): number {
  return a.at - b.at || compare(a.text, b.text);
}

function byImport(a: ImportedResults, b: ImportedResults): number {
  return a.importedAt - b.importedAt || compare(a.digest, b.digest) || compare(a.origin, b.origin);
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}

function asRecord(value: object): Record<string, Json> {
  return asJson(value) as Record<string, Json>;
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
