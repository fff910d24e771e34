import type { CampaignPlan } from './campaign-plan.ts';

const MINUTE_MS = 60_000;

/** `Mon 23 Nov 09:30`, in the time zone of the plan, of a minute of the plan. */
export function makeTimeText({
  origin,
  timeZone,
}: Pick<CampaignPlan, 'origin' | 'timeZone'>): (minute: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    ...{ weekday: 'short', day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' },
  });
  return (minute) => {
    const parts = new Map(
      format.formatToParts(origin + minute * MINUTE_MS).map(({ type, value }) => [type, value]),
    );
    const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
    return `${part('weekday')} ${part('day')} ${part('month')} ${part('hour')}:${part('minute')}`;
  };
}

/** `2 d 3 h`, `5 h 20 min`, `45 min`. */
export function lengthText(minutes: number): string {
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const parts =
    days > 0
      ? [`${days} d`, ...(hours > 0 ? [`${hours} h`] : [])]
      : [...(hours > 0 ? [`${hours} h`] : []), ...(rest > 0 || hours === 0 ? [`${rest} min`] : [])];
  return parts.join(' ');
}
