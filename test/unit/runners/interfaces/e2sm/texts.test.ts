import { describe, expect, it } from 'vitest';
import { compileModules } from '../../../../../runners/interfaces/per/asn1/compile.ts';
import { PerError } from '../../../../../runners/interfaces/per/error.ts';
import { encodeValue } from '../../../../../runners/interfaces/per/interpret-encode.ts';
import { named } from '../../../../support/everything-asn1.ts';
import { e2smTexts } from '../../../../support/e2sm-texts.ts';

const schema = compileModules(e2smTexts());

function header(type: string, octets: number): Uint8Array {
  const value = {
    'indicationHeader-formats': { 'indicationHeader-Format1': { colletStartTime: new Uint8Array(octets) } },
  };
  return encodeValue(schema, 'aligned', { type: named(`E2sm-Kpm.${type}`), value });
}

describe('our texts of the service models', () => {
  it('compile', () => {
    expect([...new Set([...schema.types.keys()].map((name) => name.split('.')[0]))].sort()).toEqual([
      'E2sm-Common',
      'E2sm-Kpm',
      'E2sm-Rc',
    ]);
  });

  it('give the time stamp four octets in KPM v2 and eight in v3, and refuse the other', () => {
    expect(header('IndicationHeaderV2', 4)).toHaveLength(5);
    expect(header('IndicationHeaderV3', 8)).toHaveLength(9);
    expect(() => header('IndicationHeaderV2', 8)).toThrow(PerError);
    expect(() => header('IndicationHeaderV3', 4)).toThrow(PerError);
  });
});
