import { parseStaffedHours } from '../../domain/calendar.ts';
import type { TestbedId } from '../../domain/ids.ts';
import type { Testbed } from '../../domain/testbed.ts';
import type { PlanningInput } from './plan-campaign.ts';

export const WHAT_IFS = ['testbed', 'shift'] as const;
export type WhatIf = (typeof WHAT_IFS)[number];

export interface Variant {
  readonly what: string;
  readonly input: PlanningInput;
}

const SHIFT_MINUTES = 480;
const DAY_MINUTES = 1440;

/** The same campaign with one more testbed of each kind, or one more staffed shift at each testbed; to be planned again. */
export function variantsOf(input: PlanningInput, kind: WhatIf): readonly Variant[] {
  return kind === 'testbed' ? withTestbed(input) : withShift(input);
}

/** Testbeds that can do the same, under the same calendar, count once. */
function withTestbed(input: PlanningInput): readonly Variant[] {
  const seen = new Set<string>();
  return input.testbeds.flatMap((place) => {
    const { testbed } = place;
    const { capabilities, calendar, setUp, instruments } = testbed;
    const kind = JSON.stringify([[...capabilities].sort(), calendar, setUp, instruments]);
    if (seen.has(kind)) return [];
    seen.add(kind);
    const twin: Testbed = { ...testbed, id: `${testbed.id}-2` as TestbedId };
    return [
      {
        what: `one more testbed like ${testbed.id}`,
        input: { ...input, testbeds: [...input.testbeds, { ...place, testbed: twin }] },
      },
    ];
  });
}

function withShift(input: PlanningInput): readonly Variant[] {
  return input.testbeds.flatMap(({ testbed }) => {
    const { calendar } = testbed;
    const late = (calendar?.staffed ?? []).flatMap(laterShift);
    if (calendar === undefined || late.length === 0) return [];
    const longer: Testbed = {
      ...testbed,
      calendar: { ...calendar, staffed: [...calendar.staffed, ...late] },
    };
    const testbeds = input.testbeds.map((place) =>
      place.testbed === testbed ? { ...place, testbed: longer } : place,
    );
    return [{ what: `one more shift at ${testbed.id} (${late.join(', ')})`, input: { ...input, testbeds } }];
  });
}

/** Eight hours after a shift, or what is left of the day. */
function laterShift(text: string): readonly string[] {
  const hours = parseStaffedHours(text);
  if (!hours.ok || hours.value.toMinute >= DAY_MINUTES) return [];
  const { days, toMinute } = hours.value;
  return [`${days.join(',')} ${clock(toMinute)}-${clock(Math.min(DAY_MINUTES, toMinute + SHIFT_MINUTES))}`];
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
