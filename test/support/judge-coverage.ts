import { checkRows } from '../../src/planning/check/coverage-rows.ts';
import { compileModel } from '../../src/planning/coverage/compile.ts';
import type { CoverageModel } from '../../src/planning/coverage/model.ts';
import { bruteForce, combinationsOf, smallestConflict } from './coverage-brute-force.ts';
import { aCoverage, NOW, namedRows } from './coverage-models.ts';

/** What is wrong with how a small model is treated, beside what listing all its rows says; nothing when all is well. */
export function judgeCoverage(model: CoverageModel, seed: number): readonly string[] {
  const truth = bruteForce(model);
  const compilation = compileModel(model, NOW);
  if (!compilation.ok)
    return judgeRefusal(
      model,
      compilation.error.map(({ code, text }) => ({ code, text })),
    );
  const findings: string[] = [];
  const note = (is: boolean, text: string): void => {
    if (!is) findings.push(text);
  };
  note(truth.rows.length > 0, 'no row is possible, and nobody says so');
  const { unreachable } = compilation.value;
  const names = unreachable.map(({ factor, level }) => `${factor}=${level}`);
  note(names.sort().join() === [...truth.unreachable].sort().join(), `unreachable are ${names.join()}`);
  for (const { factor, level, because } of unreachable) {
    const least = smallestConflict(model, { [factor]: level });
    note(because.length === least, `${factor}=${level}: ${because.join()} is not the smallest conflict`);
  }
  const coverage = aCoverage(model, { seed, moves: 300 });
  const rows = namedRows(model, coverage);
  const held = new Set(rows.flatMap((row) => combinationsOf(model, row)));
  const missing = [...truth.needed].filter((each) => !held.has(each));
  const valid = new Set(truth.rows.map((row) => JSON.stringify(row)));
  note(missing.length === 0, `not covered: ${missing.join('; ')}`);
  note(
    rows.every((row) => valid.has(JSON.stringify(row))),
    'a row is not valid',
  );
  note(
    coverage.feasible === truth.feasible.size,
    `feasible are ${truth.feasible.size}, not ${coverage.feasible}`,
  );
  note(coverage.needed === truth.needed.size, `needed are ${truth.needed.size}, not ${coverage.needed}`);
  note(coverage.uncovered === 0 && coverage.bound <= rows.length, 'bound or count of uncovered is wrong');
  const check = checkRows(model, rows, NOW);
  const seen = check.ok ? check.value : null;
  note(seen?.uncovered === 0 && seen.invalid.length === 0 && seen.broken.length === 0, 'the checker objects');
  note(seen?.feasible === truth.feasible.size, 'the checker counts differently');
  return findings.map((text) => `${text} in ${JSON.stringify(model)}`);
}

function judgeRefusal(
  model: CoverageModel,
  problems: readonly { readonly code: string; readonly text: string }[],
): readonly string[] {
  const [problem] = problems;
  if (problem?.code !== 'CONSTRAINTS_CONTRADICT')
    return [`refused: ${problem?.text ?? ''} ${JSON.stringify(model)}`];
  const least = smallestConflict(model, {});
  const named = (problem.text.split(': ').at(-1) ?? '').split(', ').length;
  return least === named ? [] : [`${problem.text}: the smallest conflict has ${least ?? 'nothing'}`];
}
