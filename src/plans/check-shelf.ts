import { suggestion } from '../documents/nearest.ts';
import type { Mistake, Problem } from '../documents/problem.ts';
import type { TestPlan } from '../domain/plan.ts';
import { checkPlan, type ProcedureCatalogue } from './check-plan.ts';
import { circlesIn } from './circles.ts';
import { checkExpected, type DefectCatalogue } from './expected-verdicts.ts';
import type { PropertyCatalogue } from './property-file.ts';
import type { PlanFolder } from './read-plans.ts';
import { selectProperties } from './select-properties.ts';

/** Everything that plans refer to outside themselves. */
export interface Catalogue {
  readonly procedures: ProcedureCatalogue;
  readonly simulators: DefectCatalogue;
  /** Ids of objectives; null when nobody knows them here. */
  readonly objectives: ReadonlySet<string> | null;
  /** What traces are judged by; null when nobody knows it here. */
  readonly properties: PropertyCatalogue | null;
}

/** Holds plans against the code, the objectives, the simulators, and each other. */
export function checkShelf(plans: readonly PlanFolder[], catalogue: Catalogue): readonly Problem[] {
  const known = new Map(plans.map(({ plan }) => [plan.id as string, plan.gates as readonly string[]]));
  return plans.flatMap(({ plan, expected, locate }) => [
    ...locate([
      ...checkPlan(plan, catalogue.procedures),
      ...checkObjectives(plan, catalogue.objectives),
      ...checkProperties(plan, catalogue.properties),
      ...checkPeers(plan, catalogue.simulators),
      ...checkGates(plan, known),
    ]),
    ...(expected?.locate(checkExpected(expected.value, plan, catalogue.simulators)) ?? []),
  ]);
}

function checkObjectives(plan: TestPlan, objectives: ReadonlySet<string> | null): readonly Mistake[] {
  if (objectives === null) return [];
  return plan.objectives.flatMap((id, index) =>
    objectives.has(id)
      ? []
      : [{ at: ['objectives', index], what: `no objective "${id}"${suggestion(id, [...objectives])}` }],
  );
}

function checkProperties({ properties = [] }: TestPlan, known: PropertyCatalogue | null): readonly Mistake[] {
  if (known === null) return [];
  const selected = selectProperties(known, properties);
  return selected.ok ? [] : selected.error;
}

/** `tester` is the procedure itself, which speaks for the peer. */
function checkPeers({ peers }: TestPlan, simulators: DefectCatalogue): readonly Mistake[] {
  const names = ['tester', ...simulators.keys()];
  return peers.flatMap(({ simulator }, index) =>
    simulator === undefined || names.includes(simulator)
      ? []
      : [
          {
            at: ['peers', index, 'simulator'],
            what: `no simulator is called "${simulator}"${suggestion(simulator, names)}`,
          },
        ],
  );
}

function checkGates(plan: TestPlan, known: ReadonlyMap<string, readonly string[]>): readonly Mistake[] {
  const unknown = plan.gates.flatMap((gate, index) =>
    known.has(gate)
      ? []
      : [{ at: ['gates', index], what: `no plan is called "${gate}"${suggestion(gate, [...known.keys()])}` }],
  );
  const circle = circlesIn(known).get(plan.id);
  return circle === undefined
    ? unknown
    : [...unknown, { at: ['gates'], what: `goes round in circles: ${circle.join(' → ')}` }];
}
