/** Two clocks in two buildings never agree entirely. */
export const CLOCK_TOLERANCE_MS = 10 * 60 * 1000;

/** Milliseconds since the epoch; `undefined` for a day like 30 February, which `Date.parse` would move into March. */
export function readTime(text: string): number | undefined {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return undefined;
  return new Date(ms).toISOString().slice(0, 19) === text.slice(0, 19) ? ms : undefined;
}
