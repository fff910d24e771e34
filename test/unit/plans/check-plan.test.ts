import { describe, expect, it } from 'vitest';
import { renderProblem } from '../../../src/documents/problem.ts';
import type { PlanFile } from '../../../src/plans/plan-file.ts';
import { checkPlan } from '../../../src/plans/check-plan.ts';
import { planOf } from '../../../src/plans/plan-file.ts';
import { parsePlan } from '../../../src/plans/read-plans.ts';
import type { TestPlan } from '../../../src/domain/plan.ts';

type Mutable<T> = T extends readonly (infer E)[]
  ? Mutable<E>[]
  : T extends string | number | boolean
    ? T
    : { -readonly [K in keyof T]: Mutable<T[K]> };
type Plain<T> = Omit<T, 'id' | 'gates' | 'cases'>;

/** Does not compile when the file and the domain drift apart, in either direction. */
export const toDomain: (file: PlanFile) => TestPlan = planOf;
export const toFile = (plan: Mutable<Plain<TestPlan>>): Plain<PlanFile> => plan;

const text = (changes: Readonly<Record<string, string>> = {}): string => {
  const parts: Record<string, string> = {
    subject: 'subject: {role: near-rt-ric, interfaces: [a1]}',
    kind: 'planKind: wraparound',
    gates: 'gates: []',
    parameters: '{responseTimeMs: {value: 2000, min: 1, max: 60000}}',
    clauses: '[{id: status, expects: 201}, {id: location, expects: a Location}]'.replace('201', '"201"'),
    rule: 'all',
    level: 'S1',
    extra: 'tags: []',
    second: '',
    ...changes,
  };
  return `apiVersion: patchbay/v1
kind: TestPlan
id: a-plan
version: 1.0.0
title: A plan
${parts['kind'] ?? ''}
${parts['subject'] ?? ''}
objectives: [A.4(c)]
${parts['gates'] ?? ''}
cases:
  - id: T-001
    title: A case
    aim: Something holds
    references: [{body: B, document: D, version: v1, clause: '1', confidence: read}]
    requirement: M
    level: ${parts['level'] ?? ''}
    procedure: a1.policy.create
    parameters: ${parts['parameters'] ?? ''}
    clauses: ${parts['clauses'] ?? ''}
    rule: ${parts['rule'] ?? ''}
    timeoutMs: 1000
    silenceMs: 1000
    ${parts['extra'] ?? ''}
${parts['second'] ?? ''}`;
};

const problemsOf = (source: string): readonly string[] => {
  const plan = parsePlan({ path: 'plan.yaml', text: source });
  return plan.ok ? [] : plan.error.map(renderProblem);
};

describe('a plan by itself', () => {
  it('is good', () => {
    expect(problemsOf(text())).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    [
      'no subject',
      { subject: '' },
      '1:1: (document): exactly one of the fields "subject" and "subjects" must be there',
    ],
    [
      'a wrong number of subjects',
      { kind: 'planKind: pairwise' },
      '1:1: subjects: a pairwise plan has two subjects, not 1',
    ],
    ['a gate that is itself', { gates: 'gates: [a-plan]' }, '9:9: gates[0]: a plan cannot be its own gate'],
    [
      'a number without unit',
      { parameters: '{responseTime: {value: 1, min: 1, max: 2}}' },
      '18:32: cases[0].parameters.responseTime: a number needs a unit: at the end of its name (…Ms, …Bytes, …Count) or as unit',
    ],
    [
      'a number without limits',
      { parameters: '{waitMs: {value: 1}}' },
      '18:26: cases[0].parameters.waitMs: a number needs its limits min and max',
    ],
    [
      'a value beyond its limits',
      { parameters: '{waitMs: {value: 9, min: 1, max: 2}}' },
      '18:34: cases[0].parameters.waitMs.value: 9 is not within 1 to 2',
    ],
    [
      'limits the wrong way round',
      { parameters: '{waitMs: {value: 9, min: 10, max: 2}}' },
      '18:42: cases[0].parameters.waitMs.min: min 10 is more than max 2',
    ],
    [
      'a text with limits',
      { parameters: '{path: {value: x, min: 1}}' },
      '18:35: cases[0].parameters.path.min: only a number has a min',
    ],
    [
      'a rule over an unknown clause',
      { rule: 'status or nothing' },
      '20:11: cases[0].rule: no clause is called "nothing"',
    ],
    [
      'a clause twice',
      { clauses: '[{id: a, expects: x}, {id: a, expects: x}]' },
      '19:41: cases[0].clauses[1].id: this id was used before',
    ],
    [
      'S2 without adaptation',
      { level: 'S2' },
      '16:12: cases[0].level: S2 says under "adaptation" in what it differs from the standard procedure',
    ],
    [
      'S1 with adaptation',
      { extra: 'adaptation: shorter' },
      '23:5: cases[0].adaptation: an adapted case is S2, not S1',
    ],
    [
      'atLeast of nothing',
      { extra: 'appliesWhen: {atLeast: 2, tls: true}' },
      '23:19: cases[0].appliesWhen.atLeast: atLeast counts what an "ics" claims; there is none',
    ],
    [
      'an empty condition',
      { extra: 'appliesWhen: {}' },
      '23:18: cases[0].appliesWhen: must have at least one of ics, ixit, tls',
    ],
    [
      'a case that waits for itself',
      { extra: 'requires: [T-001]' },
      '23:15: cases[0].requires: goes round in circles: T-001 → T-001',
    ],
    [
      'a case that waits for nobody',
      { extra: 'requires: [T-002]' },
      '23:16: cases[0].requires[0]: no case is called "T-002", did you mean "T-001"?',
    ],
  ])('refuses %s', (_, changes, expected) => {
    expect(problemsOf(text(changes))).toEqual([`plan.yaml:${expected}`]);
  });
});

