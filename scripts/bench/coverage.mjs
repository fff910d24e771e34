// npm run bench -- coverage --data DIR [--t 1..4] [--cpu-seconds S] [--seed N] [--only NAME,NAME] [--oracles DIR]
// Covering arrays for every model in DIR: files of {name, levels, forbidden}, forbidden as lists of [factor, level]. The limit is CPU time of this
// process for each model; what was found is counted by the checker, which knows nothing of the search, outside of that time. --oracles: PICT gets the rows as seeds and
// should add none; covertable makes its own.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkCoverage } from '../../dist/src/planning/check/coverage.js';
import { cover } from '../../dist/src/planning/coverage/cover.js';
import { round, say } from './_house.mjs';
import { openOracles } from './_oracles.mjs';
import { WrongUse } from './_wrong-use.mjs';

export async function run(options) {
  const { values } = parseArgs({
    args: options,
    options: {
      data: { type: 'string' },
      t: { type: 'string', default: '2' },
      'cpu-seconds': { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      oracles: { type: 'string' },
    },
  });
  const settings = {
    strength: numberIn(values, 't', [1, 4]),
    cpuSeconds: numberIn(values, 'cpu-seconds', [0.01, 86_400]),
    seed: numberIn(values, 'seed', [0, 2 ** 31 - 1]),
  };
  const models = readModels(values.data, values.only?.split(','));
  const ask = values.oracles === undefined ? () => ({}) : await openOracles(values.oracles);
  const figures = models.map((model) => measure(model, settings, ask));
  const sum = (name) => figures.reduce((total, each) => total + each[name], 0);
  return { models: figures, totalRows: sum('rows'), uncovered: sum('uncovered'), invalid: sum('invalid') };
}

function numberIn(values, name, [low, high]) {
  const number = Number(values[name]);
  if (number >= low && number <= high && (name === 'cpu-seconds' || Number.isInteger(number))) return number;
  throw new WrongUse(`--${name}: ${values[name]} is not a number from ${low} to ${high}`);
}

function readModels(folder, only) {
  if (folder === undefined) throw new WrongUse('--data DIR is needed: a folder of models as JSON');
  const names = listed(folder).filter((name) => only?.includes(name.slice(0, -5)) ?? true);
  if (names.length === 0) throw new WrongUse(`--data: no model in ${folder}`);
  return names.map((name) => readModel(join(folder, name)));
}

function listed(folder) {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch (error) {
    throw new WrongUse(`--data: ${folder} cannot be read: ${error.code}`);
  }
}

function readModel(path) {
  let model;
  try {
    model = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new WrongUse(`${path}: ${error.message}`);
  }
  const { levels, forbidden, name } = model;
  const isCount = (count) => Number.isInteger(count) && count > 0;
  if (!Array.isArray(levels) || !levels.every(isCount))
    throw new WrongUse(`${path}: levels are numbers above 0`);
  const isPart = (part) =>
    Array.isArray(part) && part.length === 2 && part[1] >= 0 && part[1] < levels[part[0]];
  if (!Array.isArray(forbidden) || !forbidden.every((parts) => Array.isArray(parts) && parts.every(isPart)))
    throw new WrongUse(`${path}: forbidden holds lists of [factor, level]`);
  return { name: typeof name === 'string' ? name : path, levels, forbidden };
}

function measure({ name, levels, forbidden }, { strength, cpuSeconds, seed }, ask) {
  const startedAt = cpuNow();
  // Putting hundreds of rows in order and counting what each prefix covers takes its time, too.
  const searching = strength > 2 ? 0.88 : 1;
  const first = levels.map((_, factor) => levels.slice(0, factor).reduce((sum, count) => sum + count, 0));
  const strata = [{ factors: [...levels.keys()], strength }];
  const coverage = cover(
    {
      ...{ factors: [], levels, strata, seeds: [], covered: [], weights: [] },
      forbidden: forbidden.map((parts) => parts.map(([factor, level]) => first[factor] + level)),
    },
    { seed, shouldStop: () => cpuNow() - startedAt > cpuSeconds * searching },
  );
  const used = cpuNow() - startedAt;
  const claim = { levels, forbidden, strata, rows: coverage.rows };
  const found = checkCoverage(claim);
  const figures = {
    name,
    rows: coverage.rows.length,
    feasible: found.feasible,
    uncovered: found.uncovered,
    invalid: found.invalid.length,
    cpuSeconds: round(used),
    bound: coverage.bound,
    moves: coverage.moves,
    ...ask(claim),
  };
  if (found.feasible !== coverage.feasible)
    throw new Error(`${name}: feasible are ${found.feasible}, not ${coverage.feasible}`);
  say(`${name}: ${figures.rows} rows (bound ${figures.bound}), ${figures.cpuSeconds} s`);
  return figures;
}

function cpuNow() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
