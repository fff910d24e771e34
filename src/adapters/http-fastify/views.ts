/** From what the house knows to what the HTTP API says. */
import type { CampaignView, CaseRecordView, LogEntryView, RunView, TestbedView } from '../../api/views.ts';
import type { CampaignBody } from '../../api/documents.ts';
import type { RunObservation, TestbedView as StoredTestbed } from '../../campaigns/store-ports.ts';
import type { Campaign, CampaignRequest, Coverage } from '../../domain/campaign.ts';
import type { Calendar } from '../../domain/testbed.ts';
import { type CaseRecord, findingOf } from '../../domain/case-record.ts';
import { type Instant, instant, isoTime } from '../../domain/ids.ts';
import { holdOf, type Run, type RunLife } from '../../domain/run.ts';
import { HarnessError, type Reason } from '../../kernel/errors.ts';

export function viewRun(run: Run): RunView {
  const { life } = run;
  const hold = holdOf(life);
  return {
    id: run.id,
    campaign: run.campaign,
    organisation: run.organisation,
    plan: { id: run.plan.id, version: run.plan.version },
    subjects: [...run.subjects],
    testbeds: [...run.testbeds],
    retryOf: run.retryOf,
    createdAt: isoTime(run.createdAt),
    startBy: isoTime(run.startBy),
    state: life.state,
    since: isoTime(life.since),
    reason: plain(reasonOf(life)),
    hold: hold === null ? null : { testbed: hold.testbed, slot: hold.slot, fence: hold.fence },
    end: life.state === 'final' ? life.end : null,
    finding: life.state === 'final' ? life.finding : null,
  };
}

function reasonOf(life: RunLife): Reason | null {
  switch (life.state) {
    case 'queued':
    case 'leasing':
      return life.waitsFor;
    case 'cancelling':
    case 'aborting':
      return life.stop.reason;
    case 'collecting':
      return life.stop?.reason ?? null;
    case 'judging':
      return life.stop?.reason ?? life.missingEvidence;
    case 'final':
      return life.reason;
    case 'preparing':
    case 'running':
    case 'lost':
      return null;
  }
}

export function viewCampaign({ id, organisation, request, life }: Campaign): CampaignView {
  return {
    id,
    organisation,
    request: viewRequest(request),
    state: life.state,
    since: isoTime(life.since),
    reason: 'reason' in life ? plain(life.reason) : null,
    remarks: 'remarks' in life ? life.remarks.map((remark) => ({ ...remark })) : [],
  };
}

function viewRequest({ plans, equipment, window, coSigners, ...rest }: CampaignRequest): CampaignBody {
  return {
    ...(rest as Pick<CampaignBody, keyof typeof rest>),
    ...(coSigners === undefined
      ? {}
      : { coSigners: coSigners.map((one) => ({ ...one, scope: [...one.scope] })) }),
    coverage: viewCoverage(rest.coverage),
    plans: plans.map((plan) => ({ ...plan })),
    equipment: 'ids' in equipment ? { ids: [...equipment.ids] } : { select: { ...equipment.select } },
    window: window === null ? null : { from: isoTime(window.from), to: isoTime(window.to) },
  };
}

function viewCoverage(coverage: Coverage): CampaignBody['coverage'] {
  if ('mode' in coverage) return { mode: coverage.mode };
  const { strength, seeds, exclude, weights } = coverage;
  return {
    strength,
    ...(seeds === undefined ? {} : { seeds: seeds.map((one) => [...one]) }),
    ...(exclude === undefined ? {} : { exclude: exclude.map((one) => [...one]) }),
    ...(weights === undefined ? {} : { weights: { ...weights } }),
  };
}

/** The request that a body of the right shape says; the times are looked at here. */
export function requestOf({ window, ...rest }: CampaignBody): CampaignRequest {
  const read =
    window === null ? null : { from: timeOf('window/from', window.from), to: timeOf('window/to', window.to) };
  if (read !== null && read.from >= read.to)
    throw new HarnessError('INPUT_INVALID', 'window/to must be later than window/from');
  return { ...(rest as Omit<CampaignBody, 'window'> & Omit<CampaignRequest, 'window'>), window: read };
}

function timeOf(path: string, text: string): Instant {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new HarnessError('INPUT_INVALID', `${path} is not a time that exists`);
  return instant(ms);
}

export function viewRecord(record: CaseRecord): CaseRecordView {
  // The API says a case record as it is signed; the two types differ in `readonly` only.
  return record as CaseRecord & CaseRecordView;
}

export function viewLogEntry(entry: RunObservation): LogEntryView {
  const { seq } = entry;
  const at = isoTime(entry.at);
  switch (entry.kind) {
    case 'caseStarted':
      return { seq, at, kind: 'caseStarted', case: entry.case };
    case 'caseRecord':
      return { seq, at, kind: 'caseRecord', case: entry.record.case, finding: findingOf(entry.record) };
    case 'log':
      return { seq, at, kind: 'log', level: entry.level, text: entry.text };
  }
}

export function viewTestbed(view: StoredTestbed, attached: ReadonlySet<string>): TestbedView {
  const { testbed, mode, slots, runners } = view;
  return {
    id: testbed.id,
    organisation: testbed.organisation,
    mode,
    capabilities: [...testbed.capabilities],
    instruments: testbed.instruments.map((instrument) => ({ ...instrument })),
    ...(testbed.calendar === undefined ? {} : { calendar: viewCalendar(testbed.calendar) }),
    setUp: { minutesPerChangedRole: { ...testbed.setUp.minutesPerChangedRole } },
    slots: slots.map(({ slot, fence, state, reason }) => ({ slot, fence, state, reason: plain(reason) })),
    runners: runners.map((runner) => ({
      id: runner.id,
      attached: attached.has(runner.id),
      lastSeenAt: runner.lastSeenAt === null ? null : isoTime(runner.lastSeenAt),
      revokedAt: runner.revokedAt === null ? null : isoTime(runner.revokedAt),
      capabilities: [...runner.capabilities],
      tools: { ...runner.tools },
    })),
  };
}

function viewCalendar({ timeZone, staffed, closed }: Calendar): NonNullable<TestbedView['calendar']> {
  return { timeZone, staffed: [...staffed], closed: closed.map((days) => ({ ...days })) };
}

function plain(reason: Reason | null): { code: string; text: string } | null {
  return reason === null ? null : { code: reason.code, text: reason.text };
}
