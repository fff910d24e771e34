import { describe, expect, it } from 'vitest';
import { checkCampaign } from '../../../../src/planning/campaign/check-campaign.ts';
import type { CampaignPlan } from '../../../../src/planning/campaign/campaign-plan.ts';
import { explain } from '../../../../src/planning/campaign/explain.ts';
import { renderGanttSvg } from '../../../../src/planning/campaign/gantt-svg.ts';
import { renderCalendar } from '../../../../src/planning/campaign/ical.ts';
import { plugfest } from '../../../support/campaign-plans.ts';

const { plan } = await plugfest();

describe('the plan of the plugfest', () => {
  it('lets every two products meet that can, and holds by the checkers', () => {
    expect(plan.coverage.map(({ covered, feasible }) => [covered, feasible])).toEqual([
      [9, 9],
      [7, 7],
    ]);
    expect(plan.runs).toHaveLength(16);
    expect(checkCampaign(plan)).toEqual([]);
  });

  it('puts first what matters most', () => {
    expect(plan.runs.slice(0, 3).every(({ subjects }) => subjects.includes('fjord/ric'))).toBe(true);
  });

  it('is the same for the same seed and moves', async () => {
    expect((await plugfest()).plan).toEqual(plan);
  });

  it('is the best so far, with its gap, for whoever has waited long enough', async () => {
    const soon = (await plugfest({ moves: 1_000_000, finish: AbortSignal.abort() })).plan;
    expect(soon.timetable.moves).toBeLessThan(100);
    expect(soon.timetable.gap).toBeGreaterThanOrEqual(0);
    expect(checkCampaign(soon)).toEqual([]);
  });

  it('leaves out the pairing that is excluded, and says why', () => {
    expect(explain(plan, 'harbor/ric-e2 + lumen/odu')).toEqual([
      'harbor/ric-e2 + lumen/odu do not meet',
      'e2-pair: exclude harbor/ric-e2 + lumen/odu',
    ]);
  });

  it('says what a run waits for, until when, and what would free it', () => {
    const later = plan.timetable.entries.filter(
      ({ run, setUpStart }) =>
        setUpStart > 0 && plan.runs.find(({ key }) => key === run)?.subjects.includes('fjord/ric'),
    );
    expect(later.flatMap(({ run }) => explain(plan, run) ?? []).join('\n')).toMatch(
      /it waits for fjord\/ric, which r0\d has until Mon 30 Nov \d\d:\d\d; a second item of it would free it/u,
    );
  });

  it('knows nothing of strangers', () => {
    expect(explain(plan, 'acme/nothing')).toBeNull();
  });

  it('spends no more hours of testbeds than it may, on what matters most', async () => {
    const { plan: small } = await plugfest({ budgetHours: 0.1 });
    expect(small.runs.map(({ subjects }) => subjects.includes('fjord/ric'))).toEqual([true, true, true]);
    expect(small.leftOut).toHaveLength(13);
    expect(small.leftOut.every(({ reason }) => reason.code === 'BUDGET_SPENT')).toBe(true);
    expect(checkCampaign(small)).toEqual([]);
  });
});

describe('the checkers of plans', () => {
  const faults = (changed: CampaignPlan): readonly string[] => checkCampaign(changed).map(({ text }) => text);

  it('see a run that is moved into another one', () => {
    const [first, ...rest] = plan.timetable.entries;
    if (first === undefined) throw new Error('the plan is empty');
    const later = rest.find(({ testbed }) => testbed === first.testbed);
    const moved = rest.map((entry) =>
      entry === later ? { ...entry, setUpStart: first.start, start: first.start, end: first.end } : entry,
    );
    const broken = { ...plan, timetable: { ...plan.timetable, entries: [first, ...moved] } };
    expect(faults(broken).join('\n')).toContain('at the same time');
  });

  it('see a pairing that is gone, and one that is forbidden', () => {
    const [first, ...rest] = plan.runs;
    if (first === undefined) throw new Error('the plan is empty');
    expect(faults({ ...plan, runs: rest }).join('\n')).toContain('1 combinations are not covered');
    const forbidden = plan.runs.map((run) =>
      run.plan.id === 'e2-pair' ? { ...run, subjects: ['harbor/ric-e2', 'lumen/odu'] } : run,
    );
    expect(faults({ ...plan, runs: forbidden }).join('\n')).toContain('its products may not meet');
  });

  it('see a makespan that is not true', () => {
    const objective = { ...plan.timetable.objective, makespan: 1 };
    expect(faults({ ...plan, timetable: { ...plan.timetable, objective } }).join('\n')).toContain(
      'makespan: 1 is said',
    );
  });
});

describe('the plan for calendars and eyes', () => {
  it('is a calendar of RFC 5545: lines of 75 octets at most that end in CRLF, an event a run', () => {
    const text = renderCalendar(plan, 3);
    const lines = text.split('\r\n');
    expect(lines.every((line) => new TextEncoder().encode(line).length <= 75)).toBe(true);
    expect(text.replace(/\r\n/gu, '')).not.toMatch(/[\r\n]/u);
    expect(lines.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(16);
    expect(lines.filter((line) => line === 'SEQUENCE:3')).toHaveLength(16);
    const unfolded = text.replace(/\r\n /gu, '');
    expect(unfolded).toMatch(/^DTSTART:\d{8}T\d{6}Z\r$/mu);
  });

  it('escapes what means something in a calendar and folds between characters', () => {
    const [first, ...rest] = plan.runs;
    if (first === undefined) throw new Error('the plan is empty');
    const odd = { ...plan, runs: [{ ...first, because: `a;b,c\\d\nü${'é'.repeat(60)}` }, ...rest] };
    const unfolded = renderCalendar(odd, 0).replace(/\r\n /gu, '');
    expect(unfolded).toContain(`a\\;b\\,c\\\\d\\nü${'é'.repeat(60)}`);
  });

  it('is a picture that nothing in it can break out of', () => {
    const odd = renderGanttSvg({ ...plan, campaign: '<script>"&' as CampaignPlan['campaign'] });
    expect(odd).not.toContain('<script>');
    expect(odd.match(/<title>/gu)).toHaveLength(16);
  });
});
