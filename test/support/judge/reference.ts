import type { End, Formula, MessageAtom, Scalar, TraceProperty } from '../../../src/domain/trace-property.ts';
import { hiddenEndsOf } from '../../../src/judge/hidden-ends.ts';
import type { Gap, JudgedMessage, Side } from '../../../src/judge/happening.ts';

/** What happens in one association, in the order in which it is told. */
export type Event = ({ readonly kind: 'message' } & JudgedMessage) | ({ readonly kind: 'gap' } & Gap);

export interface TraceOfOne {
  readonly events: readonly Event[];
  readonly joinedAtMs: number | undefined;
  readonly endMs: number;
  readonly isComplete: boolean;
}

/** How an obligation came out: `broken 4 by 1` is that of message 4, seen from end 1. */
export type Outcome = `${'held' | 'broken' | 'undecided'} ${number} from ${Side}`;

/**
 * Judges a property by looking at the whole trace again for each message, as slow as its definition: what the monitor of the
 * product has to agree with.
 */
export function judgeSlowly(property: TraceProperty, trace: TraceOfOne): Outcome[] {
  const events = withUnheard(trace);
  return events.flatMap((event, index) => {
    if (event.kind !== 'message') return [];
    const outcome = outcomeAt(property, { ...trace, events }, index);
    return outcome === null ? [] : [`${outcome} ${event.n} from ${event.side}` as const];
  });
}

/** A trace that joins an association does not know what each end said before its first message. */
function withUnheard({ events, joinedAtMs }: TraceOfOne): readonly Event[] {
  const heard = new Set<Side>();
  return events.flatMap((event): Event[] => {
    if (joinedAtMs === undefined || event.kind !== 'message' || heard.has(event.side)) return [event];
    heard.add(event.side);
    const { association, side, atMs } = event;
    return [{ kind: 'gap', association, side, atMs }, event];
  });
}

/** A message of the slice, or a place where some may be missing. */
interface Position {
  readonly index: number;
  readonly atMs: number;
  readonly side: Side;
  readonly message: JudgedMessage | null;
}

interface View {
  readonly positions: readonly Position[];
  readonly self: Side;
  readonly joinedAtMs: number | undefined;
}

function outcomeAt(
  property: TraceProperty,
  trace: TraceOfOne,
  index: number,
): 'held' | 'broken' | 'undecided' | null {
  const trigger = trace.events[index];
  if (trigger?.kind !== 'message') return null;
  const ids = idsOf(property, trigger);
  if (!namesIn(property).has(trigger.name) || ids === null) return null;
  const positions = trace.events.flatMap((event, at) => positionsOf(property, ids, { event, index: at }));
  const view: View = { positions, self: trigger.side, joinedAtMs: trace.joinedAtMs };
  const here = positions.findIndex((each) => each.index === index && each.message !== null);
  const asked = past(property.when, view, here);
  if (asked < 0) return null;
  const decision = decide(property.then, view, { here, endMs: trace.endMs });
  let truth = Math.max(-asked, decision.truth);
  if (
    Math.abs(truth) === 1 &&
    !isConfirmed(property, trace, { self: trigger.side, decision: { ...decision, outcome: truth } })
  )
    truth = 0;
  if (truth > 0) return asked > 0 ? 'held' : null;
  return truth < 0 ? 'broken' : 'undecided';
}

function positionsOf(
  property: TraceProperty,
  ids: readonly Scalar[],
  { event, index }: { readonly event: Event; readonly index: number },
): Position[] {
  const { atMs, side } = event;
  if (event.kind === 'gap') return [{ index, atMs, side, message: null }];
  const own = idsOf(property, event);
  const isNamed = namesIn(property).has(event.name);
  const mayBeAny = event.name === '' || (isNamed && event.isDamaged && own === null);
  if (mayBeAny) return [{ index, atMs, side, message: null }];
  const isOurs = isNamed && own !== null && JSON.stringify(own) === JSON.stringify(ids);
  return isOurs ? [{ index, atMs, side, message: event }] : [];
}

function idsOf({ forEvery }: TraceProperty, message: JudgedMessage): readonly Scalar[] | null {
  const ids = forEvery.map((path) => message.value(path));
  return ids.every((id) => id !== undefined) ? ids : null;
}

// --- what has been