describe('a plan against the procedures', () => {
  const plan = parsePlan({ path: 'plan.yaml', text: text() });
  const against = (
    clauses: readonly string[],
    parameters: object,
    id = 'a1.policy.create',
  ): readonly string[] => {
    if (!plan.ok) throw new Error('the plan of this test is wrong');
    const facts = { clauses, parameters: parameters as Record<string, { type: 'number'; unit: string }> };
    return plan.value.locate(checkPlan(plan.value.plan, new Map([[id, facts]]))).map(renderProblem);
  };
  const both = ['status', 'location'];

  it('fits', () => {
    expect(against(both, { responseTimeMs: { type: 'number', unit: 'ms' } })).toEqual([]);
  });

  it.each<[string, readonly string[], object, string, string]>([
    [
      'an unknown procedure',
      both,
      {},
      'a1.policy.creat',
      '17:16: cases[0].procedure: no procedure is called "a1.policy.create", did you mean "a1.policy.creat"?',
    ],
    [
      'a clause it cannot judge',
      ['status'],
      { responseTimeMs: { type: 'number' } },
      'a1.policy.create',
      '19:50: cases[0].clauses[1].id: a1.policy.create judges no clause "location"',
    ],
    [
      'a parameter it does not read',
      both,
      {},
      'a1.policy.create',
      '18:18: cases[0].parameters.responseTimeMs: a1.policy.create has no such parameter',
    ],
    [
      'a parameter of another type',
      both,
      { responseTimeMs: { type: 'string' } },
      'a1.policy.create',
      '18:42: cases[0].parameters.responseTimeMs.value: must be a string, not a number',
    ],
    [
      'a parameter in another unit',
      both,
      { responseTimeMs: { type: 'number', unit: 's' } },
      'a1.policy.create',
      '18:34: cases[0].parameters.responseTimeMs: is in ms, but the procedure reads it in s',
    ],
  ])('refuses %s', (...[, clauses, parameters, id, expected]) => {
    expect(against(clauses, parameters, id)).toEqual([`plan.yaml:${expected}`]);
  });

  it('misses a parameter', () => {
    const facts = { responseTimeMs: { type: 'number' }, sizeBytes: { type: 'number' } };
    expect(against(both, facts)).toEqual([
      'plan.yaml:18:17: cases[0].parameters: a1.policy.create also needs the parameter "sizeBytes"',
    ]);
  });
});

describe('the digest of a plan', () => {
  it('is the same for every way to write it, and another for another content', () => {
    const digestOf = (source: string): string => {
      const plan = parsePlan({ path: 'plan.yaml', text: source });
      if (!plan.ok) throw new Error(plan.error.map(renderProblem).join());
      return plan.value.digest;
    };
    expect(digestOf(`# other\n${text({ gates: '' })}`)).toBe(digestOf(text()));
    expect(digestOf(text({ rule: 'any' }))).not.toBe(digestOf(text()));
  });
});
