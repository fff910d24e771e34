import type { Planner } from '../../campaigns/planning-ports.ts';
import type { CampaignOrder } from './campaign-worker.ts';
import { inThread } from './in-thread.ts';

/** A thread for each plan of a campaign. */
export function makePlanner(): Planner {
  return {
    plan: (input, { finish, standing = null, ...search }, { signal, onProgress }) => {
      const order: CampaignOrder = { ...search, input, standing };
      return inThread('campaign-worker', order, { finish, signal, onProgress });
    },
  };
}
