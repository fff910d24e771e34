import { toHex } from '../attest/format/base64.ts';
import { canonicalBytes } from '../kernel/canonical-json.ts';
import { commit, type Sha256 } from '../attest/format/disclosure.ts';
import { checkSchema } from '../attest/format/schema.ts';
import { LAB_PATTERN, STATEMENT_SCHEMA } from '../attest/format/statement-schema.ts';
import {
  type Commitment,
  ITEMS_ONLY,
  type Predicate,
  type SectionName,
  SECTIONS,
  type Statement,
} from '../attest/format/statement.ts';
import { PREDICATE_TYPE, STATEMENT_TYPE } from '../attest/format/uris.ts';
import { HarnessError } from '../kernel/errors.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import type { Revision } from './input.ts';
import { asJson, withoutAbsent } from './json.ts';
import { compare, type Report, type ReportedCase } from './report.ts';
import { itemManifest, sectionValues } from './sections.ts';

const REPRODUCTION =
  'Not to be reproduced except in full, or as a verifiable extract that says what is withheld.';
const NOT_ACCREDITED = 'No accreditation is claimed for this report.';
const SERIES_LENGTH = 12;
const LAB = new RegExp(LAB_PATTERN, 'u');

/** What has to come from outside, so that this room stays pure. */
export interface StatementTools {
  readonly sha256: Sha256;
  /** 22 characters of base64url for a place in the report; the same for the same place. */
  readonly saltFor: (place: string) => string;
}

export interface RenderedStatement {
  /** What is signed; canonical JSON. */
  readonly bytes: Uint8Array;
  readonly statement: Statement;
  /** Lower-case hexadecimal SHA-256 of `bytes`. */
  readonly digest: string;
  /** What opens the hidden parts, for each organisation with a right to see: the lab (all) and each vendor. */
  readonly disclosures: ReadonlyMap<string, readonly string[]>;
}

/** Makes the bytes to sign. The same report and salts give the same bytes, in whatever order the store gave its rows. */
export function renderStatement(report: Report, tools: StatementTools): RenderedStatement {
  const { lab, signatories } = report.input;
  if (!LAB.test(lab.id)) throw new HarnessError('INPUT_INVALID', `"${lab.id}" cannot name a lab in a report`);
  const opened = new Disclosures(lab.id, report, tools);
  const manifests = report.input.subjects.map((subject) => ({
    organisation: subject.organisation,
    manifest: itemManifest(subject, tools.saltFor(`manifest:${subject.id}`)),
  }));
  const sections = commitSections(report, { opened, manifests, tools });
  const cases = report.cases.map(
    (one) =>
      [one.number, one.status, one.finding, opened.add(`case:${one.number}`, caseDetail(one))] as const,
  );
  const statement: Statement = {
    _type: STATEMENT_TYPE,
    subject: manifests.map(({ manifest }, index) => ({
      name: manifests.length === 1 ? 'iut-manifest' : `iut-manifest-${index + 1}`,
      digest: { sha256: toHex(tools.sha256(canonicalBytes(manifest))) },
    })),
    predicateType: PREDICATE_TYPE,
    predicate: {
      ...cover(report, tools),
      signatories: signatories.map(({ lab: of, role, keyid, scope }) => ({ lab: of, role, keyid, scope })),
      signaturePolicy: {
        labs: new Set(signatories.map(({ lab: of }) => of)).size,
        roles: [...new Set(signatories.map(({ role }) => role))],
      },
      cases,
      sections,
    },
  };
  const json = asJson(statement);
  const [problem] = checkSchema(STATEMENT_SCHEMA, json);
  if (problem !== undefined)
    throw new HarnessError('RECORD_INCONSISTENT', `the report is no report: ${problem}`);
  const bytes = canonicalBytes(json);
  return { bytes, statement, digest: toHex(tools.sha256(bytes)), disclosures: opened.byOrganisation };
}

