import { type AdvanceRunDeps, existing } from './advance-run.ts';
import { planRuns, type PlanRunsDeps } from './plan-runs.ts';
import { planAgain } from './replan.ts';
import { displacedBy, makeRoom } from './make-room.ts';
import { isWaiting } from './why-replan.ts';
import { scheduleRuns } from './schedule.ts';
import type { Tick } from './ports.ts';
import { type Campaign, type CampaignEvent, isPlanned, stepCampaign } from '../domain/campaign.ts';
import type { CampaignId, RunId } from '../domain/ids.ts';
import type { Run } from '../domain/run.ts';
import { HarnessError, reason } from '../kernel/errors.ts';

export interface AdvanceCampaignDeps extends AdvanceRunDeps, PlanRunsDeps {
  /** Builds, signs and stores the reports of a campaign whose runs are all final. Idempotent. */
  readonly report: (campaign: Campaign, runs: readonly Run[]) => Promise<void>;
  /** Stops a run that is not final; see `stopRun`. */
  readonly stop: (run: RunId, text: string) => Promise<void>;
}

/** Moves a campaign on as far as it can go now; idempotent, one compare-and-set a step. */
export function makeAdvanceCampaign(deps: AdvanceCampaignDeps): (id: CampaignId) => Promise<void> {
  return async (id) => {
    for (;;) {
      const campaign = await existing(deps.store.campaign(id), `campaign ${id}`);
      try {
        if (!(await stepOnce(deps, campaign))) return;
      } catch (error) {
        if (error instanceof HarnessError && error.code === 'CONFLICT') continue;
        throw error;
      }
    }
  };
}

async function stepOnce(deps: AdvanceCampaignDeps, campaign: Campaign): Promise<boolean> {
  switch (campaign.life.state) {
    case 'submitted':
      return review(deps, campaign);
    case 'reviewed':
      return schedule(deps, campaign);
    case 'scheduled':
    case 'active':
      return follow(deps, campaign);
    case 'cancelling':
      return cancelAll(deps, campaign);
    case 'closing':
      return close(deps, campaign);
    case 'draft':
    case 'final':
      return false;
  }
}

/** The machine's check of what was asked for: does it exist, does it fit together, is anything left to test. */
async function review(deps: AdvanceCampaignDeps, campaign: Campaign): Promise<boolean> {
  const at = deps.clock.now();
  const { runs, remarks } = await scheduleRuns(deps, campaign);
  if (runs.length > 0) return move(deps, campaign, { type: 'reviewed', at, remarks });
  const why = remarks[0] ?? reason('NOT_FOUND', 'no equipment fits any of the plans');
  const text = remarks.length > 1 ? `${why.text}; and ${remarks.length - 1} more` : why.text;
  return move(deps, campaign, { type: 'refused', at, reason: reason(why.code, text) });
}

async function schedule(deps: AdvanceCampaignDeps, campaign: Campaign): Promise<boolean> {
  if (isPlanned(campaign.request)) return reserve(deps, campaign);
  const { runs } = await scheduleRuns(deps, campaign);
  const life = stepCampaign(campaign.life, { type: 'scheduled', at: deps.clock.now() });
  await deps.store.commit({ campaigns: [{ ...campaign, life }], newRuns: runs });
  await deps.ring(runs.map(({ run }): Tick => ({ kind: 'run', id: run.id })));
  return true;
}

/** With a window or by strength: places are reserved first, all of them or none. */
async function reserve(deps: AdvanceCampaignDeps, campaign: Campaign): Promise<boolean> {
  const reserved = await deps.store.reserved();
  const displaced = displacedBy(campaign, reserved);
  const planned = await planRuns(
    deps,
    campaign,
    reserved.filter((one) => !displaced.includes(one)),
  );
  const at = deps.clock.now();
  if (!planned.ok) {
    const [first = reason('NOT_FOUND', 'nothing can be planned')] = planned.error;
    return move(deps, campaign, { type: 'refused', at, reason: first });
  }
  const { runs, plan } = planned.value;
  const life = stepCampaign(campaign.life, { type: 'scheduled', at });
  const others = await makeRoom(deps, plan, { reserved, displaced });
  await deps.store.commit({
    ...{ campaigns: [{ ...campaign, life }], newRuns: runs },
    plans: [plan, ...others],
  });
  await deps.ring([
    ...runs.map(({ run }): Tick => ({ kind: 'run', id: run.id })),
    ...others.map((other): Tick => ({ kind: 'campaign', id: other.campaign })),
  ]);
  return true;
}

