import { toHex } from '../attest/format/base64.ts';
import { canonicalBytes } from '../kernel/canonical-json.ts';
import type { Sha256 } from '../attest/format/disclosure.ts';
import type { SectionName } from '../attest/format/statement.ts';
import type { Equipment } from '../domain/equipment.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { asJson, withoutAbsent } from './json.ts';
import { compare, type Report, type ReportedCase } from './report.ts';

/**
 * The values of the fixed sections but `items`, which is per product. All are always there, most of them lists that may
 * be empty, so that nothing shows from outside by what is missing.
 */
export function sectionValues(
  report: Report,
  sha256: Sha256,
): Readonly<Record<Exclude<SectionName, 'items'>, Json>> {
  const { input } = report;
  return {
    customer: {
      organisations: unique(input.subjects.map(({ organisation }) => organisation)),
      campaign: input.campaign.id,
      requestedBy: input.campaign.organisation,
    },
    laboratory: withoutAbsent({ ...input.lab }),
    testbed: testbeds(report),
    method: method(report, sha256),
    deviations: deviations(report),
    conditions: conditions(report),
    opinions: [],
    'external-results': [],
    personnel: input.signatories.map(({ lab, role, keyid, holder, selfDeclared }) => ({
      ...{ lab, role, keyid, holder, selfDeclared },
    })),
    'evidence-index': asJson(report.evidence),
    'oran-test-results': [],
  };
}

/**
 * What was tested, in a form whose digest is public. The nonce keeps a reader from finding the product by trying digests.
 * @param nonce 128 random bits, base64url
 */
export function itemManifest(equipment: Equipment, nonce: string): JsonObject {
  const { product, versions, simulator } = equipment;
  return {
    v: 1,
    nonce,
    items: [
      withoutAbsent({
        role: equipment.role,
        id: equipment.id,
        manufacturer: equipment.organisation,
        product: product.name,
        model: product.model,
        serial: product.serial,
        versions: asJson(versions),
        digests: asJson(equipment.digests),
        interfaces: Object.entries(equipment.interfaces).map(([name, { specification }]) =>
          withoutAbsent({
            name,
            specification: specification === undefined ? undefined : { ...specification },
          }),
        ),
        ics: asJson(equipment.ics),
        ixit: Object.keys(equipment.ixit).sort(),
        providedBy: equipment.organisation,
        simulator: simulator === undefined ? undefined : asJson(simulator),
      }),
    ],
  };
}

function testbeds({ input }: Report): Json {
  const found = new Map(
    input.runs.flatMap(({ testbed }) => (testbed === undefined ? [] : [[testbed.id, testbed]])),
  );
  const tools = new Map(
    input.runs.flatMap((one) =>
      Object.entries(one.tools).map(([name, version]) => [`${name} ${version}`, { name, version }]),
    ),
  );
  return {
    testbeds: [...found.values()]
      .sort((a, b) => compare(a.id, b.id))
      .map(({ id, organisation, capabilities, instruments }) => ({
        ...{ id, organisation, capabilities },
        instruments: asJson(instruments),
      })),
    tools: [...tools.entries()].sort(([a], [b]) => compare(a, b)).map(([, tool]) => tool),
  };
}

function method({ input, suites }: Report, sha256: Sha256): Json {
  return {
    harness: { ...input.harness },
    // A request may name products of other vendors, who are nobody's business here.
    requestDigest: `sha256:${toHex(sha256(canonicalBytes(asJson(input.campaign.request))))}`,
    plans: suites.map(({ name, plan, runs }) => ({
      name,
      id: plan.id,
      version: plan.version,
      title: plan.title,
      kind: plan.planKind,
      objectives: plan.objectives,
      digest: `sha256:${toHex(sha256(canonicalBytes(asJson(plan))))}`,
      runs: runs.map(({ run, testbed }) => ({
        id: run.id,
        retryOf: run.retryOf,
        testbed: testbed?.id ?? null,
        life: asJson(run.life),
      })),
    })),
  };
}

/** ISO/IEC 17025:2017, 7.8.2.1 n: adapted procedures, and peers that were no equipment. */
function deviations({ cases }: Report): Json {
  return cases.flatMap((one) => {
    const { level, adaptation } = one.case;
    const standIns = peersOf(one).filter(({ filledBy }) => filledBy !== 'equipment');
    if (level === 'S1' && standIns.length === 0) return [];
    return [
      withoutAbsent({
        case: one.number,
        level,
        adaptation,
        standIns: standIns.map((peer) => ({ ...peer })),
      }),
    ];
  });
}

function conditions({ cases, input, performedTo, issuedAt }: Report): Json {
  const clockWentBack = Date.parse(performedTo) > input.issuedAt;
  return {
    clock: { ...input.clock },
    remarks: clockWentBack
      ? [
          `the clock of the orchestrator was behind the tests; the report is dated ${issuedAt}, when they ended`,
        ]
      : [],
    cases: cases.map((one) => ({
      case: one.number,
      transports: asJson(one.last.record?.transports ?? {}),
      fitness: asJson(one.last.record?.fitness ?? { fit: false, checks: [] }),
    })),
  };
}

function peersOf({ last }: ReportedCase): NonNullable<ReportedCase['last']['record']>['peers'] {
  return last.record?.peers ?? [];
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
