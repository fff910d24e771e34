import type { Program } from '../../../src/judge/program.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { answeredWith, broken, type Found, unseen, wellFormed } from '../ap/judging.ts';
import { type Finding, judged } from '../ap-pair/findings.ts';
import { NG } from '../ap/interfaces/ng.ts';
import { CALLER } from '../ap-pair/pair.ts';
import { judgeRules } from '../ap-pair/rules.ts';
import { came, errorAbout } from '../ng/judging.ts';
import { messagesOf, type SeenMessage, type SeenPdu, seenPdus } from '../ng/seen-messages.ts';
import {
  AFTER,
  containerRight,
  type HandoverTo,
  required,
  type Required,
  sessionsNamed,
  targetRight,
} from '../ng-gnb/handover-required.ts';
import type { Judged, Seen } from '../procedure.ts';
import { WANTED } from './pair.ts';
import { namesOf, type Sides, sidesIn } from './sides.ts';

export type Side = keyof Sides;
export type Findings = Readonly<Record<string, Finding>>;
type Pdus = readonly SeenPdu[];

const ACKNOWLEDGE = 'HandoverRequestAcknowledge';
const UNKNOWN = ['unknown-local-UE-NGAP-ID'];
/** Step in which a product is asked about a UE that it should not have any more. */
export const ASK = 'ask';

/** What a case saw, with the messages on the associations of either product. */
export interface SeenPair {
  readonly seen: Seen;
  readonly sides: Sides;
  readonly source: Pdus;
  readonly target: Pdus;
  readonly wanted: HandoverTo | null;
}

export function seenPair(seen: Seen): SeenPair {
  const sides = sidesIn(seen);
  const names = namesOf(sides);
  const pdus = seenPdus(seen.observations);
  const of = (side: Side): Pdus =>
    pdus.filter(({ association }) => association.startsWith(`${names[side]}-`));
  const wanted = seen.observations.find(({ kind }) => kind === WANTED)?.data;
  return {
    ...{ seen, sides, source: of('source'), target: of('target') },
    wanted: wanted === undefined ? null : wantedIn(wanted),
  };
}

function wantedIn(data: Json): HandoverTo | null {
  if (!isJsonObject(data)) return null;
  const { plmn, gnb, tac, cell } = data;
  const { id, bits } = gnb !== undefined && isJsonObject(gnb) ? gnb : {};
  return typeof plmn === 'string' &&
    typeof id === 'number' &&
    typeof bits === 'number' &&
    typeof tac === 'number' &&
    typeof cell === 'number'
    ? { plmn, gnb: { id, bits }, tac, cell }
    : null;
}

/** That rule is that product's to keep. */
export function of(pair: SeenPair, side: Side, found: Found): Finding {
  return { ...found, side: pair.sides[side] };
}

/** What the source has asked for: whether it is what it was made to ask for. */
export function asking(pair: SeenPair): Findings {
  const { seen, source, wanted } = pair;
  const [message] = messagesOf(source, 'HandoverRequired', 'received');
  const about = (judge: (message: Required, wanted: HandoverTo) => Found): Finding =>
    of(
      pair,
      'source',
      message === undefined || wanted === null
        ? unseen('there is no HANDOVER REQUIRED')
        : judge(message, wanted),
    );
  return {
    required: of(pair, 'source', required(seen, source)),
    target: about(targetRight),
    sessions: about(sessionsNamed),
    container: about((found, { cell }) => containerRight(found, cell)),
  };
}

/** How the target took what it was asked for by the AMF; there is nothing to say of what the source had asked wrongly. */
export function answered(pair: SeenPair, asked: Findings, name: string): Finding {
  const isRight = Object.values(asked).every(({ verdict }) => verdict === 'pass');
  if (!isRight) return unseen('the source has not asked for what was wanted');
  const [request] = messagesOf(pair.target, 'HandoverRequest', 'sent');
  return of(pair, 'target', answeredWith(pair.target, request, [name]));
}

export function acknowledgeIn({ target }: SeenPair): SeenMessage<typeof ACKNOWLEDGE> | undefined {
  return messagesOf(target, ACKNOWLEDGE, 'received')[0];
}

/** The context is released where the UE is not any more, and known there no longer. */
export function releasedAt(pair: SeenPair, side: Side): Findings {
  const pdus = pair[side];
  const [command] = messagesOf(pdus, 'UEContextReleaseCommand', 'sent');
  const isDone = command !== undefined;
  return {
    released: of(
      pair,
      side,
      isDone
        ? answeredWith(pdus, command, ['UEContextReleaseComplete'])
        : unseen('there was nothing to release'),
    ),
    forgotten: of(
      pair,
      side,
      isDone ? errorAbout(pdus, ASK, UNKNOWN) : unseen('there was nothing to forget'),
    ),
  };
}

/** After all that the session is that product's: it answers for it. */
export function servedAt(pair: SeenPair, side: Side): Finding {
  const pdus = pair[side];
  const wasAsked = messagesOf(pdus, 'PDUSessionResourceReleaseCommand', 'sent').length > 0;
  return of(
    pair,
    side,
    wasAsked ? came(pdus, AFTER, 'PDUSessionResourceReleaseResponse') : unseen('it was not asked'),
  );
}

/** The UE whose handover came to nothing is still served where it was. */
export function keptAtSource(pair: SeenPair): Finding {
  const [left] = messagesOf(pair.source, 'UEContextReleaseRequest', 'received');
  if (left !== undefined) return of(pair, 'source', broken('the gNB had the UE released', left.n));
  return servedAt(pair, 'source');
}

/** What either says is right, and keeps the rules of NGAP. The AMF is the tester. */
function speaking(pair: SeenPair, programs: readonly Program[]): Findings {
  const { protocol } = NG.protocol.rules;
  const about = (side: Side): Findings => {
    const pdus = pair[side];
    const rules = judgeRules(pdus, { protocol, programs, names: ['amf', side] });
    return {
      [`${side}-speech`]: of(pair, side, wellFormed(pdus)),
      [`${side}-rules`]: of(pair, side, rules[CALLER]),
    };
  };
  return { ...about('source'), ...about('target') };
}

export const SPEAKING = ['source-speech', 'source-rules', 'target-speech', 'target-rules'] as const;

/** Each clause with whom it blames. */
export function judgedPair(
  pair: SeenPair,
  findings: Findings,
  { programs, ...more }: Omit<Judged, 'clauses' | 'attributedTo'> & { readonly programs: readonly Program[] },
): Judged {
  return { ...judged({ ...findings, ...speaking(pair, programs) }), ...more };
}
