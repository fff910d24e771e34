import { expect, it } from 'vitest';
import { floodSize, limitKept } from '../../../../../runners/procedures/ap/flood.ts';
import { SCTP_EVENT } from '../../../../../runners/procedures/ap/message-observation.ts';
import type { Observation } from '../../../../../src/evidence/observation.ts';
import { anEquipment } from '../../../../support/a-procedure.ts';

const [WITH, WITHOUT] = [{ 'ng.maxAssociations': 3 }, {}].map((ixit) => ({
  subjects: [anEquipment({ ixit })],
  number: () => 2,
}));

function ups(count: number): readonly Observation[] {
  return Array.from({ length: count }, (_, n) => ({
    ...{ n, t: n, step: 'flood', kind: SCTP_EVENT, data: { type: 'up', association: `flood-${n}` } },
  }));
}

it('opens some more associations than a product takes, and judges how many are up', () => {
  if (WITH === undefined) throw new Error('no bench');
  expect(floodSize(WITH, 'ng')).toBe(5);
  expect(limitKept({ ...WITH, observations: ups(3) }, 'ng').verdict).toBe('pass');
  expect(limitKept({ ...WITH, observations: ups(4) }, 'ng').verdict).toBe('fail');
});

it('opens some more than one where nobody says how many a product takes, and judges no limit', () => {
  if (WITHOUT === undefined) throw new Error('no bench');
  expect(floodSize(WITHOUT, 'ng')).toBe(3);
  expect(limitKept({ ...WITHOUT, observations: ups(3) }, 'ng').verdict).toBe('none');
});

it('is not supported by the testbed where the number is none', () => {
  const subjects = [anEquipment({ ixit: { 'ng.maxAssociations': 'many' } })];
  expect(() => floodSize({ subjects, number: () => 2 }, 'ng')).toThrow(/no number of associations/u);
});
