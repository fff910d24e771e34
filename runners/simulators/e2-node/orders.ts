import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { wrapItems } from '../../interfaces/e2/messages.ts';
import { components, functionItem, type RanFunction, REVISION } from './presentation.ts';
import type { E2NodeSettings } from './settings.ts';
import { type Visit, waiting } from './visit.ts';
import { parseTarget, type Target } from '../dialling.ts';

/** What the prepare hook may ask for; see testplans/README-e2-hook.md. */
export type Order =
  | { readonly action: 'connect'; readonly target: Target }
  | { readonly action: 'disconnect' }
  | { readonly action: 'trigger'; readonly procedure: Procedure };

const PROCEDURES = ['reset', 'serviceUpdate', 'configurationUpdate', 'removal'] as const;
export type Procedure = (typeof PROCEDURES)[number];

/** Null when it is no such order. */
export function parseOrder(order: Json | undefined): Order | null {
  if (!isJsonObject(order)) return null;
  const { action, procedure } = order;
  if (action === 'disconnect') return { action };
  if (action === 'connect') {
    const target = parseTarget(order);
    return target === null ? null : { action, target };
  }
  const found = PROCEDURES.find((each) => each === procedure);
  return action === 'trigger' && found !== undefined ? { action, procedure: found } : null;
}

export interface Triggering {
  readonly settings: E2NodeSettings;
  readonly functions: readonly RanFunction[];
}

/** Has the node begin a procedure; resolves when it is over. */
export async function trigger(
  procedure: Procedure,
  visit: Visit,
  { settings, functions }: Triggering,
): Promise<void> {
  const TransactionID = visit.peer.newTransactionId();
  switch (procedure) {
    case 'reset': {
      visit.forgetSubscriptions();
      await visit.ask('ResetRequest', { TransactionID, Cause: { misc: 'om-intervention' } }, waiting());
      return;
    }
    case 'serviceUpdate': {
      const [first] = functions;
      const modified = first === undefined ? [] : [functionItem(first, REVISION + 1)];
      const RANfunctionsModified = wrapItems('RANfunction-Item', modified);
      await visit.ask('RICserviceUpdate', { TransactionID, RANfunctionsModified }, waiting());
      return;
    }
    case 'configurationUpdate': {
      const update = wrapItems('E2nodeComponentConfigUpdate-Item', components(settings));
      await visit.ask(
        'E2nodeConfigurationUpdate',
        { TransactionID, E2nodeComponentConfigUpdate: update },
        waiting(),
      );
      return;
    }
    case 'removal': {
      const { kind } = await visit.ask('E2RemovalRequest', { TransactionID }, waiting());
      if (kind === 'successful') visit.remove();
    }
  }
}
