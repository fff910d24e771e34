import { parseStaffedHours, type StaffedHours, WEEKDAYS } from '../../domain/calendar.ts';
import type { Instant } from '../../domain/ids.ts';
import type { Calendar } from '../../domain/testbed.ts';
import type { Span } from '../timetable/problem.ts';

export interface Stretch {
  readonly from: Instant;
  /** Minutes from there on. */
  readonly minutes: number;
}

export interface Hours {
  /** When somebody is there; null: a calendar without hours, always. */
  readonly staffed: readonly Span[] | null;
  readonly closed: readonly Span[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ALWAYS: Hours = { staffed: null, closed: [] };

/**
 * A calendar in minutes from the start of a stretch of time. Days are days of its time zone: where clocks change, they have 23 or 25
 * hours; an hour that does not exist is no staffed hour, and one that exists twice is staffed both times.
 */
export function hoursOf(calendar: Calendar | undefined, stretch: Stretch): Hours {
  if (calendar === undefined) return ALWAYS;
  const zone = makeZone(calendar.timeZone);
  const toSpan = makeToSpan(stretch);
  const rules = calendar.staffed.flatMap((text) => {
    const parsed = parseStaffedHours(text);
    return parsed.ok ? [parsed.value] : [];
  });
  const staffed: Span[] = [];
  const lastDay = zone.dayOf(stretch.from + stretch.minutes * MINUTE_MS) + DAY_MS;
  for (let day = zone.dayOf(stretch.from) - DAY_MS; day <= lastDay; day += DAY_MS)
    for (const { fromMinute, toMinute } of rules.filter((rule) => isOn(rule, day)))
      staffed.push(
        ...toSpan(zone.instantOf(day + fromMinute * MINUTE_MS), zone.instantOf(day + toMinute * MINUTE_MS)),
      );
  const closed = calendar.closed.flatMap(({ from, to }) =>
    toSpan(zone.instantOf(Date.parse(from)), zone.instantOf(Date.parse(to) + DAY_MS)),
  );
  return { staffed: rules.length === 0 ? null : union(staffed), closed: union(closed) };
}

function isOn({ days }: StaffedHours, day: number): boolean {
  const weekday = WEEKDAYS[(new Date(day).getUTCDay() + 6) % 7];
  return weekday !== undefined && days.includes(weekday);
}

/** Whole minutes inside the stretch: what begins in a minute begins after it, so that nothing is promised that is not there. */
function makeToSpan({ from: start, minutes }: Stretch): (from: number, to: number) => readonly Span[] {
  return (begin, end) => {
    const from = Math.max(0, Math.ceil((begin - start) / MINUTE_MS));
    const to = Math.min(minutes, Math.floor((end - start) / MINUTE_MS));
    return from < to ? [{ from, to }] : [];
  };
}

/** In order; what touches is one. */
export function union(spans: readonly Span[]): readonly Span[] {
  const result: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last === undefined || last.to < span.from) result.push(span);
    else result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
  }
  return result;
}

interface Zone {
  /** Midnight of the day in which an instant lies there, as if the zone were UTC. */
  readonly dayOf: (at: number) => number;
  /** The instant at which clocks there show this time of a day, both as if the zone were UTC. */
  readonly instantOf: (local: number) => number;
}

function makeZone(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  });
  const localOf = (at: number): number => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  };
  const offsetAt = (at: number): number => localOf(at) - Math.floor(at / MINUTE_MS) * MINUTE_MS;
  return {
    dayOf: (at) => Math.floor(localOf(at) / DAY_MS) * DAY_MS,
    // The offsets of the day before and after: of two readings of the clock the first, of a time that is skipped the moment of the change.
    instantOf: (local) => {
      const [before, after] = [offsetAt(local - DAY_MS), offsetAt(local + DAY_MS)];
      const fits = [local - before, local - after].filter((at) => localOf(at) === local);
      return fits.length > 0
        ? Math.min(...fits)
        : changeBetween(local - Math.max(before, after), local - Math.min(before, after), offsetAt);
    },
  };
}

/** The minute in which clocks change; they do so once between the two. */
function changeBetween(early: number, late: number, offsetAt: (at: number) => number): number {
  let [low, high] = [early, late];
  const before = offsetAt(low);
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}
