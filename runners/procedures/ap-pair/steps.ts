import { isJsonObject, type JsonObject } from '../../../src/kernel/json.ts';
import { broken, holds, undecided } from '../ap/judging.ts';
import type { SeenPdu } from '../ap/seen-messages.ts';
import { HOOK } from '../hook.ts';
import type { Seen } from '../procedure.ts';
import { type Exchange, type Finding, judgeExchange, sideOf } from './findings.ts';
import { otherOf, type Side } from './pair.ts';
import type { PairStep } from './procedure.ts';

export interface Saying {
  readonly by: Side;
  readonly message: string;
}

export interface Consequence {
  /** What a side says of itself, or because it was made to. */
  readonly cause: Saying;
  /** What has to come of it. */
  readonly exchange: Exchange;
}

/** A side is made to ask for something, and the other one does it. Step and clause have one name. */
export function askingStep(step: string, order: JsonObject, exchange: Exchange): PairStep {
  return {
    step,
    by: exchange.by,
    order,
    until: [exchange.answer],
    judge: { [step]: (pdus) => judgeExchange(pdus, exchange) },
  };
}

/** A side is made to say something that needs no answer. Step and clause have one name. */
export function sayingStep(step: string, order: JsonObject, saying: Saying): PairStep {
  const judge = (pdus: readonly SeenPdu[], seen: Seen): Finding => judgeSaid(pdus, seen, { step, ...saying });
  return { step, by: saying.by, order, until: [saying.message], judge: { [step]: judge } };
}

/** The first message of that name that a side said. */
export function said(pdus: readonly SeenPdu[], { by, message }: Saying): SeenPdu | undefined {
  return pdus.find((pdu) => sideOf(pdu) === by && pdu.decoded.message?.name === message);
}

export interface Ordered extends Saying {
  readonly step: string;
}

/** It said so; whoever has taken the order and did not is to blame. */
export function judgeSaid(pdus: readonly SeenPdu[], seen: Seen, { step, by, message }: Ordered): Finding {
  const found = said(pdus, { by, message });
  if (found !== undefined) return holds(message, found.n);
  const order = orderIn(seen, step);
  return order === undefined
    ? undecided(`no ${message} went by`)
    : { ...broken(`no ${message} went by although the hook had said that it would`, order), side: by };
}

/** What was said had its consequence: the other side began that exchange, and it was done. */
export function judgeConsequence(
  pdus: readonly SeenPdu[],
  seen: Seen,
  { step, cause, exchange }: Consequence & { readonly step: string },
): Finding {
  const first = judgeSaid(pdus, seen, { step, ...cause });
  const [n] = first.shownBy ?? [];
  if (first.verdict !== 'pass' || n === undefined) return first;
  return judgeThen(pdus, n, exchange);
}

/** After that observation somebody begins the exchange, and it is done. */
export function judgeThen(pdus: readonly SeenPdu[], after: number, exchange: Exchange): Finding {
  const { by, request } = exchange;
  const later = pdus.filter(({ n }) => n > after);
  if (said(later, { by, message: request }) === undefined)
    return { ...broken(`no ${request} came of it`, after), side: by };
  return judgeExchange(later, exchange);
}

/** Who asked did it, and the other side said this afterwards. */
export function judgeReply(pdus: readonly SeenPdu[], to: SeenPdu, message: string): Finding {
  const by = otherOf(sideOf(to));
  const reply = pdus.find(
    (pdu) => pdu.n > to.n && sideOf(pdu) === by && pdu.decoded.message?.name === message,
  );
  return reply === undefined
    ? { ...broken(`no ${message} came`, to.n), side: by }
    : holds(message, to.n, reply.n);
}

/** The observation of an order that a hook has taken in that step. */
export function orderIn({ observations }: Seen, step: string): number | undefined {
  return observations.find(
    ({ kind, step: at, data }) => kind === HOOK && at === step && isTaken(isJsonObject(data) ? data : {}),
  )?.n;
}

function isTaken({ status }: JsonObject): boolean {
  return typeof status === 'number' && status >= 200 && status < 300;
}