/** The part that anybody may read. */
function cover(
  report: Report,
  tools: StatementTools,
): Omit<Predicate, 'signatories' | 'signaturePolicy' | 'cases' | 'sections'> {
  const { input } = report;
  return {
    schemaVersion: '1.0',
    _sd_alg: 'sha-256',
    report: {
      title: 'Test Report',
      // Unique in the campaign, and tells nobody which product it is about.
      series: `${report.type}-${tools.saltFor('series').slice(0, SERIES_LENGTH)}`,
      campaign: input.campaign.reference,
      ...revisionOf(input.revision),
      issuedAt: report.issuedAt,
      components: {
        cases: report.cases.length,
        sections: SECTIONS.length,
        evidence: report.evidence.length,
      },
    },
    issuer: { lab: input.lab.id, logOrigin: `${input.lab.id}/report-log` },
    test: { type: report.type, interfaces: interfacesOf(report), specifications: specificationsOf(report) },
    outcome: {
      result: report.result,
      decisionRule: report.decisionRule,
      counts: report.counts,
      overridden: report.cases.flatMap((one) =>
        one.override === null ? [] : [[one.number, one.last.finding] as const],
      ),
    },
    time: { performedFrom: report.performedFrom, performedTo: report.performedTo, clock: { ...input.clock } },
    statements: {
      itemsOnly: ITEMS_ONLY,
      reproduction: REPRODUCTION,
      accreditation: input.lab.accreditation ?? NOT_ACCREDITED,
    },
  };
}

function revisionOf(
  revision: Revision,
): Omit<Predicate['report'], 'title' | 'series' | 'campaign' | 'issuedAt' | 'components'> {
  const { n, kind } = revision;
  if (kind === 'original') return { revision: n, kind };
  return { revision: n, kind, reason: revision.reason, replaces: { ...revision.replaces } };
}

/** Collects what opens each commitment, and for whom. */
class Disclosures {
  readonly byOrganisation: ReadonlyMap<string, string[]>;
  readonly #tools: StatementTools;

  constructor(lab: string, { input }: Report, tools: StatementTools) {
    const organisations = [lab, ...input.subjects.map(({ organisation }) => organisation)];
    this.byOrganisation = new Map(organisations.map((organisation) => [organisation, []]));
    this.#tools = tools;
  }

  /** Hides `value`; everybody in the map, or only those of `allowed`, can open it. */
  add(place: string, value: Json, allowed: ReadonlySet<string> | null = null): Commitment {
    const { commitment, disclosure } = commit(value, this.#tools.saltFor(place), this.#tools.sha256);
    for (const [organisation, list] of this.byOrganisation) {
      if (allowed === null || allowed.has(organisation)) list.push(disclosure);
    }
    return commitment;
  }
}

interface SectionParts {
  readonly opened: Disclosures;
  readonly manifests: readonly { readonly organisation: string; readonly manifest: JsonObject }[];
  readonly tools: StatementTools;
}

/** The manifest of each product is hidden once more, so that the vendors of a pairing see their own only. */
function commitSections(
  report: Report,
  { opened, manifests, tools }: SectionParts,
): readonly (readonly [SectionName, Commitment])[] {
  const items = manifests.map(({ organisation, manifest }, index) =>
    opened.add(`section:items:${index}`, manifest, new Set([organisation, report.input.lab.id])),
  );
  const values: Readonly<Record<SectionName, Json>> = {
    ...sectionValues(report, tools.sha256),
    items: { manifests: asJson(items) },
  };
  return SECTIONS.map((name) => [name, opened.add(`section:${name}`, values[name])] as const);
}

/** Everything there is to know about a case: what the plan asks, and what each attempt recorded, word for word. */
function caseDetail({ number, plan, case: planCase, attempts, last, override }: ReportedCase): Json {
  return {
    number,
    plan: { id: plan.id, version: plan.version },
    case: asJson(planCase),
    decidedBy: last.run,
    override: override === null ? null : asJson(override),
    attempts: attempts.map(({ n, run, testbed, finding, record }) =>
      withoutAbsent({ n, run, testbed, finding, record: record === null ? null : asJson(record) }),
    ),
  };
}

function interfacesOf({ suites }: Report): readonly string[] {
  const names = suites.flatMap(({ plan }) =>
    plan.subjects.flatMap(({ role, interfaces }) => interfaces.map((name) => `${role}.${name}`)),
  );
  return [...new Set(names)].sort();
}

function specificationsOf({ suites, cases }: Report): readonly { name: string; version: string }[] {
  const cited = cases.flatMap((one) => one.case.references);
  const all =
    cited.length > 0
      ? cited.map(({ document, version }) => ({ name: document, version }))
      : suites.map(({ plan }) => ({ name: plan.id, version: plan.version }));
  const unique = new Map(all.map((one) => [`${one.name}\n${one.version}`, one]));
  return [...unique.entries()].sort(([a], [b]) => compare(a, b)).map(([, one]) => one);
}
