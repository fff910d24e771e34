import type { TraceProperty } from '../../../src/domain/trace-property.ts';
import { TraceJudge } from '../../../src/judge/judge.ts';
import { compileProperty, type Program } from '../../../src/judge/program.ts';
import { MAX_SHOWN } from '../../../src/judge/tally.ts';
import type { Instance, PropertyFinding } from '../../../src/judge/finding.ts';
import { pick, type Random, randomFrom, randomProperty, randomTrace } from './random-trace.ts';
import { type Event, judgeSlowly, type TraceOfOne } from './reference.ts';

export function programOf(property: TraceProperty): Program {
  const compiled = compileProperty(property);
  if (!compiled.ok)
    throw new Error(compiled.error.map(({ at, what }) => `${at.join('.')} ${what}`).join('; '));
  return compiled.value;
}

/** What the product makes of a trace. */
export function judgeTrace(
  property: TraceProperty,
  { events, joinedAtMs, endMs, isComplete }: TraceOfOne,
): PropertyFinding {
  const judge = new TraceJudge({ programs: [programOf(property)], isComplete });
  const [first] = events;
  if (first !== undefined) judge.open(1, { atMs: first.atMs, isJoined: joinedAtMs !== undefined });
  for (const event of events) {
    if (event.kind === 'gap') judge.gap(event);
    else judge.message(event);
  }
  judge.end(endMs);
  const [finding] = judge.findings();
  if (finding === undefined) throw new Error('no finding');
  return finding;
}

/** In what the product and the slow evaluator differ on a random property and trace; empty when in nothing. */
export function differenceAt(seed: number): string {
  const random = randomFrom(seed);
  const [property, trace] = [randomProperty(random), randomTrace(random)];
  const slow = judgeSlowly(property, trace);
  const fast = judgeTrace(property, trace);
  const of = (what: string): number[] =>
    slow
      .filter((outcome) => outcome.startsWith(what))
      .map((outcome) => Number(outcome.split(' ')[1]))
      .sort((a, b) => a - b);
  const shown = ({ trigger }: Instance): number => trigger.n;
  const [broken, undecided] = [of('broken'), of('undecided')];
  const counts = { held: of('held').length, broken: broken.length, undecided: undecided.length };
  const expected = {
    counts,
    messages: broken.length > MAX_SHOWN || undecided.length > MAX_SHOWN ? null : { broken, undecided },
  };
  const sorted = (instances: readonly Instance[]): number[] => instances.map(shown).sort((a, b) => a - b);
  const told = {
    counts: { held: fast.held, broken: fast.broken, undecided: fast.undecided },
    messages:
      expected.messages === null ? null : { broken: sorted(fast.violations), undecided: sorted(fast.doubts) },
  };
  if (JSON.stringify(told) === JSON.stringify(expected)) return '';
  return `seed ${seed}: expected ${JSON.stringify(expected)}, was told ${JSON.stringify(told)}\n${describe(property, trace)}`;
}

/** A violation that is found in what is left of a trace without one, although messages are missing from it; empty when there is none. */
export function slanderAt(seed: number): string {
  const random = randomFrom(seed);
  const property = randomProperty(random);
  const whole: TraceOfOne = { ...randomTrace(random, { isWhole: true }), isComplete: true };
  if (judgeTrace(property, whole).broken > 0) return '';
  const left = withLoss(whole, random);
  return judgeTrace(property, left).broken === 0
    ? ''
    : `seed ${seed}: slander\n${describe(property, whole)}\n${describe(property, left)}`;
}

/** A capture that begins and ends anywhere, and lacks messages; where that shows, it says so. */
function withLoss({ events, endMs }: TraceOfOne, random: Random): TraceOfOne {
  const from = random() < 0.5 ? 0 : Math.floor(random() * events.length);
  const to = random() < 0.5 ? events.length : Math.floor(random() * events.length);
  const share = pick(random, [0, 0.1, 0.3, 0.6]);
  const lost = new Set<number>();
  const kept = events.slice(from, to).flatMap((event): Event[] => {
    const { side, association, atMs } = event;
    if (random() < share) {
      lost.add(side);
      return [];
    }
    return lost.delete(side) ? [{ kind: 'gap', association, side, atMs }, event] : [event];
  });
  // What is lost before anything is seen shows only in that the beginning of the association is not there.
  const isJoined = from > 0 || random() < 0.2;
  const isCut = to < events.length;
  return {
    events: isJoined ? kept.slice(kept[0]?.kind === 'gap' ? 1 : 0) : kept,
    joinedAtMs: isJoined ? kept[0]?.atMs : undefined,
    endMs: isCut ? (kept.at(-1)?.atMs ?? 0) : endMs,
    isComplete: false,
  };
}

function describe(property: TraceProperty, { events, joinedAtMs, isComplete, endMs }: TraceOfOne): string {
  const lines = events.map((event) => {
    if (event.kind === 'gap') return `gap of ${event.side} at ${event.atMs}`;
    const { n, atMs, side, name, isDamaged } = event;
    const ids = `id ${String(event.value('id'))} b ${String(event.value('b'))}${isDamaged ? ' damaged' : ''}`;
    return `${n} at ${atMs} by ${side} ${name} ${ids}`;
  });
  const { forEvery, when, then } = property;
  const about = `${joinedAtMs === undefined ? '' : 'joined, '}${isComplete ? 'complete, ' : ''}end ${endMs}`;
  return `${JSON.stringify({ forEvery, when, then })}\n${about}: ${lines.join('; ')}`;
}
