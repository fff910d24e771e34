import { describe, expect, it } from 'vitest';
import type { E2Statement } from '../../../../src/domain/e2-statement.ts';
import type { Equipment } from '../../../../src/domain/equipment.ts';
import type { EquipmentId } from '../../../../src/domain/ids.ts';
import { compareOnE2 } from '../../../../src/planning/compatibility/compare.ts';
import { anEquipment } from '../../../support/equipment.ts';

const ICS: Equipment['ics'] = {
  'e2.e2ap': 'v3.00',
  'e2.kpm': 'v3.00',
  'e2.kpm.styles': [1, 2],
  'e2.rc': 'v1.03',
};
const ric = (changes: Partial<Equipment> = {}): Equipment => anEquipment({ ics: ICS, ...changes });
const node = (changes: Partial<Equipment> = {}): Equipment =>
  anEquipment({ id: 'beta/gnb-1' as EquipmentId, role: 'gnb', ics: ICS, ...changes });
const overE2 = (endpoint: Equipment['interfaces'][string]['endpoint']): Partial<Equipment> => ({
  interfaces: { e2: { endpoint } },
});
const inUdp = (local: number, remote: number) =>
  overE2({ host: '192.0.2.1', udpEncapsulation: { local, remote } });

type Row = readonly [name: string, ric: Equipment, node: Equipment, expected: readonly string[]];
const asCases = (rows: readonly Row[]) =>
  rows.map(([name, a, b, expected]): [string, readonly [Equipment, Equipment], readonly string[]] => [
    name,
    [a, b],
    expected,
  ]);

function findings(a: Equipment, b: Equipment): readonly string[] {
  return (compareOnE2({ equipment: a }, { equipment: b }) ?? []).map(
    ({ severity, code }) => `${severity} ${code}`,
  );
}

describe('a near-RT RIC and an E2 node that fit', () => {
  it.each<[string, Equipment, Equipment]>([
    ['the same claims', ric(), node()],
    ['no claims at all', ric({ ics: {} }), node({ ics: {} })],
    ['one of several versions', ric({ ics: { ...ICS, 'e2.e2ap': ['v2.03', 'v3.00'] } }), node()],
    ['ports that cross', ric(inUdp(9899, 9900)), node(inUdp(9900, 9899))],
    [
      'a length that is taken',
      ric({ ics: { ...ICS, 'e2.nodeIdBits': [22, 29] } }),
      node({ ics: { ...ICS, 'e2.nodeIdBits': 29 } }),
    ],
    ['the same network', ric({ ixit: { plmn: '00101' } }), node({ ixit: { plmn: '00101' } })],
  ])('%s: nothing is found, whichever is named first', (_, a, b) => {
    expect(findings(a, b)).toEqual([]);
    expect(findings(b, a)).toEqual([]);
  });
});

describe('a near-RT RIC and an E2 node that do not fit', () => {
  const with_ = (key: string, value: Equipment['ics'][string]) => ({ ics: { ...ICS, [key]: value } });
  it.each<[string, readonly [Equipment, Equipment], readonly string[]]>(
    asCases([
      ['E2AP v01', ric(), node(with_('e2.e2ap', 'v1.01')), ['refuse E2AP_VERSION_MISMATCH']],
      ['E2AP v02', ric(), node(with_('e2.e2ap', 'v2.03')), ['warn E2AP_VERSION_MISMATCH']],
      [
        'KPM v02 against v03.00',
        ric(),
        node(with_('e2.kpm', 'v2.03')),
        ['refuse KPM_TIME_STAMP_MISMATCH', 'warn SERVICE_MODEL_VERSION_MISMATCH'],
      ],
      [
        'a time stamp told by itself',
        ric(),
        node(with_('e2.kpm.timeStampOctets', 4)),
        ['refuse KPM_TIME_STAMP_MISMATCH'],
      ],
      [
        'no model in common',
        ric({ ics: { 'e2.kpm': 'v3' } }),
        node({ ics: { 'e2.rc': 'v1' } }),
        ['refuse SERVICE_MODEL_MISSING'],
      ],
      ['one model less', ric(), node(with_('e2.rc', false)), ['warn SERVICE_MODEL_MISSING']],
      ['no style in common', ric(), node(with_('e2.kpm.styles', [3])), ['refuse STYLE_MISSING']],
      ['a style less', ric(), node(with_('e2.kpm.styles', [1])), ['warn STYLE_MISSING']],
      [
        'another number',
        ric(with_('e2.kpm.oid', '1.3.6.1.4.1.53148.1.2.2.2')),
        node(with_('e2.kpm.oid', '1.3.6.1.4.1.53148.1.3.2.2')),
        ['warn SERVICE_MODEL_OID_MISMATCH'],
      ],
      [
        'IP against UDP',
        ric(overE2({ transport: 'sctp:kernel' })),
        node(inUdp(9900, 9899)),
        ['refuse TRANSPORT_MISMATCH'],
      ],
      [
        'ports that do not cross',
        ric(inUdp(9899, 9901)),
        node(inUdp(9900, 9899)),
        ['refuse UDP_PORTS_MISMATCH'],
      ],
      [
        'other networks',
        ric({ ixit: { plmn: '00101' } }),
        node({ ixit: { plmn: '99970' } }),
        ['warn PLMN_MISMATCH'],
      ],
      [
        'an MNC of three digits',
        ric({ ixit: { plmn: '00101' } }),
        node({ ixit: { plmn: '001001' } }),
        ['refuse PLMN_MISMATCH'],
      ],
      [
        'a node ID too long',
        ric(with_('e2.nodeIdBits', [22, 28])),
        node(with_('e2.nodeIdBits', 32)),
        ['refuse NODE_ID_LENGTH_MISMATCH'],
      ],
    ]),
  )('%s', (_, [a, b], expected) => {
    expect(findings(a, b)).toEqual(expected);
    expect(findings(b, a)).toEqual(expected);
  });

  it('what a product shows counts more than what its vendor claims, and that they differ is told', () => {
    const shown: E2Statement = {
      ...{ topic: 'kpm.timeStampOctets', value: 4, source: 'message 7 of the capture', captured: true },
    };
    const found = compareOnE2({ equipment: ric() }, { equipment: node(), captured: [shown] });
    expect(found).toMatchObject([
      {
        code: 'KPM_TIME_STAMP_MISMATCH',
        severity: 'refuse',
        ric: '8 (ICS e2.kpm)',
        node: '4 (message 7 of the capture)',
      },
      { code: 'CLAIM_CONTRADICTED', severity: 'warn' },
    ]);
  });

  it('two products that do not meet on E2 are not compared', () => {
    expect(compareOnE2({ equipment: ric() }, { equipment: anEquipment({ role: 'non-rt-ric' }) })).toBeNull();
  });
});
