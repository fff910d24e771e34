import type { Verdict } from '../../../src/domain/verdict.ts';
import type { ApMessage } from '../../interfaces/ap/types.ts';
import { clause, type JudgedClause } from '../procedure.ts';
import { hex } from './message-observation.ts';
import { answerTo, receivedAfter, type SeenPdu } from './seen-messages.ts';

/** What was found of a rule, with the observations that show it. */
export interface Found {
  readonly verdict: Verdict;
  readonly saw: string;
  readonly shownBy?: readonly number[];
}

const MAX_SHOWN_OCTETS = 128;

export function holds(saw: string, ...shownBy: readonly number[]): Found {
  return { verdict: 'pass', saw, shownBy };
}

export function broken(saw: string, ...shownBy: readonly number[]): Found {
  return { verdict: 'fail', saw, shownBy };
}

/** The case did not get there, or the clause does not apply. */
export function unseen(saw: string): Found {
  return { verdict: 'none', saw };
}

export function undecided(saw: string, ...shownBy: readonly number[]): Found {
  return { verdict: 'inconc', saw, shownBy };
}

export function clausesOf(found: Readonly<Record<string, Found>>): readonly JudgedClause[] {
  return Object.entries(found).map(([id, { verdict, saw, shownBy = [] }]) =>
    clause(id, [verdict, saw], ...shownBy),
  );
}

/** The worst of several findings about one rule; of none, that nothing was seen. */
export function worstOf(findings: readonly Found[], none = 'nothing was seen'): Found {
  const order: readonly Verdict[] = ['fail', 'inconc', 'none', 'pass'];
  const worst = order.find((verdict) => findings.some((found) => found.verdict === verdict));
  const those = findings.filter(({ verdict }) => verdict === worst);
  const [first] = those;
  if (first === undefined) return unseen(none);
  return { ...first, shownBy: those.flatMap(({ shownBy = [] }) => shownBy) };
}

/** The message and its octets, for a clause that it breaks. */
export function shown({ decoded, bytes }: Pick<SeenPdu, 'decoded' | 'bytes'>): string {
  const name = decoded.message?.name ?? 'a message that cannot be read';
  const octets = hex(bytes.subarray(0, MAX_SHOWN_OCTETS));
  const rest = bytes.length > MAX_SHOWN_OCTETS ? `… (${bytes.length} octets)` : '';
  return `${name} ${octets}${rest}`;
}

export function causeText(cause: object | undefined): string {
  const found = Object.entries((cause ?? {}) as Readonly<Record<string, unknown>>)[0];
  if (found === undefined) return 'no cause';
  const [group, value] = found;
  return `${group} ${typeof value === 'string' ? value : 'unknown'}`;
}

/** Everything that the product sent is as the specification has it, under the right payload protocol identifier. */
export function wellFormed(pdus: readonly SeenPdu[]): Found {
  return allSound(
    pdus.filter(({ direction }) => direction === 'received'),
    'the product sent nothing',
  );
}

/** The same of all these messages. */
export function allSound(pdus: readonly SeenPdu[], none: string): Found {
  const findings = pdus.map((pdu) => {
    const [finding] = pdu.comprehension.findings;
    if (finding !== undefined) return broken(`${finding.text}; octets: ${shown(pdu)}`, pdu.n);
    return pdu.ppid === pdu.rightPpid
      ? holds(`${pdus.length} message(s) by the rules`, pdu.n)
      : broken(
          `payload protocol identifier ${pdu.ppid} instead of ${pdu.rightPpid}; octets: ${shown(pdu)}`,
          pdu.n,
        );
  });
  return worstOf(findings, none);
}

/** A request was answered by the message that it should be answered by. `none` when it was not sent. */
export function answeredWith(
  pdus: readonly SeenPdu[],
  request: SeenPdu | undefined,
  wanted: readonly string[],
): Found {
  if (request === undefined) return unseen('the request was not sent');
  const answer = answerTo(pdus, request);
  if (answer === undefined) return unanswered(pdus, request);
  const name = answer.decoded.message?.name;
  if (name !== undefined && wanted.includes(name)) return holds(name, request.n, answer.n);
  return broken(`${wanted.join(' or ')} was expected; octets: ${shown(answer)}`, request.n, answer.n);
}

/** Nothing belongs to the request; what came instead is named. */
function unanswered(pdus: readonly SeenPdu[], request: SeenPdu): Found {
  const name = request.decoded.message?.name ?? 'the message';
  const stray = receivedAfter(pdus, request).find(({ relation }) => relation === 'unasked');
  return stray === undefined
    ? broken(`no answer to ${name} in time`, request.n)
    : broken(`no answer belongs to ${name}; there was ${shown(stray)}`, request.n, stray.n);
}

/** No request was answered more than once, and nothing was answered that was not asked. */
export function answeredOnce(pdus: readonly SeenPdu[]): Found {
  const strays = pdus.filter(
    ({ direction, relation }) => direction === 'received' && (relation === 'again' || relation === 'unasked'),
  );
  const [stray] = strays;
  if (stray === undefined) return holds('each request had one answer');
  const what = stray.relation === 'again' ? 'a second answer' : 'an answer that nobody had asked for';
  return broken(`${what}; octets: ${shown(stray)}`, ...strays.map(({ n }) => n));
}

/** The product told of an error, with one of these causes. */
export function errorIndicated(
  pdus: readonly SeenPdu[],
  stimulus: SeenPdu | undefined,
  causes: readonly string[],
): Found {
  if (stimulus === undefined) return unseen('the message was not sent');
  const after = receivedAfter(pdus, stimulus);
  const indication = after.find(({ decoded }) => decoded.message?.name === 'ErrorIndication');
  if (indication === undefined) return broken('no ERROR INDICATION came in time', stimulus.n);
  const { Cause: cause } = (indication.decoded.message as ApMessage).ies as { readonly Cause?: object };
  return withCause(indication, cause, causes);
}

/** The message has one of these causes, such as `protocol transfer-syntax-error`; an empty list allows any. */
export function withCause(pdu: SeenPdu, cause: object | undefined, causes: readonly string[]): Found {
  const text = causeText(cause);
  if (cause !== undefined && (causes.length === 0 || causes.includes(text))) return holds(text, pdu.n);
  return broken(`cause ${text} instead of ${causes.join(' or ')}; octets: ${shown(pdu)}`, pdu.n);
}
