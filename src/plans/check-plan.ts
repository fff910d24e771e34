import { suggestion } from '../documents/nearest.ts';
import type { Mistake, Path } from '../documents/problem.ts';
import type { Condition, PlanCase, TestPlan } from '../domain/plan.ts';
import { parseRule } from '../domain/rule.ts';
import { circlesIn } from './circles.ts';
import { checkParameters, matchParameters, type ParameterFacts } from './parameters.ts';

/** What a plan is held against: a procedure, without its behaviour. */
export interface ProcedureFacts {
  readonly clauses: readonly string[];
  readonly parameters: Readonly<Record<string, ParameterFacts>>;
}

export type ProcedureCatalogue = ReadonlyMap<string, ProcedureFacts>;

/** Everything in which a plan contradicts itself. */
export function checkPlanAlone(plan: TestPlan): readonly Mistake[] {
  return [
    ...checkSubjects(plan),
    ...repeated(plan.peers.map((peer) => peer.name)).map((index) => twice(['peers', index, 'name'])),
    ...repeated(plan.cases.map((one) => one.id)).map((index) => twice(['cases', index, 'id'])),
    ...plan.gates.flatMap((gate, index) =>
      gate === plan.id ? [{ at: ['gates', index], what: 'a plan cannot be its own gate' }] : [],
    ),
    ...plan.cases.flatMap((one, index) => checkCase(one, ['cases', index])),
    ...checkRequires(plan),
  ];
}

/** Everything in which a plan contradicts the code: procedures, the clauses they judge and the parameters they read. */
export function checkPlan(plan: TestPlan, procedures: ProcedureCatalogue): readonly Mistake[] {
  return plan.cases.flatMap((one, index) => {
    const at = ['cases', index];
    const facts = procedures.get(one.procedure);
    if (facts !== undefined)
      return [...matchClauses(one, facts, at), ...matchParameters(one, facts.parameters, at)];
    const what = `no procedure is called "${one.procedure}"${suggestion(one.procedure, [...procedures.keys()])}`;
    return [{ at: [...at, 'procedure'], what }];
  });
}

function checkSubjects({ planKind, subjects }: TestPlan): readonly Mistake[] {
  const fits: Readonly<Record<TestPlan['planKind'], (count: number) => boolean>> = {
    wraparound: (count) => count === 1,
    pairwise: (count) => count === 2,
    chain: (count) => count >= 2,
    mobility: (count) => count >= 1,
  };
  const words = {
    wraparound: 'one subject',
    pairwise: 'two subjects',
    chain: 'two or more',
    mobility: 'a subject',
  };
  if (fits[planKind](subjects.length)) return [];
  return [{ at: ['subjects'], what: `a ${planKind} plan has ${words[planKind]}, not ${subjects.length}` }];
}

function checkCase(one: PlanCase, at: Path): readonly Mistake[] {
  const ids = one.clauses.map((clause) => clause.id);
  const rule = parseRule(one.rule, new Set(ids));
  return [
    ...repeated(ids).map((index) => twice([...at, 'clauses', index, 'id'])),
    ...(rule.ok ? [] : [{ at: [...at, 'rule'], what: rule.error }]),
    ...checkAdaptation(one, at),
    ...checkCondition(one.appliesWhen, [...at, 'appliesWhen']),
    ...one.clauses.flatMap((clause, index) =>
      checkCondition(clause.appliesWhen, [...at, 'clauses', index, 'appliesWhen']),
    ),
    ...checkParameters(one, at),
  ];
}

function checkAdaptation({ level, adaptation }: PlanCase, at: Path): readonly Mistake[] {
  if (level === 'S2' && adaptation === undefined)
    return [
      {
        at: [...at, 'level'],
        what: 'S2 says under "adaptation" in what it differs from the standard procedure',
      },
    ];
  if (level === 'S1' && adaptation !== undefined)
    return [{ at: [...at, 'adaptation'], what: 'an adapted case is S2, not S1', onName: true }];
  return [];
}

function checkCondition(condition: Condition | undefined, at: Path): readonly Mistake[] {
  return condition?.atLeast !== undefined && condition.ics === undefined
    ? [{ at: [...at, 'atLeast'], what: 'atLeast counts what an "ics" claims; there is none', onName: true }]
    : [];
}

function checkRequires({ cases }: TestPlan): readonly Mistake[] {
  const edges = new Map<string, readonly string[]>(cases.map(({ id, requires = [] }) => [id, requires]));
  const circles = circlesIn(edges);
  return cases.flatMap(({ id, requires = [] }, index) => {
    const unknown = requires.flatMap((other, place) =>
      edges.has(other)
        ? []
        : [
            {
              at: ['cases', index, 'requires', place],
              what: `no case is called "${other}"${suggestion(other, [...edges.keys()])}`,
            },
          ],
    );
    const circle = circles.get(id);
    return circle === undefined
      ? unknown
      : [
          ...unknown,
          { at: ['cases', index, 'requires'], what: `goes round in circles: ${circle.join(' → ')}` },
        ];
  });
}

function matchClauses({ clauses, procedure }: PlanCase, facts: ProcedureFacts, at: Path): readonly Mistake[] {
  return clauses.flatMap(({ id }, index) =>
    facts.clauses.includes(id)
      ? []
      : [
          {
            at: [...at, 'clauses', index, 'id'],
            what: `${procedure} judges no clause "${id}"${suggestion(id, facts.clauses)}`,
          },
        ],
  );
}

/** Indexes of entries that an earlier one equals. */
function repeated(names: readonly string[]): readonly number[] {
  return names.flatMap((name, index) => (names.indexOf(name) < index ? [index] : []));
}

function twice(at: Path): Mistake {
  return { at, what: 'this id was used before' };
}
