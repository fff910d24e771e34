import { outgoing } from '../../interfaces/e2/answers.ts';
import type { PduEntry } from '../../interfaces/e2/journal.ts';
import type { AnyMessage, E2apShape } from '../../interfaces/e2/types.ts';
import { isReaction } from '../ap/fuzz/campaign.ts';
import type { ApLink, LinkWaiting } from '../ap/link.ts';

const PROBE = 'fuzz';
const TRANSACTIONS = 256;
/** Where the search for one begins: mutants are fond of the ends of the range. */
const FIRST = 77;

/**
 * Whether a reset is answered on that association. Answers to what was sent before may still come, so that only one that names
 * none of its transactions counts; a product that answers in another way has a second reset to show it.
 */
export async function resetAnswered(
  link: ApLink<E2apShape>,
  waiting: LinkWaiting,
  alsoFits: (message: AnyMessage, transaction: number) => boolean = () => false,
): Promise<boolean> {
  const used = transactionsOf(link);
  const transaction = freeTransaction(link);
  const isAnswer = ({ decoded: { message } }: PduEntry): boolean =>
    message !== null &&
    ((message.name === 'ResetResponse' && !used.has(Number(message.ies.TransactionID))) ||
      alsoFits(message, transaction));
  const from = link.next;
  await sendReset(link, transaction);
  if ((await link.waitFor(isAnswer, { ...waiting, from })) !== null) return true;
  if (link.peer.isOver) return false;
  const again = link.next;
  await sendReset(link, freeTransaction(link));
  return (await link.waitFor(isReaction, { ...waiting, from: again })) !== null;
}

/** A transaction that nothing sent on the association names. */
export function freeTransaction(link: ApLink<E2apShape>): number {
  const used = transactionsOf(link);
  const all = Array.from({ length: TRANSACTIONS }, (_, at) => (FIRST + at) % TRANSACTIONS);
  return all.find((each) => !used.has(each)) ?? FIRST;
}

function transactionsOf({ peer }: ApLink<E2apShape>): ReadonlySet<number> {
  return new Set(
    peer.journal.entries.flatMap(({ direction, decoded: { message } }) => {
      const { TransactionID } = (message?.ies ?? {}) as { readonly TransactionID?: unknown };
      return direction === 'sent' && typeof TransactionID === 'number' ? [TransactionID] : [];
    }),
  );
}

function sendReset(link: ApLink<E2apShape>, TransactionID: number): Promise<void> {
  return link.send(PROBE, outgoing('ResetRequest', { TransactionID, Cause: { misc: 'unspecified' } }));
}
