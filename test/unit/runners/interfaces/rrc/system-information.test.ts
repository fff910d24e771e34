import { expect, it } from 'vitest';
import { PerError } from '../../../../../runners/interfaces/per/error.ts';
import {
  type BroadcastCell,
  systemInformation,
} from '../../../../../runners/interfaces/rrc/system-information.ts';

const CELL: BroadcastCell = {
  plmn: '00101',
  tac: 7,
  cellIdentity: 0x1001n,
  subcarrierSpacing: 'kHz30',
  ssbArfcn: 633_312,
};
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

it('writes a master information block of 23 bits', () => {
  // 000000 1 0000 0 0010 0000 1 0 0, and a bit that fills up
  expect(hex(systemInformation(CELL).mib)).toBe('020208');
  expect(hex(systemInformation({ ...CELL, subcarrierSpacing: 'kHz15' }).mib)).toBe('000208');
});

it('writes other octets for another PLMN, area and cell', () => {
  const sib1 = hex(systemInformation(CELL).sib1);
  for (const change of [{ plmn: '310260' }, { tac: 8 }, { cellIdentity: 0x1002n }])
    expect(hex(systemInformation({ ...CELL, ...change }).sib1)).not.toBe(sib1);
});

it('refuses digits that are none', () => {
  expect(() => systemInformation({ ...CELL, plmn: '0010a' })).toThrow(PerError);
});
