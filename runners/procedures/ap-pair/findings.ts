import { allSound, broken, clausesOf, type Found, holds, shown, undecided } from '../ap/judging.ts';
import { answerTo, type SeenPdu } from '../ap/seen-messages.ts';
import type { Judged } from '../procedure.ts';
import { CALLER, LISTENER, otherOf, type Side } from './pair.ts';

/** What was found, and whose doing it is when it is not as it should be. */
export interface Finding extends Found {
  /** A place among the subjects of the plan: of a pair, its {@link Side}. */
  readonly side?: number;
}

/**
 * The clauses, each with whom it blames, and the product that left the rules first: whose own messages break them, before whoever
 * could not make sense of them.
 */
export function judged(findings: Readonly<Record<string, Finding>>): Judged {
  const speech = Object.entries(findings).filter(([id]) => id.endsWith('-speech'));
  const [blamed] = [...speech.map(([, found]) => found), ...Object.values(findings)].filter(
    ({ verdict, side }) => verdict === 'fail' && side !== undefined,
  );
  return {
    clauses: clausesOf(findings).map((clause) => {
      const { verdict, side } = findings[clause.id] ?? {};
      return verdict === 'fail' && side !== undefined ? { ...clause, blames: side } : clause;
    }),
    ...(blamed?.side === undefined ? {} : { attributedTo: blamed.side }),
  };
}

/** Who said it: towards the caller, what the listener says is sent. */
export function sideOf({ direction }: Pick<SeenPdu, 'direction'>): Side {
  return direction === 'sent' ? LISTENER : CALLER;
}

/** Every message of a side decodes, is whole, and has the right payload protocol identifier. */
export function judgeSpeech(pdus: readonly SeenPdu[], side: Side): Finding {
  const own = pdus.filter((pdu) => sideOf(pdu) === side);
  return { ...allSound(own, 'it said nothing'), side };
}

export interface Exchange {
  readonly by: Side;
  readonly request: string;
  readonly answer: string;
}

/** The last message of that name that a side said. */
export function lastOf(pdus: readonly SeenPdu[], { by, request }: Exchange): SeenPdu | undefined {
  return pdus.findLast((pdu) => sideOf(pdu) === by && pdu.decoded.message?.name === request);
}

/** What one side asked, the other did: it answered with success, once, to that transaction. */
export function judgeExchange(pdus: readonly SeenPdu[], exchange: Exchange): Finding {
  const { by, request: name, answer: wanted } = exchange;
  const request = lastOf(pdus, exchange);
  if (request === undefined) return undecided(`no ${name} went by`);
  const other = otherOf(by);
  const answer = answerTo(pdus, request);
  if (answer === undefined) {
    const stray = pdus.find(
      (pdu) => pdu.n > request.n && sideOf(pdu) === other && pdu.relation === 'unasked',
    );
    const saw =
      stray === undefined
        ? `${name} was not answered`
        : `no answer belongs to ${name}; there was ${shown(stray)}`;
    return { ...broken(saw, request.n, ...(stray === undefined ? [] : [stray.n])), side: other };
  }
  const [finding] = answer.comprehension.findings;
  if (answer.decoded.message?.name === wanted)
    return finding === undefined
      ? holds(wanted, request.n, answer.n)
      : { ...broken(`${finding.text}; octets: ${shown(answer)}`, request.n, answer.n), side: other };
  // Who was asked in a way that cannot be taken, rightly does not.
  const isBadlyAsked = request.comprehension.findings.length > 0;
  return {
    ...broken(`${wanted} was expected; octets: ${shown(answer)}`, request.n, answer.n),
    side: isBadlyAsked ? by : other,
  };
}

/** Nothing was answered twice, and no error was told of; whoever the error is about is to blame. */
export function judgeOrder(pdus: readonly SeenPdu[]): Finding {
  const again = pdus.find(({ relation }) => relation === 'again');
  if (again !== undefined)
    return { ...broken(`a second answer; octets: ${shown(again)}`, again.n), side: sideOf(again) };
  const error = pdus.find(({ decoded }) => decoded.message?.name === 'ErrorIndication');
  if (error !== undefined)
    return {
      ...broken(`an ERROR INDICATION; octets: ${shown(error)}`, error.n),
      side: otherOf(sideOf(error)),
    };
  return holds('each request had one answer, and no error was told of');
}
