import type { Planner } from '../../campaigns/planning-ports.ts';
import type { CampaignOrder } from './campaign-worker.ts';
import { makeThread } from './thread.ts';

/** Plans campaigns in threads of its own. */
export function makePlanner(): Planner & AsyncDisposable {
  const thread = makeThread('campaign-worker');
  return {
    plan: (input, { finish, ...how }, { signal, onProgress }) => {
      const order: CampaignOrder = { ...how, kind: 'plan', input };
      return thread.ask(order, { finish, signal, onProgress });
    },
    replan: (input, { finish, ...how }, { signal, onProgress }) => {
      const order: CampaignOrder = { ...how, kind: 'replan', input };
      return thread.ask(order, { finish, signal, onProgress });
    },
    [Symbol.asyncDispose]: () => thread[Symbol.asyncDispose](),
  };
}
