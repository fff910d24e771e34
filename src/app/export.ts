import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunningOrchestrator } from './orchestrator.ts';
import { latestAttempt, sameSut } from '../campaigns/gates.ts';
import type { StoredReport } from '../campaigns/store-ports.ts';
import { type CaseRecord, findingOf } from '../domain/case-record.ts';
import type { CampaignId, Digest } from '../domain/ids.ts';
import type { Run } from '../domain/run.ts';
import { type Finding, FINDINGS, type Verdict } from '../domain/verdict.ts';

/** What demo and pre-flight say in the end; `summary.json` and `--json` are the same. */
export interface Summary {
  readonly campaignId: CampaignId;
  readonly runs: readonly SummaryRun[];
  /** Case records per verdict and disposition; all ten are there. */
  readonly verdicts: Readonly<Record<Finding, number>>;
  readonly expected: boolean;
  /** Paths of the signed reports, below the output folder. */
  readonly reports: readonly string[];
  readonly storeBackend: 'pglite' | 'postgres';
  readonly queueBackend: 'redis' | 'store';
  readonly durationMs: number;
}

export interface SummaryRun {
  readonly id: string;
  readonly sut: string;
  readonly plan: string;
  readonly state: string;
  readonly verdict: Finding;
  readonly retryOf: string | null;
  /** What each case came to, clause by clause. */
  readonly cases: Readonly<Record<string, SummaryCase>>;
  /** Clauses that failed, as `case/clause`. */
  readonly failed: readonly string[];
  /** Why cases were not judged, or could not be decided. */
  readonly reasons: readonly string[];
}

export interface SummaryCase {
  readonly verdict: Finding;
  readonly clauses: Readonly<Record<string, Verdict>>;
}

export interface Results {
  readonly runs: readonly { readonly run: Run; readonly records: readonly CaseRecord[] }[];
}

export async function readResults({ store }: RunningOrchestrator, id: CampaignId): Promise<Results> {
  const runs = await store.runsOf(id);
  return {
    runs: await Promise.all(runs.map(async (run) => ({ run, records: await store.records(run.id) }))),
  };
}

/** Findings of the attempts that count: the last one of each plan on each SUT. */
export function decidingFindings({ runs }: Results): readonly Finding[] {
  return runs
    .filter(({ run }) => {
      const attempts = runs
        .map((other) => other.run)
        .filter((other) => other.plan.id === run.plan.id && sameSut(other, run));
      return latestAttempt(attempts)?.id === run.id;
    })
    .flatMap(({ records }) => records.map(findingOf));
}

export function summarise(
  orchestrator: RunningOrchestrator,
  results: Results,
  rest: Pick<Summary, 'campaignId' | 'expected' | 'reports' | 'durationMs'>,
): Summary {
  const findings = results.runs.flatMap(({ records }) => records.map(findingOf));
  const counts = FINDINGS.map(
    (finding) => [finding, findings.filter((one) => one === finding).length] as const,
  );
  return {
    campaignId: rest.campaignId,
    runs: results.runs.map(summariseRun),
    verdicts: Object.fromEntries(counts) as Record<Finding, number>,
    expected: rest.expected,
    reports: rest.reports,
    storeBackend: orchestrator.store.backend,
    queueBackend: orchestrator.queue.backend,
    durationMs: rest.durationMs,
  };
}

function summariseRun({ run, records }: Results['runs'][number]): SummaryRun {
  return {
    id: run.id,
    sut: run.subjects.join('+'),
    plan: `${run.plan.id}@${run.plan.version}`,
    state: run.life.state,
    verdict: run.life.state === 'final' ? run.life.finding : 'none',
    retryOf: run.retryOf,
    cases: Object.fromEntries(records.map((record) => [record.case, summariseCase(record)])),
    failed: records.flatMap(failedClauses),
    reasons: [...new Set(records.flatMap(reasonOf))],
  };
}

function summariseCase(record: CaseRecord): SummaryCase {
  const { outcome } = record;
  const clauses =
    outcome.kind === 'judged' ? outcome.clauses.map(({ id, verdict }) => [id, verdict] as const) : [];
  return { verdict: findingOf(record), clauses: Object.fromEntries(clauses) };
}

function failedClauses({ case: id, outcome }: CaseRecord): readonly string[] {
  if (outcome.kind !== 'judged') return [];
  return outcome.clauses.filter(({ verdict }) => verdict === 'fail').map((clause) => `${id}/${clause.id}`);
}

function reasonOf({ outcome }: CaseRecord): readonly string[] {
  return outcome.reason === undefined ? [] : [`${outcome.reason.code}: ${outcome.reason.text}`];
}

/** Writes the bundles of a campaign, the public keys and the evidence into `out`; gives the paths of the envelopes. */
export async function exportCampaign(
  orchestrator: RunningOrchestrator,
  id: CampaignId,
  out: string,
): Promise<readonly string[]> {
  const { store, evidence, trust } = orchestrator;
  const reports = await store.reports(id);
  for (const report of latestOf(reports))
    await exportBundle(orchestrator, report, join(out, 'reports', report.sut));
  for (const [path, bytes] of trust) await writeInto(join(out, 'trust', path), bytes);
  for (const run of await store.runsOf(id)) {
    for (const { digest } of await store.evidenceOf(run.id)) {
      await writeInto(join(out, 'evidence', evidencePath(digest)), await evidence.get(digest));
    }
  }
  return latestOf(reports).map(({ sut }) => join('reports', sut, 'report.dsse.json'));
}

/** The latest revision on each SUT; those before it stay in the store. */
function latestOf(reports: readonly StoredReport[]): readonly StoredReport[] {
  return [...new Map(reports.map((report) => [report.sut, report])).values()];
}

async function exportBundle(
  { evidence }: RunningOrchestrator,
  report: StoredReport,
  dir: string,
): Promise<void> {
  for (const [name, digest] of Object.entries(report.files)) {
    await writeInto(join(dir, name), await evidence.get(digest));
  }
}

/** `sha256/ab/abcd…` */
function evidencePath(digest: Digest): string {
  const hex = digest.slice('sha256:'.length);
  return join('sha256', hex.slice(0, 2), hex);
}

export async function writeInto(path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
