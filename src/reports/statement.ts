import { toHex } from '../attest/format/base64.ts';
import { canonicalBytes } from '../kernel/canonical-json.ts';
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
import type { OrganisationId } from '../domain/ids.ts';
import { HarnessError } from '../kernel/errors.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { hidesMeasurements } from './audience.ts';
import { caseDetail } from './case-detail.ts';
import { type Hide, makeDisclosures, type StatementTools } from './disclosures.ts';
import type { Revision } from './input.ts';
import { itemManifest } from './items.ts';
import { asJson } from './json.ts';
import { renderOranResults } from './oran/results.ts';
import { compare, type Report } from './report.ts';
import { sectionValues } from './sections.ts';

const REPRODUCTION =
  'Not to be reproduced except in full, or as a verifiable extract that says what is withheld.';
const NOT_ACCREDITED = 'No accreditation is claimed for this report.';
const SERIES_LENGTH = 12;
const LAB = new RegExp(LAB_PATTERN, 'u');

export interface RenderedStatement {
  /** What is signed; canonical JSON. */
  readonly bytes: Uint8Array;
  readonly statement: Statement;
  /** Lower-case hexadecimal SHA-256 of `bytes`. */
  readonly digest: string;
  /** A file of the bundle whose digest the statement commits to; of `renderOranResults`. */
  readonly oranResults: Uint8Array;
  /** What opens the hidden parts, for each organisation with a right to see: the lab (all) and each vendor. */
  readonly disclosures: ReadonlyMap<string, readonly string[]>;
}

/** Makes the bytes to sign. The same report and salts give the same bytes, in whatever order the store gave its rows. */
export function renderStatement(report: Report, tools: StatementTools): RenderedStatement {
  const { lab, signatories } = report.input;
  if (!LAB.test(lab.id)) throw new HarnessError('INPUT_INVALID', `"${lab.id}" cannot name a lab in a report`);
  const own = withRevision(report, tools);
  const { hide, byOrganisation } = makeDisclosures(report, own);
  const measuredApart = hidesMeasurements(report.input) ? hide : null;
  const manifests = report.input.subjects.map((subject) => ({
    organisation: subject.organisation,
    manifest: itemManifest(subject, tools.saltFor(`manifest:${subject.id}`)),
  }));
  const oranResults = renderOranResults(report, tools.sha256);
  const sections = commitSections(report, { hide, manifests, oranResults, tools });
  const products = report.input.subjects.map(({ id }) => id);
  const cases = report.cases.map((one) => {
    const { number, status, finding, plan } = one;
    const detail = hide(`case:${number}`, caseDetail(one, { hide: measuredApart, products }), {
      kind: 'case',
      plan: plan.id,
      number,
    });
    return [number, status, finding, detail] as const;
  });
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
  return { bytes, statement, digest: toHex(tools.sha256(bytes)), oranResults, disclosures: byOrganisation };
}

/**
 * The series and the manifests are the same in every revision. All else is hidden with other salts each time, so that
 * nobody sees from outside which parts changed, and what opens one revision opens no other.
 */
function withRevision({ input }: Report, tools: StatementTools): StatementTools {
  const { n } = input.revision;
  return n === 1 ? tools : { ...tools, saltFor: (place) => tools.saltFor(`revision:${n}:${place}`) };
}

/** The part that anybody may read. */
function cover(
  report: Report,
  tools: StatementTools,
): Omit<Predicate, 'signatories' | 'signaturePolicy' | 'cases' | 'sections'> {
  const { input } = report;
  const overridden = report.cases.flatMap((one) =>
    one.override === null ? [] : [[one.number, one.last.finding] as const],
  );
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
      ...(overridden.length === 0 ? {} : { overridden }),
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

interface SectionParts {
  readonly hide: Hide;
  readonly manifests: readonly { readonly organisation: OrganisationId; readonly manifest: JsonObject }[];
  readonly oranResults: Uint8Array;
  readonly tools: StatementTools;
}

/** The manifest of each product is hidden once more, so that the vendors of a pairing see their own only. */
function commitSections(
  report: Report,
  { hide, manifests, oranResults, tools: { sha256 } }: SectionParts,
): readonly (readonly [SectionName, Commitment])[] {
  const items = manifests.map(({ organisation, manifest }, index) =>
    hide(`section:items:${index}`, manifest, { kind: 'product', section: 'items', owner: organisation }),
  );
  const values: Readonly<Record<SectionName, Json>> = {
    ...sectionValues(report, { sha256, hide, oranResults }),
    items: { manifests: asJson(items) },
  };
  return SECTIONS.map(
    (section) =>
      [section, hide(`section:${section}`, values[section], { kind: 'section', section })] as const,
  );
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
