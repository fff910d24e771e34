import { err, ok, type Result } from '../kernel/result.ts';

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Hours of some weekdays, in the time zone of the calendar. */
export interface StaffedHours {
  readonly days: readonly Weekday[];
  /** Minutes since midnight. */
  readonly fromMinute: number;
  /** Minutes since midnight, at most 1440 (`24:00`). */
  readonly toMinute: number;
}

const EXPRESSION =
  /^([A-Z][a-z]{2}(?:-[A-Z][a-z]{2})?(?:,[A-Z][a-z]{2}(?:-[A-Z][a-z]{2})?)*) (\d\d):(\d\d)-(\d\d):(\d\d)$/u;

/** `Mon-Fri 08:00-18:00`, `Mon,Wed-Thu 09:00-12:30`, `Fri-Mon 00:00-24:00` (a range may pass the week's end). */
export function parseStaffedHours(text: string): Result<StaffedHours, string> {
  const parts = EXPRESSION.exec(text);
  if (parts === null) return err('is not of the form "Mon-Fri 08:00-18:00"');
  const [, dayPart = '', ...clock] = parts;
  const [fromHour = 0, fromRest = 0, toHour = 0, toRest = 0] = clock.map(Number);
  const [fromMinute, toMinute] = [fromHour * 60 + fromRest, toHour * 60 + toRest];
  if (fromRest > 59 || toRest > 59 || toMinute > 24 * 60)
    return err('names a time of day that does not exist');
  if (fromMinute >= toMinute) return err('must end later than it starts, on the same day');
  const days = new Set<Weekday>();
  for (const range of dayPart.split(',')) {
    const [first, last = first] = range.split('-').map((name) => WEEKDAYS.indexOf(name as Weekday));
    if (first === undefined || last === undefined || first < 0 || last < 0)
      return err(`names a day that is not one of ${WEEKDAYS.join(', ')}`);
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(WEEKDAYS[day] ?? 'Mon');
      if (day === last) break;
    }
  }
  return ok({ days: WEEKDAYS.filter((day) => days.has(day)), fromMinute, toMinute });
}
