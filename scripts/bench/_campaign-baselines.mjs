// What the planner is compared with. Both put runs down one after the other with the product's own clockwork, so that
// they obey the same rules of set-up, staff and products.
import { compile } from '../../dist/src/planning/timetable/compile.js';
import { append, makeBoard } from '../../dist/src/planning/timetable/decode.js';
import { asTheyCome, bySetUp } from '../../dist/src/planning/timetable/firsts.js';

/** Runs as they stand in the campaign, each where it ends first. */
export function firstComeFirstServed(problem) {
  const compiled = compile(problem);
  return putDown(compiled, asTheyCome(compiled));
}

/** Always the run that starts first, half of its set-up counted on top. */
export function setUpAwareGreedy(problem) {
  const compiled = compile(problem);
  return putDown(compiled, bySetUp(compiled));
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
