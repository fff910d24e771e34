// What the planner is compared with. Both put runs down one after the other with the product's own clockwork, so that
// they obey the same rules of set-up, staff and products.
import { compile } from '../../dist/src/planning/timetable/compile.js';
import {
  append,
  availableAt,
  findSlot,
  makeBoard,
  readyAt,
  setUpOf,
} from '../../dist/src/planning/timetable/decode.js';
import { asTheyCome } from '../../dist/src/planning/timetable/firsts.js';

/** Runs as they stand in the campaign, each where it ends first. */
export function firstComeFirstServed(problem) {
  const compiled = compile(problem);
  return putDown(compiled, asTheyCome(compiled));
}

/** Of all runs at all testbeds always the one that starts first, half of its set-up counted on top. */
export function setUpAwareGreedy(problem) {
  const compiled = compile(problem);
  const board = makeBoard(compiled);
  const open = new Set(compiled.sorted);
  const list = [];
  while (open.size > 0) {
    const waits = (run) => run.after.some((before) => open.has(before));
    let best = { value: Infinity };
    for (const index of open) {
      const run = compiled.runs[index];
      const value = waits(run) ? Infinity : promiseOf(board, run);
      if (value < best.value) best = { value, run };
    }
    append(board, best.run, -1);
    open.delete(best.run.index);
    list.push(best.run.index);
  }
  return putDown(compiled, list);
}

function promiseOf(board, run) {
  const ready = readyAt(board, run);
  let least = Infinity;
  for (const mode of run.modes) {
    const setUp = setUpOf(board, mode.testbed, run.index);
    const from = Math.max(availableAt(board, mode.needed, ready), board.front.free[mode.testbed]);
    findSlot(board, run, { mode, from, setUp });
    least = Math.min(least, board.slot.start + setUp / 2);
  }
  return least;
}

function putDown(compiled, list) {
  const board = makeBoard(compiled);
  for (const index of list) append(board, compiled.runs[index], -1);
  return compiled.problem.runs.map(({ id, modes }, index) => ({
    run: id,
    mode: board.modes[index],
    testbed: modes[board.modes[index]].testbed,
    setUpStart: board.setUpStarts[index],
    start: board.starts[index],
    end: board.ends[index],
  }));
}
