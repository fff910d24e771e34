import { Type } from 'typebox';

import { closed, name } from '../../../api/parts.ts';
import { planBody, type PlanBody } from '../../../api/plan-body.ts';
import { listOf } from '../../../api/views.ts';
import type { TestPlan } from '../../../domain/plan.ts';
import { parseRule } from '../../../domain/rule.ts';
import { HarnessError } from '../../../kernel/errors.ts';
import { actorOf } from '../actor.ts';
import type { HttpDeps, Server } from '../deps.ts';
import { done, DONE, reading, writing } from '../schemas.ts';
import { forbidUnless, found } from '../visibility.ts';

const TAG = 'plans';
const planPath = Type.Object(
  { id: name, version: Type.String({ pattern: '^[0-9]{1,9}(?:\\.[0-9]{1,9}){2}$' }) },
  closed,
);

export function addPlanRoutes(server: Server, { store, useCases }: HttpDeps): void {
  server.post(
    '/plans',
    {
      config: { scope: 'campaign:write' },
      schema: writing({
        id: 'publishPlan',
        does: 'Publish a version of a test plan; a published version never changes',
        tag: TAG,
        body: planBody,
        answers: done,
      }),
    },
    async (request) => {
      forbidUnless(actorOf(request).ofLab, 'only the lab publishes test plans');
      await useCases.publishPlan(toPlan(request.body));
      return DONE;
    },
  );
  server.get(
    '/plans',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'listPlans',
        does: 'List published test plans',
        tag: TAG,
        answers: listOf(planBody),
      }),
    },
    async () => ({ items: (await store.plans()).map(viewPlan) }),
  );
  server.get(
    '/plans/:id/:version',
    {
      config: { scope: 'read' },
      schema: reading({
        id: 'showPlan',
        does: 'Show a test plan',
        tag: TAG,
        params: planPath,
        answers: planBody,
      }),
    },
    async (request) => {
      const { id, version } = request.params;
      return viewPlan(found(await store.plan(id, version), `plan ${id} ${version}`, () => true));
    },
  );
}

/** What the schema cannot say: ids are there once, rules can be read, and cases build on earlier ones. */
function toPlan(body: PlanBody): TestPlan {
  const before = new Set<string>();
  for (const { id, clauses, rule, requires = [] } of body.cases) {
    const clauseIds = new Set(clauses.map((clause) => clause.id));
    const read = parseRule(rule, clauseIds);
    if (!read.ok) throw new HarnessError('PLAN_INVALID', `rule of case ${id}: ${read.error}`);
    if (clauseIds.size < clauses.length)
      throw new HarnessError('PLAN_INVALID', `case ${id} has a clause twice`);
    if (before.has(id)) throw new HarnessError('PLAN_INVALID', `case ${id} is there twice`);
    const missing = requires.find((other) => !before.has(other));
    if (missing !== undefined)
      throw new HarnessError('PLAN_INVALID', `case ${id} requires ${missing}, which is not before it`);
    before.add(id);
  }
  return body as PlanBody & TestPlan;
}

function viewPlan(plan: TestPlan): PlanBody {
  return plan as TestPlan & PlanBody;
}
