import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import {
  Blocked,
  type Bench,
  type Judged,
  type Procedure,
  type Seen,
} from '../../runners/procedures/procedure.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type { PlanCase, TestPlan } from '../../src/domain/plan.ts';
import { applyRule, parseRule } from '../../src/domain/rule.ts';
import type { Finding, Verdict } from '../../src/domain/verdict.ts';
import type { Observation } from '../../src/evidence/observation.ts';

/** A plan file as it stands; held to its schema by the tests of `src/plans`. */
export async function aPlan(id: string): Promise<TestPlan> {
  const path = new URL(`../../testplans/${id}/plan.yaml`, import.meta.url);
  return parse(await readFile(path, 'utf8')) as TestPlan;
}

export interface CaseRun {
  readonly finding: Finding;
  readonly clauses: Readonly<Record<string, Verdict>>;
  readonly judged: Judged | null;
  readonly observations: readonly Observation[];
  readonly asked: readonly string[];
  readonly stimulated: boolean;
}

export interface CaseSpec {
  readonly case: PlanCase;
  readonly procedure: Procedure;
  readonly subjects: readonly Equipment[];
  /** Values in place of the plan's. */
  readonly parameters?: Readonly<Record<string, number | string | boolean>>;
  readonly signal?: AbortSignal;
}

/** Runs one case the way the executor does, without its store, redaction and time limits; throws what is ours. */
export async function runCase(spec: CaseSpec): Promise<CaseRun> {
  const { procedure, subjects, signal = new AbortController().signal } = spec;
  const observations: Observation[] = [];
  const asked: string[] = [];
  let stimulated = false;
  const bench: Bench = {
    case: spec.case,
    subjects,
    ...values(spec),
    observe(step, kind, data) {
      const seen: Observation = {
        n: observations.length,
        t: 0,
        step,
        kind,
        // As it comes back from the store: what JSON cannot carry is lost here, not later.
        data: JSON.parse(JSON.stringify(data)) as Observation['data'],
      };
      observations.push(seen);
      return seen;
    },
    stimulated: () => {
      stimulated = true;
    },
    secret: (ref) =>
      'file' in ref ? readFile(ref.file, 'utf8') : Promise.reject(new Error('no environment in tests')),
    transport: () => {},
    tap: () => () => {},
    ask: (text) => {
      asked.push(text);
    },
  };
  const base = { observations, asked };
  try {
    await procedure.drive(bench, { signal });
  } catch (error) {
    if (!(error instanceof Blocked)) throw error;
    return { ...base, stimulated, finding: error.disposition, clauses: {}, judged: null };
  }
  const seen: Seen = { case: spec.case, subjects, observations, ...values(spec) };
  const judged = procedure.judge(seen);
  return { ...base, stimulated, judged, ...verdictOf(spec.case, judged) };
}

function values({ case: one, parameters = {} }: CaseSpec): Pick<Bench, 'number' | 'text' | 'flag'> {
  const value = (name: string): unknown => parameters[name] ?? one.parameters[name]?.value;
  const read = (name: string, type: string): unknown => {
    const found = value(name);
    if (typeof found !== type) throw new Error(`parameter ${name} of ${one.id} is no ${type}`);
    return found;
  };
  return {
    number: (name) => read(name, 'number') as number,
    text: (name) => read(name, 'string') as string,
    flag: (name) => read(name, 'boolean') as boolean,
  };
}

function verdictOf(one: PlanCase, judged: Judged): Pick<CaseRun, 'finding' | 'clauses'> {
  const listed = new Set(one.clauses.map(({ id }) => id));
  const clauses = judged.clauses.filter(({ id }) => listed.has(id));
  const missing = [...listed].find((id) => !clauses.some((clause) => clause.id === id));
  if (missing !== undefined) throw new Error(`${one.id}: clause ${missing} was not judged`);
  const verdicts = new Map(clauses.map(({ id, verdict }) => [id, verdict]));
  const rule = parseRule(one.rule, listed);
  if (!rule.ok) throw new Error(rule.error);
  return { finding: applyRule(rule.value, verdicts), clauses: Object.fromEntries(verdicts) };
}
