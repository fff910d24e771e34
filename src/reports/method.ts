import { toHex } from '../attest/format/base64.ts';
import type { Sha256 } from '../attest/format/disclosure.ts';
import type { Coverage } from '../domain/campaign.ts';
import { holdOf } from '../domain/run.ts';
import { canonicalBytes } from '../kernel/canonical-json.ts';
import type { Json } from '../kernel/json.ts';
import { asJson } from './json.ts';
import type { Report, ReportedSuite } from './report.ts';

const SAMPLING =
  'No sampling: every case of each plan that applies was run on the items as they are identified, and nothing is inferred for others.';

/** ISO/IEC 17025:2017, 7.8.2.1 f and k: by which method, word for word by digest, and what was sampled. What a case asks is in its own detail. */
export function method(report: Report, sha256: Sha256): Json {
  const { input, suites } = report;
  const digest = (value: object): string => `sha256:${toHex(sha256(canonicalBytes(asJson(value))))}`;
  return {
    harness: { ...input.harness },
    // A request may name products of other vendors, who are nobody's business here.
    requestDigest: digest(input.campaign.request),
    coverage: coverageOf(input.campaign.request.coverage),
    samplingPlan: SAMPLING,
    decisionRule: report.decisionRule,
    plans: suites.map((suite) => ({
      name: suite.name,
      id: suite.plan.id,
      version: suite.plan.version,
      title: suite.plan.title,
      kind: suite.plan.planKind,
      objectives: suite.plan.objectives,
      digest: digest(suite.plan),
      runs: runsOf(suite),
    })),
    ...revision(report),
  };
}

function runsOf({ runs }: ReportedSuite): Json {
  return runs.map(({ run, testbed }) => ({
    id: run.id,
    retryOf: run.retryOf,
    testbed: testbed?.id ?? null,
    slot: holdOf(run.life)?.slot ?? null,
    life: asJson(run.life),
  }));
}

/** What a later revision says that the first did not. @see ISO/IEC 17025:2017, 7.8.8.1 */
function revision({ input }: Report): { readonly [name: string]: Json } {
  if (input.revision.kind === 'original') return {};
  return {
    revision: {
      ...asRecord(input.revision),
      overrides: input.overrides.map((one) => one.case).sort(),
      opinions: input.opinions.length,
      imports: input.imports.map((one) => one.digest).sort(),
    },
  };
}

function asRecord(value: object): Record<string, Json> {
  return asJson(value) as Record<string, Json>;
}

/** Without the products that it names. */
function coverageOf(coverage: Coverage): Json {
  return 'strength' in coverage ? { strength: coverage.strength } : { mode: coverage.mode };
}
