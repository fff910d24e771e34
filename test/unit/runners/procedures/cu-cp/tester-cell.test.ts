import { expect, it } from 'vitest';
import { testerCell } from '../../../../../runners/procedures/cu-cp/tester-cell.ts';

it.each([
  [{ id: 411, bits: 22 }, 0x66c001],
  [{ id: 1, bits: 32 }, 0x11],
  [{ id: 2 ** 32 - 1, bits: 32 }, 0xffffffff1],
])('a cell of the tester belongs to the gNB of the product: %j', (gnb, identity) => {
  expect(testerCell({ ixit: { gnb } })).toMatchObject({ identity });
});

it.each([
  [{ id: 4_194_304, bits: 22 }],
  [{ id: 1, bits: 21 }],
  [{ id: 1, bits: 33 }],
  [{ id: -1, bits: 22 }],
  [7],
])('refuses what is no gNB ID: %j', (gnb) => {
  expect(() => testerCell({ ixit: { gnb } })).toThrow('ixit gnb does not say {id, bits}');
});
