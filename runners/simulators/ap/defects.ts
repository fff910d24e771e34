import type { EntryIn } from '../../interfaces/ap/peer.ts';
import type { ApMessage, ApShape, OutgoingIn } from '../../interfaces/ap/types.ts';

/** What products get wrong on any of the application protocols, with the sentence that says what. */
export const COMMON_DEFECTS = {
  'setup-answered-twice': 'answers the request that sets the interface up twice',
  'wrong-transaction-id': 'answers with a transaction identifier that is not that of the request',
  'ignores-criticality': 'takes messages with unknown elements as if their criticality were no matter',
  'ignores-malformed': 'says nothing about messages that cannot be decoded',
  'crashes-on-malformed': 'crashes on a message that cannot be decoded',
} as const;
export type CommonDefect = keyof typeof COMMON_DEFECTS;

export type Has<Defect extends string> = (defect: Defect) => boolean;

export function defective<Defect extends string>(defects: readonly string[]): Has<Defect> {
  const chosen = new Set(defects);
  return (defect) => chosen.has(defect);
}

/** Whatever the messages are called, the elements are known by their names. */
export function altered<S extends ApShape>(
  { name, ies }: OutgoingIn<S>,
  change: Readonly<Record<string, unknown>>,
): OutgoingIn<S> {
  return { name, ies: { ...(ies as object), ...change } } as unknown as OutgoingIn<S>;
}

const SET_UP = /SetupRe(?:quest|sponse)$/u;

/** The answers to a request, or what comes of them with the defects. */
export function answersWith<S extends ApShape>(
  has: Has<CommonDefect>,
  message: ApMessage,
  right: readonly OutgoingIn<S>[],
): readonly OutgoingIn<S>[] {
  const answers = has('wrong-transaction-id') ? right.map(otherTransaction<S>) : right;
  const isSetup = SET_UP.test(message.name) && /F1|E1/u.test(message.name);
  return has('setup-answered-twice') && isSetup ? [...answers, ...answers] : answers;
}

function otherTransaction<S extends ApShape>(message: OutgoingIn<S>): OutgoingIn<S> {
  const { TransactionID: id } = message.ies as { readonly TransactionID?: number };
  const isSetup = SET_UP.test(message.name);
  return id === undefined || isSetup ? message : altered<S>(message, { TransactionID: (id + 7) % 256 });
}

export interface Faulty<S extends ApShape> {
  readonly entry: EntryIn<S>;
  /** What the rules of the protocol want to be answered. */
  readonly standard: OutgoingIn<S> | null;
  /** What would be answered, were the message right. */
  readonly take: (message: ApMessage) => readonly OutgoingIn<S>[];
}

/** What goes out because a message breaks the rules. */
export function faultAnswer<S extends ApShape>(
  has: Has<CommonDefect>,
  { entry, standard, take }: Faulty<S>,
): OutgoingIn<S> | null {
  const { faults, message } = entry.decoded;
  // The product is gone, as after a fault in it: no answer, no tear-down.
  if (faults.length > 0 && has('crashes-on-malformed')) process.exit(71);
  if (faults.length > 0 && has('ignores-malformed')) return null;
  const isStrange = (entry.comprehension?.findings ?? []).some(({ kind }) => kind === 'notUnderstood');
  if (isStrange && message !== null && has('ignores-criticality')) return take(message)[0] ?? null;
  return standard;
}
