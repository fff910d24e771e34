import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import { jsonOf, recordBody } from '../../interfaces/http/body.ts';
import { type Answer, listenHttp } from '../../interfaces/http/listen.ts';

/** What an order came to: done, with what there is to say; or why not. */
export type OrderOutcome =
  | { readonly done: Json | null }
  | { readonly refused: 'unknown' | 'unable' | 'invalid'; readonly cause: string };

export const DONE: OrderOutcome = { done: null };

export function unable(cause: string): OrderOutcome {
  return { refused: 'unable', cause };
}

export const NO_UES: OrderOutcome = { refused: 'invalid', cause: 'ues is a list of numbers of UEs' };

/** The UEs that an order is about; undefined: all of them; null: that is not a list of numbers. */
export function namedUes({ ues }: JsonObject): readonly number[] | undefined | null {
  if (ues === undefined) return undefined;
  const numbers = Array.isArray(ues) ? ues.filter((each) => typeof each === 'number') : [];
  return Array.isArray(ues) && ues.length > 0 && numbers.length === ues.length ? numbers : null;
}

const STATUS = { unknown: 501, unable: 409, invalid: 400 } as const;

/** The hook by which a tester has a simulator do something; each order is a POST of a JSON object with `action`. */
export async function listenForOrders(
  obey: (order: JsonObject) => Promise<OrderOutcome>,
): Promise<{ readonly port: number }> {
  return listenHttp({
    answer: async (received): Promise<Answer> => {
      const order = jsonOf(recordBody(received.body));
      if (received.method !== 'POST' || !isJsonObject(order) || typeof order['action'] !== 'string')
        return json(400, { cause: 'POST a JSON object with an action' });
      const outcome = await obey(order);
      if ('refused' in outcome) return json(STATUS[outcome.refused], { cause: outcome.cause });
      return outcome.done === null ? { status: 204 } : json(200, outcome.done);
    },
  });
}

function json(status: number, body: Json): Answer {
  return { status, headers: [['Content-Type', 'application/json']], body: JSON.stringify(body) };
}