function past(formula: Formula, view: View, at: number): number {
  const position = view.positions[at];
  if (position === undefined) throw new Error('no such position');
  if ('message' in formula) return atom(formula, view.self, position);
  if ('not' in formula) return -past(formula.not, view, at);
  if ('all' in formula) return Math.min(2, ...formula.all.map((each) => past(each, view, at)));
  if ('any' in formula) return Math.max(-2, ...formula.any.map((each) => past(each, view, at)));
  if ('previously' in formula) {
    const before = previousState(formula.previously, view, at - 1);
    return position.message === null ? agreed(before, fade(past(formula.previously, view, at))) : before;
  }
  if ('once' in formula)
    return since({ from: formula.once, hold: null, withinMs: formula.withinMs }, view, at);
  if ('since' in formula) return since({ ...formula.since, withinMs: formula.withinMs }, view, at);
  if ('answers' in formula) {
    const request = { message: formula.answers, by: 'peer' } as const;
    const hold = { not: { message: formula.with, by: 'self' } } as const;
    const open = { since: { from: request, hold } };
    const two = { once: { all: [request, { previously: open }] } };
    return past({ previously: { any: [open, two] } }, view, at);
  }
  throw new Error('looks ahead');
}

function previousState(formula: Formula, view: View, at: number): number {
  const position = view.positions[at];
  if (position === undefined) return view.joinedAtMs === undefined ? -1 : 0;
  const now = fade(past(formula, view, at));
  return position.message === null ? agreed(previousState(formula, view, at - 1), now) : now;
}

function since(
  { from, hold, withinMs = Infinity }: { from: Formula; hold: Formula | null; withinMs: number | undefined },
  view: View,
  at: number,
): number {
  const now = view.positions[at]?.atMs ?? 0;
  let best = -1;
  const first = view.joinedAtMs === undefined ? 0 : -1;
  for (let begin = first; begin <= at; begin += 1) {
    const beganAtMs = begin < 0 ? (view.joinedAtMs ?? 0) : (view.positions[begin]?.atMs ?? 0);
    if (now - beganAtMs > withinMs) continue;
    let chain = begin < 0 ? 0 : reached(from, view, begin);
    if (hold !== null)
      for (let each = begin + 1; each <= at; each += 1) chain = Math.min(fade(chain), held(hold, view, each));
    best = Math.max(best, chain);
  }
  return best;
}

/** Where messages may be missing, there may be none. */
function reached(formula: Formula, view: View, at: number): number {
  const truth = past(formula, view, at);
  return view.positions[at]?.message === null ? Math.min(0, truth) : truth;
}

function held(formula: Formula, view: View, at: number): number {
  const truth = past(formula, view, at);
  return view.positions[at]?.message === null ? Math.max(0, truth) : truth;
}

function atom({ message, by, having = {} }: MessageAtom, self: Side, position: Position): number {
  const end: End = position.side === self ? 'self' : 'peer';
  if (by !== undefined && by !== end) return -2;
  if (position.message === null) return 0;
  const said = position.message;
  const isSo =
    [message].flat().includes(said.name) &&
    Object.entries(having).every(([path, values]) =>
      [values].flat().some((each) => each === said.value(path)),
    );
  return isSo ? 2 : -2;
}

// --- what is to come

interface Decision {
  readonly truth: number;
  /** Only events from here on, and after that time, can confirm silence. */
  readonly fromIndex: number;
  readonly afterMs: number;
  /** The end whose message has decided it. */
  readonly side: Side | null;
}

function decide(
  formula: Formula,
  view: View,
  { here, endMs }: { readonly here: number; readonly endMs: number },
): Decision {
  const ahead = aheadIn(formula);
  const trigger = view.positions[here];
  if (trigger === undefined) throw new Error('no such position');
  if (ahead.length === 0)
    return {
      truth: past(formula, view, here),
      fromIndex: trigger.index + 1,
      afterMs: -Infinity,
      side: trigger.side,
    };
  const states = ahead.map(({ hold }) => ({ truth: -1, holds: hold === null ? 2 : 1 }));
  const result = (): number =>
    truthWith(formula, {
      view,
      here,
      truths: new Map(ahead.map(({ of }, k) => [of, states[k]?.truth ?? 0])),
    });
  const deadlineMs = trigger.atMs + Math.max(...ahead.map(({ withinMs }) => withinMs));
  for (let at = here + 1; at < view.positions.length; at += 1) {
    const position = view.positions[at];
    if (position === undefined) break;
    if (position.atMs > deadlineMs) break;
    ahead.forEach(({ reach, hold, withinMs }, k) => {
      const state = states[k];
      if (state === undefined || position.atMs > trigger.atMs + withinMs) return;
      state.truth = Math.max(state.truth, Math.min(reached(reach, view, at), state.holds));
      if (hold !== null) state.holds = Math.min(state.holds, held(hold, view, at));
    });
    if (states.every(({ truth, holds }) => truth >= holds)) {
      const side = position.message === null ? null : position.side;
      return { truth: result(), fromIndex: position.index + 1, afterMs: -Infinity, side };
    }
  }
  ahead.forEach(({ withinMs }, k) => {
    const state = states[k];
    if (state !== undefined && endMs <= trigger.atMs + withinMs)
      state.truth = Math.max(state.truth, Math.min(0, state.holds));
  });
  return { truth: result(), fromIndex: trigger.index + 1, afterMs: deadlineMs, side: null };
}

