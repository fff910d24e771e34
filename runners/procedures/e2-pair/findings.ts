import { E2AP_PPID } from '../../interfaces/e2/codec.ts';
import type { MessageName } from '../../interfaces/e2/types.ts';
import { broken, clausesOf, type Found, holds, shown, undecided, worstOf } from '../ap/judging.ts';
import { answerTo } from '../ap/seen-messages.ts';
import { messagesOf, type SeenPdu } from '../e2/seen-messages.ts';
import type { Judged } from '../procedure.ts';
import { NODE, RIC } from './drive.ts';

type Side = typeof RIC | typeof NODE;

/** What was found, and whose doing it is when it is not as it should be. */
export interface Finding extends Found {
  readonly side?: Side;
}

/** The clauses, and the product to blame: whose own messages break the rules before whoever could not make sense of them. */
export function judged(findings: Readonly<Record<string, Finding>>): Judged {
  const speech = Object.entries(findings).filter(([id]) => id.endsWith('-speech'));
  const [blamed] = [...speech.map(([, found]) => found), ...Object.values(findings)].filter(
    ({ verdict, side }) => verdict === 'fail' && side !== undefined,
  );
  return {
    clauses: clausesOf(findings),
    ...(blamed?.side === undefined ? {} : { attributedTo: blamed.side }),
  };
}

/** Who said it: towards the E2 node, what the near-RT RIC says is sent. */
export function sideOf({ direction }: Pick<SeenPdu, 'direction'>): Side {
  return direction === 'sent' ? RIC : NODE;
}

/** Every message of a side decodes, is whole, and has the right payload protocol identifier. */
export function judgeSpeech(pdus: readonly SeenPdu[], side: Side): Finding {
  const own = pdus.filter((pdu) => sideOf(pdu) === side);
  const found = worstOf(
    own.map((pdu) => {
      const [finding] = pdu.comprehension.findings;
      if (finding !== undefined) return broken(`${finding.text}; octets: ${shown(pdu)}`, pdu.n);
      return pdu.ppid === E2AP_PPID
        ? holds(`${own.length} message(s) by the rules`, pdu.n)
        : broken(`payload protocol identifier ${pdu.ppid}; octets: ${shown(pdu)}`, pdu.n);
    }),
    'it said nothing',
  );
  return { ...found, side };
}

/** What one side asked, the other did: it answered with success, once, to that transaction. */
export function judgeExchange(
  pdus: readonly SeenPdu[],
  {
    by,
    request: name,
    answer: wanted,
  }: { readonly by: Side; readonly request: MessageName; readonly answer: MessageName },
): Finding {
  const direction = by === RIC ? 'sent' : 'received';
  const request = messagesOf(pdus, name, direction).at(-1);
  if (request === undefined) return undecided(`no ${name} went by`);
  const other: Side = by === RIC ? NODE : RIC;
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
  const [error] = messagesOf(pdus, 'ErrorIndication');
  if (error !== undefined)
    return {
      ...broken(`an ERROR INDICATION; octets: ${shown(error)}`, error.n),
      side: sideOf(error) === RIC ? NODE : RIC,
    };
  return holds('each request had one answer, and no error was told of');
}
