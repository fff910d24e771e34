import { expect, it } from 'vitest';
import { sidesIn } from '../../../../../runners/procedures/ng-handover/sides.ts';

it('takes the source that the plan names, and the other one for the target', () => {
  expect(sidesIn({ text: () => 'first' })).toEqual({ source: 0, target: 1 });
  expect(sidesIn({ text: () => 'second' })).toEqual({ source: 1, target: 0 });
});

it('refuses a plan that names another source', () => {
  expect(() => sidesIn({ text: () => 'third' })).toThrow(expect.objectContaining({ code: 'PLAN_INVALID' }));
});
