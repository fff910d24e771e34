import type { NewPlan, Reserved } from './planning-ports.ts';
import { planFrom, type ReplanDeps } from './replan.ts';
import { existing } from './advance-run.ts';
import type { Campaign } from '../domain/campaign.ts';
import { reason } from '../kernel/errors.ts';

/** Places of campaigns that an urgent one may take: what others of less priority have planned and not begun. */
export function displacedBy({ request }: Campaign, reserved: readonly Reserved[]): readonly Reserved[] {
  if (request.priority !== 'critical') return [];
  return reserved.filter(({ state, priority }) => state === 'planned' && priority !== 'critical');
}

export interface Room {
  readonly reserved: readonly Reserved[];
  readonly displaced: readonly Reserved[];
}

/** Plans anew every campaign whose places an urgent one takes, one after the other, to be written together with it. */
export async function makeRoom(
  deps: ReplanDeps,
  urgent: NewPlan,
  { reserved, displaced }: Room,
): Promise<readonly NewPlan[]> {
  const taken = asReserved(urgent);
  const hit = new Set(
    displaced.filter((one) => taken.some((other) => meet(one, other))).map((one) => one.campaign),
  );
  const plans: NewPlan[] = [];
  // Those not yet planned anew keep what nobody has taken from them.
  let around = [...reserved.filter((one) => !taken.some((other) => meet(one, other))), ...taken];
  for (const id of hit) {
    const campaign = await existing(deps.store.campaign(id), `campaign ${id}`);
    const head = await deps.store.planHead(id);
    if (head === null) continue;
    const [runs, testbeds] = await Promise.all([deps.store.runsOf(id), deps.store.testbeds()]);
    around = around.filter((one) => one.campaign !== id || one.state === 'leased');
    const because = [reason('PLACE_TAKEN', `campaign ${urgent.campaign} is urgent and takes places of it`)];
    const facts = { head, runs, reserved, testbeds, now: deps.clock.now() };
    const plan = await planFrom(deps, campaign, { facts, because, stage: 'repaired', others: around });
    if (plan === null) continue;
    plans.push(plan);
    around = [...around, ...asReserved(plan)];
  }
  return plans;
}

function meet(one: Reserved, other: Reserved): boolean {
  return (
    one.state === 'planned' &&
    one.resource === other.resource &&
    one.unit === other.unit &&
    one.from < other.to &&
    other.from < one.to
  );
}

function asReserved({ campaign, places }: NewPlan): readonly Reserved[] {
  return places.flatMap(({ units, from, to, run }) =>
    units.map((unit): Reserved => ({
      ...unit,
      from,
      to,
      run,
      campaign,
      state: 'planned',
      priority: 'critical',
    })),
  );
}
