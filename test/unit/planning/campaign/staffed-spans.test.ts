import { describe, expect, it } from 'vitest';
import { instant } from '../../../../src/domain/ids.ts';
import { hoursOf } from '../../../../src/planning/campaign/staffed-spans.ts';

const stretch = (from: string, hours: number) => ({ from: instant(Date.parse(from)), minutes: hours * 60 });
const berlin = (staffed: string[], closed: { from: string; to: string }[] = []) => ({
  timeZone: 'Europe/Berlin',
  staffed,
  closed,
});

describe('calendars in minutes', () => {
  it('knows that a day is 23 hours long when clocks go forward', () => {
    const { staffed } = hoursOf(berlin(['Sat-Mon 08:00-18:00']), stretch('2026-03-27T23:00Z', 72));
    expect(staffed).toEqual([
      { from: 8 * 60, to: 18 * 60 },
      { from: 31 * 60, to: 41 * 60 },
      { from: 55 * 60, to: 65 * 60 },
    ]);
  });

  it('staffs the hour that exists twice both times, and none that does not exist', () => {
    const autumn = hoursOf(berlin(['Sun 02:00-03:00']), stretch('2026-10-24T22:00Z', 24));
    expect(autumn.staffed).toEqual([{ from: 120, to: 240 }]);
    const spring = hoursOf(berlin(['Sun 02:00-03:00']), stretch('2026-03-28T23:00Z', 24));
    expect(spring.staffed).toEqual([]);
    const half = hoursOf(berlin(['Sun 02:30-04:00']), stretch('2026-03-28T23:00Z', 24));
    expect(half.staffed).toEqual([{ from: 120, to: 180 }]);
  });

  it('closes whole days of the time zone, both ends included', () => {
    const { closed } = hoursOf(
      berlin([], [{ from: '2026-12-24', to: '2026-12-25' }]),
      stretch('2026-12-23T23:00Z', 72),
    );
    expect(closed).toEqual([{ from: 0, to: 48 * 60 }]);
  });

  it('takes a calendar without hours, and no calendar, for always', () => {
    expect(hoursOf(undefined, stretch('2026-12-23T23:00Z', 72)).staffed).toBeNull();
    expect(hoursOf(berlin([]), stretch('2026-12-23T23:00Z', 72)).staffed).toBeNull();
  });

  it('puts together what touches, and cuts at the ends of the stretch', () => {
    const { staffed } = hoursOf(berlin(['Mon-Sun 00:00-24:00']), stretch('2026-06-01T00:00Z', 48));
    expect(staffed).toEqual([{ from: 0, to: 48 * 60 }]);
  });
});