async function follow(deps: AdvanceCampaignDeps, campaign: Campaign): Promise<boolean> {
  const runs = await deps.store.runsOf(campaign.id);
  const at = deps.clock.now();
  if (await stopWithdrawn(deps, runs)) return true;
  if (runs.every(({ life }) => life.state === 'final'))
    return move(deps, campaign, { type: 'allRunsFinal', at });
  const started = runs.some(({ life }) => life.state !== 'queued' && life.state !== 'leasing');
  if (campaign.life.state === 'scheduled' && started)
    return move(deps, campaign, { type: 'firstRunStarted', at });
  return isPlanned(campaign.request) ? keepPlanned(deps, campaign, runs) : false;
}

/** Runs on what its owner has taken away: those under way are ended, the others never begin. */
async function stopWithdrawn({ store, stop }: AdvanceCampaignDeps, runs: readonly Run[]): Promise<boolean> {
  const open = runs.filter(({ life }) => life.state !== 'final');
  const away = await store.withdrawn([...new Set(open.flatMap(({ subjects }) => subjects))]);
  if (away.size === 0) return false;
  const hit = open.flatMap((run) => {
    const why = run.subjects.flatMap((subject) => away.get(subject) ?? [])[0];
    return why === undefined ? [] : [{ run, why }];
  });
  for (const { run, why } of hit) await stop(run.id, why.text);
  return hit.some(({ run }) => isWaiting(run));
}

/** The next revision of its plan, when there has to be one. */
async function keepPlanned(
  deps: AdvanceCampaignDeps,
  campaign: Campaign,
  runs: readonly Run[],
): Promise<boolean> {
  const plan = await planAgain(deps, campaign, runs);
  if (plan === null) return false;
  const { replanned } = plan.plan;
  try {
    await deps.store.commit({ plans: [plan] });
  } catch (error) {
    // What is broken is repaired now; what could only be better, when somebody looks again.
    if (replanned?.stage === 'improved' && error instanceof HarnessError && error.code === 'CONFLICT')
      return false;
    throw error;
  }
  deps.log.info(
    {
      ...{ event: 'campaign.replanned', campaignId: campaign.id, revision: plan.revision },
      ...{ stage: replanned?.stage, moved: replanned?.moved.length, because: replanned?.because[0]?.code },
    },
    'campaign was planned again',
  );
  await deps.ring(plan.replaces.map((id): Tick => ({ kind: 'run', id })));
  return true;
}

async function cancelAll(deps: AdvanceCampaignDeps, campaign: Campaign): Promise<boolean> {
  const open = (await deps.store.runsOf(campaign.id)).filter(({ life }) => life.state !== 'final');
  if (open.length === 0) return move(deps, campaign, { type: 'allRunsFinal', at: deps.clock.now() });
  for (const run of open) await deps.stop(run.id, 'its campaign was cancelled');
  return false;
}

async function close(deps: AdvanceCampaignDeps, campaign: Campaign): Promise<boolean> {
  await deps.report(campaign, await deps.store.runsOf(campaign.id));
  await move(deps, campaign, { type: 'reported', at: deps.clock.now() });
  deps.log.info({ event: 'campaign.final', campaignId: campaign.id }, 'campaign is final');
  return false;
}

async function move(
  { store }: AdvanceCampaignDeps,
  campaign: Campaign,
  event: CampaignEvent,
): Promise<boolean> {
  await store.commit({ campaigns: [{ ...campaign, life: stepCampaign(campaign.life, event) }] });
  return true;
}
