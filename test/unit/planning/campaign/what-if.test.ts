import { expect, it } from 'vitest';
import type { PlanningInput } from '../../../../src/planning/campaign/plan-campaign.ts';
import { variantsOf } from '../../../../src/planning/campaign/what-if.ts';
import type { TestbedId } from '../../../../src/domain/ids.ts';
import { aTestbed } from '../../../support/things.ts';

const calendar = { timeZone: 'Europe/Berlin', staffed: ['Mon-Fri 08:00-18:00'], closed: [] };
const named = (id: string, changes: Parameters<typeof aTestbed>[0] = {}) => ({
  testbed: { ...aTestbed({ calendar, ...changes }), id: id as TestbedId },
  isOpen: true,
});
const input = {
  testbeds: [named('lab/one'), named('lab/two'), named('lab/three', { capabilities: ['e2'] })],
} as unknown as PlanningInput;

it('adds one testbed of each kind: those that can do the same count once', () => {
  const variants = variantsOf(input, 'testbed');
  expect(variants.map(({ what }) => what)).toEqual([
    'one more testbed like lab/one',
    'one more testbed like lab/three',
  ]);
  expect(variants[0]?.input.testbeds.map(({ testbed }) => testbed.id)).toEqual([
    ...['lab/one', 'lab/two', 'lab/three', 'lab/one-2'],
  ]);
});

it('adds one shift at one testbed, until midnight at most', () => {
  const variants = variantsOf(input, 'shift');
  expect(variants).toHaveLength(3);
  expect(variants[1]?.what).toBe('one more shift at lab/two (Mon,Tue,Wed,Thu,Fri 18:00-24:00)');
  expect(variants[1]?.input.testbeds.map(({ testbed }) => testbed.calendar?.staffed.length)).toEqual([
    1, 2, 1,
  ]);
});
