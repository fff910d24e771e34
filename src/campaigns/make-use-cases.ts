import { type AdvanceRunDeps, existing, moved, movedLease, retryRun } from './advance-run.ts';
import { type AmendDeps, amendReport, withdrawReport } from './amend-report.ts';
import type { Digests } from './digests.ts';
import { matchUp, type ScheduleDeps } from './schedule.ts';
import { fillRecords } from './fill-records.ts';
import { importResults } from './import-results.ts';
import type { Change } from './store-ports.ts';
import type { UseCases } from './use-cases.ts';
import { planDigest } from '../plans/plan-digest.ts';
import { type Campaign, type CampaignRequest, stepCampaign } from '../domain/campaign.ts';
import { coSignerMistakes } from '../domain/co-signer.ts';
import { type CampaignId, instant, type RunId } from '../domain/ids.ts';
import type { Run } from '../domain/run.ts';
import { HarnessError, reason, type Reason } from '../kernel/errors.ts';

export interface UseCaseDeps extends AdvanceRunDeps, AmendDeps, Pick<ScheduleDeps, 'simulators'> {
  readonly digests: Digests;
  /** Goes into every enrolment token, so that a runner knows whom it talks to. */
  readonly caFingerprint: string;
}

export interface Stopping {
  readonly force: boolean;
  readonly text: string;
}

/** The front desk: each request is checked, stored, and answered; the work itself happens on ticks. */
export function makeUseCases(deps: UseCaseDeps): UseCases {
  const { store } = deps;
  return {
    registerOrganisation: (organisation) => store.putOrganisation(organisation),
    registerLab: async (id) => {
      if ((await store.organisation(id)) !== null) return;
      await store.putOrganisation({ id, name: id, roles: ['lab'] });
    },
    registerTestbed: (testbed) => store.putTestbed(testbed),
    submitEquipment: (equipment) => store.putEquipment(equipment),
    withdrawEquipment: async (id, text) => {
      await store.withdrawEquipment(id, reason('EQUIPMENT_WITHDRAWN', `${id} was taken away: ${text}`));
      await ringOpen(deps);
    },
    publishPlan: (plan) => store.publishPlan(plan, planDigest(plan)),

    submitCampaign: (request) => submitCampaign(deps, request),
    cancelCampaign: (id, how) => cancelCampaign(deps, id, how),
    cancelRun: (id, how) => stopRun(deps, id, how),
    retryRun: (id) => retry(deps, id),

    drainTestbed: async (id) => {
      await store.setTestbedMode(id, 'draining');
      await ringOpen(deps);
    },
    resumeTestbed: async (id) => {
      await store.setTestbedMode(id, 'open');
      await ringWaiting(deps);
    },
    quarantineSlot: async (id, slot, why) => {
      await store.setSlot(id, slot, { quarantined: why });
      await ringOpen(deps);
    },
    releaseSlot: async (id, slot) => {
      await store.setSlot(id, slot, 'cleared');
      await ringWaiting(deps);
      await ringOpen(deps);
    },

    createEnrolmentToken: (testbed, validForMs) => createEnrolmentToken(deps, testbed, validForMs),
    revokeRunner: (id) => store.revokeRunner(id, deps.clock.now()),
    amendReport: (id, wish) => amendReport(deps, id, wish),
    importResults: (id, wish) => importResults(deps, id, wish),
    withdrawReport: (id, wish) => withdrawReport(deps, id, wish),
    createApiToken: (token) => createApiToken(deps, token),
  };
}

async function submitCampaign(deps: UseCaseDeps, request: CampaignRequest): Promise<Campaign> {
  checkCoSigners(deps.keys.lab, request);
  const remarks = await lookAhead(deps, request);
  const at = deps.clock.now();
  const draft: Campaign = {
    id: request.id,
    organisation: request.organisation,
    request,
    reference: deps.ids.random(16),
    life: { state: 'draft', since: at },
    version: 0,
  };
  const stored = await deps.store.createCampaign({
    ...draft,
    life: stepCampaign(draft.life, { type: 'submitted', at, remarks }),
  });
  await deps.ring([{ kind: 'campaign', id: stored.id }]);
  return stored;
}

/** What stands between the products that would meet; where nothing is left that can, `EQUIPMENT_INCOMPATIBLE`. */
async function lookAhead(deps: UseCaseDeps, request: CampaignRequest): Promise<readonly Reason[]> {
  const { fits, found } = await matchUp(deps, request);
  const [first] = found;
  if (fits.length > 0 || first === undefined) return found;
  const more = found.length > 1 ? `; and ${found.length - 1} more` : '';
  throw new HarnessError('EQUIPMENT_INCOMPATIBLE', `${first.code}: ${first.text}${more}`);
}

/** A report that nobody can sign as asked would be found out when the tests are over. */
function checkCoSigners(lab: string, { coSigners = [], plans }: CampaignRequest): void {
  const mistakes = [
    ...coSignerMistakes(coSigners, new Set(plans.map(({ id }) => id))),
    ...coSigners.flatMap((one, index) =>
      one.lab === lab ? [{ at: [index, 'lab'], what: `${lab} issues the report and signs it anyway` }] : [],
    ),
  ];
  if (mistakes.length === 0) return;
  const list = mistakes.map(({ at, what }) => `coSigners/${at.join('/')}: ${what}`);
  throw new HarnessError('INPUT_INVALID', list.join('; '));
}

