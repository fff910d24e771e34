import { isoTime, instant } from '../../domain/ids.ts';
import type { CampaignPlan } from './campaign-plan.ts';

const MINUTE_MS = 60_000;
const MAX_OCTETS = 75;
const utf8 = new TextEncoder();

/**
 * The timetable as a calendar, an event a run, set-up included; times are UTC, so that every calendar shows them in its own zone.
 *
 * @param revision counts up with each plan of the campaign, so that calendars replace what they had
 * @see RFC 5545
 */
export function renderCalendar(plan: CampaignPlan, revision: number): string {
  const lines = [
    ...[
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//Patchbay//campaign plan//EN',
      'CALSCALE:GREGORIAN',
      'METHOD:PUBLISH',
    ],
    `X-WR-CALNAME:${escapeText(plan.campaign)}`,
    ...plan.timetable.entries.flatMap((entry) => {
      const run = plan.runs.find(({ key }) => key === entry.run);
      if (run === undefined) return [];
      const setUp = entry.start - entry.setUpStart;
      const details = [run.because, ...(setUp > 0 ? [`the first ${setUp} minutes are set-up`] : [])];
      return [
        'BEGIN:VEVENT',
        `UID:${run.key}.${plan.campaign.replace('/', '.')}@patchbay`,
        `DTSTAMP:${utc(plan.madeAt)}`,
        `SEQUENCE:${revision}`,
        `DTSTART:${utc(plan.origin + entry.setUpStart * MINUTE_MS)}`,
        `DTEND:${utc(plan.origin + entry.end * MINUTE_MS)}`,
        `SUMMARY:${escapeText(`${run.key} ${run.plan.id}: ${run.subjects.join(' + ')}`)}`,
        ...(entry.testbed === null ? [] : [`LOCATION:${escapeText(entry.testbed)}`]),
        `DESCRIPTION:${escapeText(details.join('\n'))}`,
        `CATEGORIES:${escapeText(run.plan.id)}`,
        'END:VEVENT',
      ];
    }),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${fold(line)}\r\n`).join('');
}

/** §3.3.5, form 2. */
function utc(at: number): string {
  return isoTime(instant(at))
    .replace(/\.\d+Z$/u, 'Z')
    .replace(/[-:]/gu, '');
}

/** §3.3.11; control characters have no place in a text. */
function escapeText(text: string): string {
  return text
    .replace(/[\\;,]/gu, '\\$&')
    .replace(/\r?\n/gu, '\\n')
    .replace(/\p{Cc}/gu, '');
}

/** §3.1: no line is longer than 75 octets; what goes on begins with a space. Never inside a character. */
function fold(line: string): string {
  const pieces: string[] = [];
  let [piece, octets] = ['', 0];
  for (const character of line) {
    const size = utf8.encode(character).length;
    if (octets + size > MAX_OCTETS) {
      pieces.push(piece);
      [piece, octets] = ['', 1];
    }
    piece += character;
    octets += size;
  }
  return [...pieces, piece].join('\r\n ');
}
