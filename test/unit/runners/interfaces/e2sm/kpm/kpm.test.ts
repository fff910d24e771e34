import { describe, expect, it } from 'vitest';
import { reportStylesFor } from '../../../../../../runners/interfaces/e2sm/kpm/definition.ts';
import { KPM } from '../../../../../../runners/interfaces/e2sm/kpm/kpm.ts';
import { KPM_VERSIONS } from '../../../../../../runners/interfaces/e2sm/kpm/types.ts';
import { PerError } from '../../../../../../runners/interfaces/per/error.ts';
import {
  aHeader,
  SAMPLE_ACTIONS,
  SAMPLE_DEFINITION,
  SAMPLE_MESSAGES,
} from '../../../../../support/kpm-samples.ts';

describe.each(KPM_VERSIONS)('KPM %s', (version) => {
  const kpm = KPM[version];

  it('reads the definition that it wrote', () => {
    expect(kpm.definition.decode(kpm.definition.encode(SAMPLE_DEFINITION))).toEqual(SAMPLE_DEFINITION);
  });

  it('reads actions of all five styles', () => {
    for (const action of SAMPLE_ACTIONS) expect(kpm.action.decode(kpm.action.encode(action))).toEqual(action);
  });

  it('reads messages of all three formats, with whole numbers, real numbers and none', () => {
    for (const message of SAMPLE_MESSAGES)
      expect(kpm.message.decode(kpm.message.encode(message))).toEqual(message);
  });

  it('reads a header with all that may stand in it', () => {
    const header = aHeader(kpm.timeStampOctets, {
      fileFormat: '32.435 V10.0',
      senderName: 'du-1',
      senderType: 'O-DU',
      vendorName: 'Acme',
    });
    expect(kpm.header.decode(kpm.header.encode(header))).toEqual(header);
  });

  it('takes a period of 1 ms to 2^32 - 1 ms', () => {
    for (const periodMs of [1, 1_000, 2 ** 32 - 1])
      expect(kpm.periodMs.decode(kpm.periodMs.encode(periodMs))).toBe(periodMs);
    expect(() => kpm.periodMs.encode(0)).toThrow(PerError);
  });

  it('says where a value is wrong', () => {
    const [, action] = SAMPLE_ACTIONS;
    if (action?.format !== 2) throw new Error('the second sample is of a UE');
    const subscription = { ...action.subscription, granularityMs: 0 };
    const path = /actionDefinition-Format2\.subscriptInfo\.granulPeriod/u;
    expect(() => kpm.action.encode({ ...action, subscription })).toThrow(path);
  });
});

describe('the report styles of the standard', () => {
  it('stand in a definition with what they offer', () => {
    const reportStyles = reportStylesFor([1, 4], [{ name: 'DRB.UEThpDl' }]);
    const definition = { ...SAMPLE_DEFINITION, reportStyles };
    expect(KPM.v3.definition.decode(KPM.v3.definition.encode(definition))).toEqual(definition);
    expect(reportStyles.map(({ style, messageFormat }) => [style, messageFormat])).toEqual([
      [1, 1],
      [4, 3],
    ]);
  });
});

describe('a trigger as an E2 node writes it', () => {
  it('of one second has the octets that the standard gives it', () => {
    // Extension bits and one of padding, the length of the number in two bits, the number.
    expect(Buffer.from(KPM.v3.periodMs.encode(1_000)).toString('hex')).toBe('0803e7');
  });
});
