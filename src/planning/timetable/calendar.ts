import type { Span } from './problem.ts';

/** Open spans in typed arrays, with an index, so that every question takes a step or two. */
export interface OpenTimes {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Open minutes before each span. */
  readonly before: Int32Array;
  /** By block of 2^BLOCK minutes: the first span that ends after the block begins. */
  readonly index: Int32Array;
  readonly total: number;
}

const BLOCK = 9;
/** Later than everything. */
export const NEVER = 0x3fffffff;

export function makeOpenTimes(spans: readonly Span[], horizon: number): OpenTimes {
  const index = new Int32Array((horizon >> BLOCK) + 2);
  for (let block = 0, i = 0; block < index.length; block++) {
    while (i < spans.length && (spans[i]?.to ?? 0) <= block << BLOCK) i++;
    index[block] = i;
  }
  const before = new Int32Array(spans.length);
  let total = 0;
  for (const [i, { from, to }] of spans.entries()) {
    before[i] = total;
    total += to - from;
  }
  return {
    from: Int32Array.from(spans, ({ from }) => from),
    to: Int32Array.from(spans, ({ to }) => to),
    before,
    index,
    total,
  };
}

/** The first span that ends after `at`; as many as there are when none does. */
export function spanAt({ to, index }: OpenTimes, at: number): number {
  let i = index[at >> BLOCK] ?? to.length;
  while (i < to.length && (to[i] ?? 0) <= at) i++;
  return i;
}

/** When `minutes` of open time after `at` are over. With none of them: `at` itself, open or not. */
export function afterOpenMinutes(times: OpenTimes, at: number, minutes: number): number {
  if (minutes === 0) return at;
  const { from, to } = times;
  let left = minutes;
  for (let i = spanAt(times, at); i < to.length; i++) {
    const begin = Math.max(at, from[i] ?? 0);
    const length = (to[i] ?? 0) - begin;
    if (length >= left) return begin + left;
    left -= length;
  }
  return NEVER;
}

/** The latest moment from which `minutes` of open time end at `end` or before. Negative when there is none. */
export function beforeOpenMinutes(times: OpenTimes, end: number, minutes: number): number {
  if (minutes === 0) return end;
  const { from, to } = times;
  let left = minutes;
  for (let i = Math.min(spanAt(times, end), to.length - 1); i >= 0; i--) {
    const last = Math.min(end, to[i] ?? 0);
    const length = last - (from[i] ?? 0);
    if (length <= 0) continue;
    if (length >= left) return last - left;
    left -= length;
  }
  return -1;
}

/** The first moment from `at` on from which it stays open for `minutes`. */
export function whenOpenFor(times: OpenTimes, at: number, minutes: number): number {
  const { from, to } = times;
  for (let i = spanAt(times, at); i < to.length; i++) {
    const begin = Math.max(at, from[i] ?? 0);
    if ((to[i] ?? 0) - begin >= minutes) return begin;
  }
  return NEVER;
}

/** Open minutes from 0 up to `at`. */
export function openMinutesUntil(times: OpenTimes, at: number): number {
  const i = spanAt(times, at);
  if (i >= times.to.length) return times.total;
  return (times.before[i] ?? 0) + Math.max(0, at - (times.from[i] ?? 0));
}

/** What is in the open spans (null: always) and in none of the closed ones, from 0 to the horizon; in order. */
export function openSpans(
  open: readonly Span[] | null,
  closed: readonly Span[],
  horizon: number,
): readonly Span[] {
  let spans: readonly Span[] = merged(open ?? [{ from: 0, to: horizon }], horizon);
  for (const hole of closed)
    spans = spans.flatMap(({ from, to }) => [
      ...(hole.from > from ? [{ from, to: Math.min(to, hole.from) }] : []),
      ...(hole.to < to ? [{ from: Math.max(from, hole.to), to }] : []),
    ]);
  return spans.filter(({ from, to }) => from < to);
}

/** Sorted and cut to the plan; spans that touch become one. */
function merged(spans: readonly Span[], horizon: number): readonly Span[] {
  const sorted = spans
    .map(({ from, to }) => ({ from: Math.max(0, from), to: Math.min(horizon, to) }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from);
  const result: Span[] = [];
  for (const span of sorted) {
    const last = result.at(-1);
    if (last === undefined || last.to < span.from) result.push(span);
    else result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
  }
  return result;
}

/** The longest time on end; spans that touch are one. */
export function longestOf(spans: readonly Span[]): number {
  let most = 0;
  let [from, end] = [-1, -1];
  for (const span of spans) {
    if (span.from !== end) from = span.from;
    end = span.to;
    most = Math.max(most, end - from);
  }
  return most;
}
