import { describe, expect, it } from 'vitest';
import { bitsOf, numberOfBits, plmnOctets, plmnText } from '../../../../../runners/interfaces/ap/values.ts';
import {
  cellOf,
  cellText,
  cgiOf,
  sliceText,
  ueOfCuUp,
  ueOfDu,
  ueText,
} from '../../../../../runners/interfaces/e2sm/identity.ts';
import { PerError } from '../../../../../runners/interfaces/per/error.ts';

describe('who and where', () => {
  it('is a PLMN of two or three digits of network code', () => {
    expect([...plmnOctets('00101')]).toEqual([0x00, 0xf1, 0x10]);
    expect([...plmnOctets('310410')]).toEqual([0x13, 0x00, 0x14]);
    for (const plmn of ['00101', '310410', '0x1a2b3c']) expect(plmnText(plmnOctets(plmn))).toBe(plmn);
    expect(() => plmnOctets('1')).toThrow(PerError);
  });

  it('is a cell by its identity', () => {
    const cell = { kind: 'nr', plmn: '00101', id: 0xfedcba987 } as const;
    expect(cellOf(cgiOf(cell))).toEqual(cell);
    expect(cellText(cell)).toBe('00101/fedcba987');
    expect(() => cgiOf({ ...cell, id: 2 ** 36 })).toThrow(PerError);
  });

  it('is a number in bits', () => {
    expect(bitsOf(1, 6)).toEqual({ bits: Uint8Array.of(4), length: 6 });
    expect(numberOfBits(bitsOf(2 ** 36 - 1, 36))).toBe(2 ** 36 - 1);
  });

  it('has a short text', () => {
    expect(ueText(ueOfDu(17))).toBe('gNB-DU-UEID 17');
    expect(ueText(ueOfCuUp(3))).toBe('gNB-CU-UP-UEID 3');
    expect([sliceText({ sst: 1 }), sliceText({ sst: 1, sd: 10 })]).toEqual(['1', '1-00000a']);
  });
});
