import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SIMULATORS } from '../../../src/app/catalogue.ts';
import { TESTPLANS } from '../../../src/app/shipped.ts';
import { expectedOf } from '../../../src/plans/expected-verdicts.ts';
import { readPlans } from '../../../src/plans/read-plans.ts';
import { ownerOf } from '../../support/defect-matrix.ts';

const { plans } = await readPlans(TESTPLANS);
const expectations = plans.flatMap(({ plan, expected }) =>
  expected === null ? [] : [{ id: plan.id, ...expectedOf(expected.value) }],
);

it('every defect mode of every simulator is seen by a plan', () => {
  const seen = expectations.flatMap(({ subjects, defects }) =>
    Object.entries(defects)
      .filter(([, cases]) => Object.keys(cases).length > 0)
      .map(([defect]) => `${programOf(ownerOf(subjects, defect))}/${defect.replace(/^.*\//u, '')}`),
  );
  const all = [...SIMULATORS].flatMap(([name, { defects }]) =>
    Object.keys(defects).map((defect) => `${programOf(name)}/${defect}`),
  );
  expect([...new Set(seen)].sort()).toEqual([...new Set(all)].sort());
});

/** Simulators with the same defects are one program in two places: of a pairing, either side. */
function programOf(name: string): string {
  const defects = SIMULATORS.get(name)?.defects;
  return [...SIMULATORS].find(([, simulator]) => simulator.defects === defects)?.[0] ?? name;
}

it('every plan that says what is expected has its defects looked at', () => {
  const folder = new URL('../../e2e/defects/', import.meta.url);
  const files = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
  const isLookedAt = (id: string): boolean => files.some((text) => text.includes(`plan: '${id}'`));
  const ids = expectations.filter(({ defects }) => Object.keys(defects).length > 0).map(({ id }) => id);
  expect(ids.filter((id) => !isLookedAt(id))).toEqual([]);
});
