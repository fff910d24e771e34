import { openStore } from '../../src/adapters/store-sql/open-store.ts';
import type { NewPlan } from '../../src/campaigns/planning-ports.ts';
import { instant, type RunId } from '../../src/domain/ids.ts';
import type { CampaignPlan } from '../../src/planning/campaign/campaign-plan.ts';
import { silentLog, wallClock } from './pglite.ts';
import { aStoredCampaign, aDraft, aStoredRun, T0 } from './store-things.ts';

/**
 * Plans a campaign of two runs, then plans it again and kills itself: when its places were written and nothing was committed, or when
 * the commit was acknowledged. Prints the campaign.
 */
const [, , dir, template, when] = process.argv;
const store = await openStore({ dir, template, log: silentLog, clock: wallClock });
const campaign = await store.createCampaign(aStoredCampaign());
const runs = [aStoredRun(campaign.id), aStoredRun(campaign.id)];
const die = (): void => void process.kill(process.pid, 'SIGKILL');

await store.commit({
  newRuns: runs.map((run) => ({ run, draft: aDraft(run) })),
  plans: [planOf(1, [])],
});
process.stdout.write(`${campaign.id}\n`, () => void planAgain());

async function planAgain(): Promise<void> {
  if (when === 'before') {
    const { pool } = store;
    const connect = pool.connect.bind(pool);
    let withdrawn = false;
    pool.connect = async () => {
      const client = await connect();
      const query = client.query.bind(client) as (...args: readonly unknown[]) => Promise<unknown>;
      client.query = (async (...args: readonly unknown[]) => {
        const answer = await query(...args);
        const text = JSON.stringify(args[0]);
        if (text.includes("state = 'withdrawn'")) withdrawn = true;
        if (withdrawn && text.includes('insert into patchbay.reservation')) die();
        return answer;
      }) as typeof client.query;
      return client;
    };
  }
  await store.commit({
    plans: [
      planOf(
        2,
        runs.map(({ id }) => id),
      ),
    ],
  });
  die();
}

/** The second half an hour later, and the other way round. */
function planOf(revision: number, replaces: readonly RunId[]): NewPlan {
  const order = revision === 1 ? runs : [...runs].reverse();
  const plan = {
    runs: runs.map(({ id }, index) => ({ key: `r0${index + 1}`, run: id })),
    leftOut: [],
  } as unknown as CampaignPlan;
  return {
    ...{ campaign: campaign.id, organisation: campaign.organisation, revision, madeAt: T0, plan, replaces },
    places: order.map(({ id }, index) => ({
      run: id,
      units: [
        { resource: 'slot:lab/testbed', unit: 0 },
        { resource: 'equipment:acme/ric', unit: 0 },
      ],
      from: instant(T0 + revision * 1_800_000 + index * 600_000),
      to: instant(T0 + revision * 1_800_000 + (index + 1) * 600_000),
      notBefore: T0,
    })),
  };
}
