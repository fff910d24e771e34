import { type End, ENDS, type Formula, type TraceProperty } from '../domain/trace-property.ts';

/** Ends of which a message that is missing could make something truer, or less true. */
export interface HiddenEnds {
  readonly raise: ReadonlySet<End>;
  readonly lower: ReadonlySet<End>;
}

const NONE: HiddenEnds = { raise: new Set(), lower: new Set() };
const BOTH: ReadonlySet<End> = new Set(ENDS);

/** For "if `when`, then `then`". */
export function hiddenEndsOf({ when, then }: Pick<TraceProperty, 'when' | 'then'>): HiddenEnds {
  const [asked, holds] = [hidden(when), hidden(then)];
  return { raise: union(asked.lower, holds.raise), lower: union(asked.raise, holds.lower) };
}

function hidden(formula: Formula): HiddenEnds {
  if ('message' in formula) return NONE;
  if ('not' in formula) return opposite(hidden(formula.not));
  if ('all' in formula) return formula.all.map(hidden).reduce(together, NONE);
  if ('any' in formula) return formula.any.map(hidden).reduce(together, NONE);
  if ('previously' in formula)
    return isAboutTime(formula.previously) ? hidden(formula.previously) : { raise: BOTH, lower: BOTH };
  if ('once' in formula) return some(formula.once);
  if ('eventually' in formula) return some(formula.eventually);
  if ('never' in formula) return opposite(some(formula.never));
  if ('always' in formula) return opposite(some({ not: formula.always }));
  if ('since' in formula)
    return together(some(formula.since.from), opposite(some({ not: formula.since.hold })));
  if ('until' in formula)
    return together(some(formula.until.reach), opposite(some({ not: formula.until.hold })));
  if ('answers' in formula) return { raise: new Set(['peer']), lower: new Set(['self']) };
  return { raise: new Set(['peer']), lower: new Set() };
}

/** That there is a message at which something is true. */
function some(formula: Formula): HiddenEnds {
  const { raise, lower } = hidden(formula);
  return { raise: union(raise, sendersOf(formula, true)), lower };
}

/** Who may send a message at which a formula is true, or is not. */
function sendersOf(formula: Formula, isTrue: boolean): ReadonlySet<End> {
  if ('message' in formula) return isTrue && formula.by !== undefined ? new Set([formula.by]) : BOTH;
  if ('not' in formula) return sendersOf(formula.not, !isTrue);
  const parts = 'all' in formula ? formula.all : 'any' in formula ? formula.any : undefined;
  if (parts === undefined) return BOTH;
  const senders = parts.map((part) => sendersOf(part, isTrue));
  const isAll = 'all' in formula === isTrue;
  return new Set(
    ENDS.filter((end) =>
      isAll ? senders.every((ends) => ends.has(end)) : senders.some((ends) => ends.has(end)),
    ),
  );
}

/** Whether it says nothing of the very message at which it stands. */
function isAboutTime(formula: Formula): boolean {
  if ('message' in formula) return false;
  if ('not' in formula) return isAboutTime(formula.not);
  if ('all' in formula) return formula.all.every(isAboutTime);
  if ('any' in formula) return formula.any.every(isAboutTime);
  return 'since' in formula || 'once' in formula;
}

function together(a: HiddenEnds, b: HiddenEnds): HiddenEnds {
  return { raise: union(a.raise, b.raise), lower: union(a.lower, b.lower) };
}

function opposite({ raise, lower }: HiddenEnds): HiddenEnds {
  return { raise: lower, lower: raise };
}

function union(a: ReadonlySet<End>, b: ReadonlySet<End>): ReadonlySet<End> {
  return new Set([...a, ...b]);
}
