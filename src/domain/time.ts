import { err, ok, type Result } from '../kernel/result.ts';
import { type Instant, instant } from './ids.ts';

const TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:[Zz]|([+-])(\d\d):(\d\d))$/u;

/**
 * A date and time of RFC 3339 §5.6; the seconds may be left out. A time without an offset means nothing and is refused,
 * as are days that do not exist and leap seconds. Fractions are cut to milliseconds.
 */
export function parseInstant(text: string): Result<Instant, string> {
  const parts = TIME.exec(text);
  const at = parts === null ? NaN : momentOf(parts);
  return Number.isNaN(at)
    ? err('is not a date and time with its offset, such as 2026-11-23T08:00Z')
    : ok(instant(at));
}

/** A day of the calendar, such as `2026-12-24`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/u.test(text) && parseInstant(`${text}T00:00Z`).ok;
}

function momentOf(parts: readonly (string | undefined)[]): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const [offsetHours, offsetMinutes] = [Number(parts[9] ?? 0), Number(parts[10] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) return NaN;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return NaN;
  const millisecond = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3));
  const offset = (parts[8] === '-' ? -1 : 1) * (offsetHours * 60 + offsetMinutes);
  return date.setUTCHours(hour, minute - offset, second, millisecond);
}