async function cancelCampaign(deps: UseCaseDeps, id: CampaignId, how: Stopping): Promise<void> {
  const campaign = await existing(deps.store.campaign(id), `campaign ${id}`);
  if (campaign.life.state === 'final') return;
  const why = stopReason(how);
  if (campaign.life.state !== 'cancelling') {
    const life = stepCampaign(campaign.life, { type: 'cancelRequested', at: deps.clock.now(), reason: why });
    await deps.store.commit({ campaigns: [{ ...campaign, life }] });
  }
  for (const run of await deps.store.runsOf(id)) await stopRun(deps, run.id, how);
  await deps.ring([{ kind: 'campaign', id }]);
}

/** Gracefully or by force; a run that is already being stopped, or is over, is left alone. */
export async function stopRun(deps: UseCaseDeps, id: RunId, how: Stopping): Promise<void> {
  for (;;) {
    const run = await existing(deps.store.run(id), `run ${id}`);
    const change = await stopChange(deps, run, how);
    if (change === null) return;
    try {
      await deps.store.commit(change);
    } catch (error) {
      if (error instanceof HarnessError && error.code === 'CONFLICT') continue;
      throw error;
    }
    await deps.ring([
      { kind: 'run', id },
      { kind: 'campaign', id: run.campaign },
    ]);
    return;
  }
}

async function stopChange(deps: UseCaseDeps, run: Run, how: Stopping): Promise<Change | null> {
  const { state } = run.life;
  if (state === 'final' || state === 'collecting' || state === 'judging' || state === 'aborting') return null;
  if (state === 'cancelling' && !how.force) return null;
  if (state === 'queued' || state === 'leasing') return stopBeforeStart(deps, run, how);
  const at = deps.clock.now();
  return {
    runs: [
      moved(run, { type: how.force ? 'abortRequested' : 'cancelRequested', at, reason: stopReason(how) }),
    ],
  };
}

function stopReason({ force, text }: Stopping): Reason {
  return reason(force ? 'ABORTED' : 'CANCELLED', text);
}

async function retry(deps: UseCaseDeps, id: RunId): Promise<Run> {
  const run = await existing(deps.store.run(id), `run ${id}`);
  if (run.life.state !== 'final')
    throw new HarnessError('CONFLICT', `run ${id} is ${run.life.state}, not final`);
  const siblings = await deps.store.runsOf(run.campaign);
  const already = siblings.find((sibling) => sibling.retryOf === id);
  if (already !== undefined) return already;
  const campaign = await existing(deps.store.campaign(run.campaign), `campaign ${run.campaign}`);
  if (campaign.life.state === 'final' || campaign.life.state === 'cancelling') {
    throw new HarnessError('CONFLICT', `campaign ${campaign.id} is ${campaign.life.state}: submit a new one`);
  }
  const fresh = retryRun(deps, run, await deps.store.draft(id));
  // The campaign is written too, unchanged but for its version: it cannot close in between.
  await deps.store.commit({ campaigns: [campaign], newRuns: [fresh] });
  await deps.ring([{ kind: 'run', id: fresh.run.id }]);
  return fresh.run;
}

async function createEnrolmentToken(
  deps: UseCaseDeps,
  testbed: Parameters<UseCases['createEnrolmentToken']>[0],
  validForMs: number,
): ReturnType<UseCases['createEnrolmentToken']> {
  const view = await existing(deps.store.testbed(testbed), `testbed ${testbed}`);
  const secret = deps.ids.random(32);
  const expiresAt = instant(deps.clock.now() + validForMs);
  const { organisation } = view.testbed;
  await deps.store.createEnrolmentToken({
    hash: deps.digests.ofText(secret),
    testbed,
    organisation,
    expiresAt,
  });
  return { token: `pbe1.${secret}.${deps.caFingerprint}`, expiresAt };
}

async function createApiToken(
  deps: UseCaseDeps,
  { organisation, scopes, validForMs }: Parameters<UseCases['createApiToken']>[0],
): ReturnType<UseCases['createApiToken']> {
  const id = deps.ids.next('token');
  const token = `patchbay_${id}_${deps.ids.random(32)}`;
  const expiresAt = validForMs === null ? null : instant(deps.clock.now() + validForMs);
  await deps.store.createApiToken({ id, organisation, scopes, expiresAt, hash: deps.digests.ofText(token) });
  return { token, id };
}

/** Something came free: whoever waits for a lease may try again. */
async function ringWaiting({ store, ring }: UseCaseDeps): Promise<void> {
  const waiting = await store.runs({ state: 'leasing', limit: 100 });
  await ring(waiting.map(({ id }) => ({ kind: 'run', id })));
}

/** Something changed that plans were made with: whoever is planned looks whether that still holds. */
async function ringOpen({ store, ring }: UseCaseDeps): Promise<void> {
  const open = await store.campaigns({ open: true, limit: 100 });
  await ring(open.map(({ id }) => ({ kind: 'campaign', id })));
}

/** A run that never got its lease ends at once, with a record for every case. */
async function stopBeforeStart(deps: UseCaseDeps, run: Run, how: Stopping): Promise<Change | null> {
  const at = deps.clock.now();
  const why = stopReason(how);
  const draft = await deps.store.draft(run.id);
  const records = fillRecords({ run, draft, records: [], startedCase: null, stop: why, fence: 0 }, at);
  const ended = moved(run, { type: 'cancelRequested', at, reason: why });
  if (run.life.state !== 'leasing') return { runs: [ended], records };
  const lease = await existing(deps.store.lease(run.life.lease), run.life.lease);
  return { runs: [ended], records, leases: [movedLease(lease, { type: 'withdrawn' })] };
}
