import { describe, expect, it } from 'vitest';
import { KPM } from '../../../../../runners/interfaces/e2sm/kpm/kpm.ts';
import { KPM_REPORT_STYLES } from '../../../../../runners/interfaces/e2sm/kpm/styles.ts';
import {
  decodeRcDefinition,
  encodeRcDefinition,
} from '../../../../../runners/interfaces/e2sm/rc/definition.ts';
import { RC_PARTS } from '../../../../../runners/interfaces/e2sm/rc/parts.ts';
import {
  hexOf,
  KPM_ACTION_4,
  KPM_DEFINITION_OF_CU,
  octetsOf,
  RC_DEFINITION_OF_CU,
  RC_DEFINITION_OF_DU,
} from '../../../../support/e2sm-vectors.ts';

describe('octets that others wrote', () => {
  it('as a KPM definition are read and written again', () => {
    const definition = KPM.v3.definition.decode(octetsOf(KPM_DEFINITION_OF_CU));
    expect(definition.name).toEqual({
      shortName: 'ORAN-E2SM-KPM',
      oid: '1.3.6.1.4.1.53148.1.2.2.2',
      description: 'KPM Monitor',
    });
    expect(
      definition.reportStyles.map(({ measurements, name, ...formats }) => ({
        ...formats,
        name: name.toLowerCase(),
      })),
    ).toEqual(KPM_REPORT_STYLES.map((style) => ({ ...style, name: style.name.toLowerCase() })));
    expect(hexOf(KPM.v3.definition.encode(definition))).toBe(KPM_DEFINITION_OF_CU);
  });

  it('as a KPM action of style 4 are read and written again', () => {
    const action = KPM.v2.action.decode(octetsOf(KPM_ACTION_4));
    expect(action).toEqual({
      style: 4,
      format: 4,
      conditions: [
        {
          test: { testType: { 'ul-rSRP': 'true' }, testExpr: 'lessthan', testValue: { valueInt: 1_000 } },
          or: false,
        },
      ],
      subscription: {
        measurements: [{ measurement: { name: 'DRB.PdcpReordDelayUl' }, labels: [{ noLabel: 'true' }] }],
        granularityMs: 1_000,
      },
    });
    expect(hexOf(KPM.v2.action.encode(action))).toBe(KPM_ACTION_4);
  });

  it('as RC definitions are read and written again', () => {
    const du = decodeRcDefinition(octetsOf(RC_DEFINITION_OF_DU));
    expect(du.controlStyles).toMatchObject([
      {
        style: 4,
        name: 'Radio access control',
        actions: [
          {
            action: 3,
            name: 'Access barring control',
            parameters: [{ id: 1, name: 'Unified Access Control Barring Info' }],
          },
        ],
      },
    ]);
    const cu = decodeRcDefinition(octetsOf(RC_DEFINITION_OF_CU));
    expect(cu.others['ranFunctionDefinition-EventTrigger']?.['ran-CallProcessTypes-List']).toMatchObject([
      { 'callProcessType-ID': 6, 'callProcessType-Name': 'PDU Session Management' },
    ]);
    expect(decodeRcDefinition(encodeRcDefinition(du))).toEqual(du);
    // Both announce additions and then bring none: a tree keeps that, its meaning does not.
    for (const hex of [RC_DEFINITION_OF_DU, RC_DEFINITION_OF_CU]) {
      const tree = RC_PARTS.definition.decode(octetsOf(hex));
      expect(hexOf(RC_PARTS.definition.encode(tree))).toBe(hex);
    }
  });
});
