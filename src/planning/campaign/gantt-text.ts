import type { CampaignPlan } from './campaign-plan.ts';
import { makeTimeText } from './times.ts';

const WIDTH = 64;
const MINUTE_LETTERS = { run: '█', setUp: '▒', closed: ' ', open: '·' } as const;

/** A row a slot: `█` a run, `▒` set-up, `·` free and staffed; the keys of the runs below it, where there is room. */
export function renderGanttText(plan: CampaignPlan): string {
  const { problem, timetable } = plan;
  const start = Math.min(...timetable.entries.map(({ setUpStart }) => setUpStart));
  const end = Math.max(start + 1, timetable.objective.makespan);
  const cellOf = (minute: number): number =>
    Math.min(WIDTH - 1, Math.floor(((minute - start) / (end - start)) * WIDTH));
  const names = Math.max(...problem.testbeds.map(({ id }) => id.length));
  const at = makeTimeText(plan);
  const rows = problem.testbeds.flatMap(({ id, staffed }) => {
    const cells = Array.from({ length: WIDTH }, (_, cell): string => {
      const minute = start + ((cell + 0.5) / WIDTH) * (end - start);
      const open = staffed === null || staffed.some(({ from, to }) => from <= minute && minute < to);
      return open ? MINUTE_LETTERS.open : MINUTE_LETTERS.closed;
    });
    const keys = Array.from({ length: WIDTH }, () => ' ');
    let free = 0;
    for (const entry of timetable.entries.filter(({ testbed }) => testbed === id)) {
      const [a, b, c] = [cellOf(entry.setUpStart), cellOf(entry.start), cellOf(entry.end - 0.001)];
      for (let cell = a; cell < b; cell += 1) cells[cell] = MINUTE_LETTERS.setUp;
      for (let cell = b; cell <= c; cell += 1) cells[cell] = MINUTE_LETTERS.run;
      if (b < free || b + entry.run.length > WIDTH) continue;
      for (let index = 0; index < entry.run.length; index += 1) keys[b + index] = entry.run.charAt(index);
      free = b + entry.run.length + 1;
    }
    return [`${id.padEnd(names)} ${cells.join('')}`, `${' '.repeat(names)} ${keys.join('')}`.trimEnd()];
  });
  const [from, to] = [at(start), at(end)];
  const axis = `${' '.repeat(names)} ${from}${to.padStart(WIDTH - from.length)}`;
  return `${[axis, ...rows].join('\n')}\n`;
}