interface Ahead {
  readonly of: Formula;
  readonly reach: Formula;
  readonly hold: Formula | null;
  readonly withinMs: number;
}

function aheadIn(formula: Formula): Ahead[] {
  if ('not' in formula) return aheadIn(formula.not);
  if ('all' in formula) return formula.all.flatMap(aheadIn);
  if ('any' in formula) return formula.any.flatMap(aheadIn);
  const one = { of: formula, hold: null };
  if ('eventually' in formula) return [{ ...one, reach: formula.eventually, withinMs: formula.withinMs }];
  if ('never' in formula) return [{ ...one, reach: formula.never, withinMs: formula.withinMs }];
  if ('always' in formula) return [{ ...one, reach: { not: formula.always }, withinMs: formula.withinMs }];
  if ('until' in formula) return [{ of: formula, ...formula.until, withinMs: formula.withinMs }];
  if ('answeredBy' in formula)
    return [{ ...one, reach: { message: formula.answeredBy, by: 'peer' }, withinMs: formula.withinMs }];
  return [];
}

function truthWith(
  formula: Formula,
  on: { readonly view: View; readonly here: number; readonly truths: ReadonlyMap<Formula, number> },
): number {
  const known = on.truths.get(formula);
  if (known !== undefined) return 'never' in formula || 'always' in formula ? -known : known;
  if ('not' in formula) return -truthWith(formula.not, on);
  if ('all' in formula) return Math.min(2, ...formula.all.map((each) => truthWith(each, on)));
  if ('any' in formula) return Math.max(-2, ...formula.any.map((each) => truthWith(each, on)));
  return past(formula, on.view, on.here);
}

/** Each end whose silence counts has said something afterwards, and what it said before is all there. */
function isConfirmed(
  property: TraceProperty,
  { events, isComplete }: TraceOfOne,
  { self, decision }: { readonly self: Side; readonly decision: Decision & { readonly outcome: number } },
): boolean {
  const { raise, lower } = hiddenEndsOf(property);
  const ends = decision.outcome > 0 ? lower : raise;
  return ([0, 1] as const).every((side) => {
    if (side === decision.side || !ends.has(side === self ? 'self' : 'peer')) return true;
    const { fromIndex, afterMs } = decision;
    const next = events.find(
      (event, index) => index >= fromIndex && event.side === side && event.atMs > afterMs,
    );
    return next === undefined ? isComplete : next.kind === 'message';
  });
}

function namesIn({ when, then }: TraceProperty): ReadonlySet<string> {
  return new Set(
    [...atomsIn(when, false), ...atomsIn(then, false)].flatMap(({ atom: { message } }) => [message].flat()),
  );
}

function atomsIn(formula: Formula, isInTime: boolean): { atom: MessageAtom; isInTime: boolean }[] {
  if ('message' in formula) return [{ atom: formula, isInTime }];
  if ('not' in formula) return atomsIn(formula.not, isInTime);
  if ('all' in formula) return formula.all.flatMap((each) => atomsIn(each, isInTime));
  if ('any' in formula) return formula.any.flatMap((each) => atomsIn(each, isInTime));
  if ('answers' in formula)
    return [
      { atom: { message: formula.answers, by: 'peer' }, isInTime: true },
      { atom: { message: formula.with, by: 'self' }, isInTime: true },
    ];
  if ('answeredBy' in formula) return [{ atom: { message: formula.answeredBy, by: 'peer' }, isInTime: true }];
  if ('since' in formula)
    return [formula.since.from, formula.since.hold].flatMap((each) => atomsIn(each, true));
  if ('until' in formula)
    return [formula.until.reach, formula.until.hold].flatMap((each) => atomsIn(each, true));
  const inner =
    'previously' in formula
      ? formula.previously
      : 'once' in formula
        ? formula.once
        : 'eventually' in formula
          ? formula.eventually
          : 'always' in formula
            ? formula.always
            : formula.never;
  return atomsIn(inner, true);
}

function fade(truth: number): number {
  return Math.sign(truth) * Math.min(1, Math.abs(truth));
}

function agreed(a: number, b: number): number {
  return a === b ? a : 0;
}
