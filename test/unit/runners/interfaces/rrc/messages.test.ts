import { expect, it } from 'vitest';
import { bearersIn, cellGroupConfig } from '../../../../../runners/interfaces/rrc/cell-group.ts';
import { readRrc, writeRrc } from '../../../../../runners/interfaces/rrc/messages.ts';
import {
  readMeasurementTiming,
  readMib,
  readSib1,
  systemInformation,
} from '../../../../../runners/interfaces/rrc/system-information.ts';

const NAS = Uint8Array.of(0x7e, 0, 0x41);
const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

it('reads what it wrote, with the transaction', () => {
  const contents = { 'selectedPLMN-Identity': 1, 'dedicatedNAS-Message': NAS };
  const octets = writeRrc('ulDcch', 'rrcSetupComplete', { transaction: 2, contents });
  expect(readRrc('ulDcch', octets)).toMatchObject({
    ok: true,
    value: { name: 'rrcSetupComplete', transaction: 2, contents },
  });
});

it('reads a set-up request that somebody else wrote', () => {
  // As it stands in captures: 0 00 0 (39 bits) 0011 0: mo-Signalling.
  const read = readRrc('ulCcch', new Uint8Array(Buffer.from('1dec89d05766', 'hex')));
  expect(read).toMatchObject({
    ok: true,
    value: { name: 'rrcSetupRequest', transaction: null, contents: { establishmentCause: 'mo-Signalling' } },
  });
});

it('says what is wrong with octets that are no message', () => {
  expect(readRrc('dlDcch', Uint8Array.of())).toMatchObject({ ok: false });
  expect(readRrc('dlCcch', Uint8Array.of(0x28))).toMatchObject({ ok: false });
});

it('writes a cell group that names its bearers', () => {
  const octets = cellGroupConfig([{ srb: 1 }, { srb: 2 }, { drb: 1 }]);
  expect(bearersIn(octets)).toEqual({ ok: true, value: [{ srb: 1 }, { srb: 2 }, { drb: 1 }] });
  expect(bearersIn(Uint8Array.of(0x5c))).toMatchObject({ ok: false });
});

it('reads whose a cell is, and where it is measured', () => {
  const cell = { plmn: '310260', tac: 7, cellIdentity: 0x1_2345_6789n } as const;
  const information = systemInformation({ ...cell, subcarrierSpacing: 'kHz30', ssbArfcn: 633_312 });
  expect(readSib1(information.sib1)).toEqual({ ok: true, value: [cell] });
  expect(readMib(information.mib)).toEqual({ ok: true, value: { isBarred: false } });
  expect(readMeasurementTiming(information.measurementTiming)).toEqual({ ok: true, value: [633_312] });
});

it('reads whose a cell is where its SIB1 has more than we have words for', () => {
  const { sib1 } = systemInformation({
    ...{ plmn: '00101', tac: 7, cellIdentity: 1n, subcarrierSpacing: 'kHz30', ssbArfcn: 633_312 },
  });
  const longer = Uint8Array.of(...sib1, 0xde, 0xad, 0xbe, 0xef);
  // Bit 3 of the first octet says that there is a servingCellConfigCommon.
  longer[0] = (longer[0] ?? 0) | 0x10;
  expect(readSib1(longer)).toMatchObject({ ok: true, value: [{ plmn: '00101', tac: 7, cellIdentity: 1n }] });
  expect(readSib1(Uint8Array.of(0xff))).toMatchObject({ ok: false });
  expect(hex(sib1).length).toBeGreaterThan(20);
});
