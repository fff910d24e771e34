import { describe, expect, it } from 'vitest';
import { type GnbUe, ueOfGnb } from '../../../../../../runners/interfaces/e2sm/identity.ts';
import type { RcCommand, SlicePolicy } from '../../../../../../runners/interfaces/e2sm/rc/commands.ts';
import {
  decodeControl,
  decodeOutcome,
  encodeControl,
  encodeOutcome,
} from '../../../../../../runners/interfaces/e2sm/rc/control.ts';
import {
  controlStylesFor,
  decodeRcDefinition,
  encodeRcDefinition,
} from '../../../../../../runners/interfaces/e2sm/rc/definition.ts';
import type { Parameter } from '../../../../../../runners/interfaces/e2sm/rc/parameters.ts';
import { RC_PARTS } from '../../../../../../runners/interfaces/e2sm/rc/parts.ts';
import { PerError } from '../../../../../../runners/interfaces/per/error.ts';

const who: GnbUe = {
  amfUeNgapId: 2 ** 40 - 1,
  plmn: '00101',
  amf: { region: 128, set: 1_023, pointer: 63 },
  f1apIds: [17],
};
const ue = ueOfGnb(who);

const policy: SlicePolicy = {
  members: [
    { plmn: '00101', slice: { sst: 1, sd: 10 } },
    { plmn: '310410', slice: { sst: 2 } },
  ],
  minPercent: 10,
  maxPercent: 60,
  dedicatedPercent: 5,
};

const COMMANDS: readonly RcCommand[] = [
  { kind: 'handover', target: { kind: 'nr', plmn: '00101', id: 0x123456789 } },
  { kind: 'handover', target: { kind: 'eutra', plmn: '310410', id: 0x1234567 } },
  { kind: 'drbQos', drb: 1 },
  {
    kind: 'drbQos',
    drb: 32,
    fiveQi: 9,
    priorityLevel: 1,
    maxDlBitS: 4e12,
    guaranteedDlBitS: 1_000_000,
    maxUlBitS: 5,
    guaranteedUlBitS: 0,
  },
  { kind: 'sliceQuota', policies: [policy] },
  {
    kind: 'other',
    style: 4,
    action: 3,
    parameters: [
      { id: 1, value: { key: { valuePrintableString: 'x' } } },
      { id: 2, value: { element: null } },
      {
        id: 3,
        value: {
          structure: [{ id: 4, value: { list: [[{ id: 5, value: { element: { valueReal: 0.5 } } }]] } }],
        },
      },
    ],
  },
];

describe('a control', () => {
  it.each(COMMANDS)('that is a $kind comes back', (command) => {
    for (const decision of [{}, { decision: 'accept' }] as const)
      expect(decodeControl(encodeControl({ ue, command, ...decision }))).toEqual({
        ue,
        command,
        ...decision,
      });
  });

  it('names the target of a handover by the encoding of its CGI, in nine octets', () => {
    const command: RcCommand = { kind: 'handover', target: { kind: 'nr', plmn: '00101', id: 1 } };
    const { message } = encodeControl({ ue, command });
    expect(Buffer.from(message).toString('hex')).toContain('0000f1100000000010');
  });

  it('says which RAN parameter is missing', () => {
    const parameters: readonly Parameter[] = [
      {
        id: 1,
        value: { structure: [{ id: 2, value: { structure: [{ id: 3, value: { structure: [] } }] } }] },
      },
    ];
    const octets = encodeControl({ ue, command: { kind: 'other', style: 3, action: 1, parameters } });
    expect(() => decodeControl(octets)).toThrow(
      'RAN parameter 1.RAN parameter 2.RAN parameter 3.RAN parameter 4: it is missing',
    );
    expect(() => decodeControl(octets)).toThrow(PerError);
  });

  it('of slices is understood with and without a structure around the items of a list', () => {
    const group = (structure: readonly Parameter[]): Parameter => ({ id: 1, value: { list: [structure] } });
    const member: readonly Parameter[] = [
      { id: 7, value: { element: { valueOctS: Uint8Array.of(0, 0xf1, 0x10) } } },
      { id: 8, value: { structure: [{ id: 9, value: { element: { valueOctS: Uint8Array.of(1) } } }] } },
    ];
    const members: Parameter = { id: 3, value: { structure: [{ id: 5, value: { list: [member] } }] } };
    const parameters = [group([members, { id: 12, value: { element: { valueInt: 30 } } }])];
    const octets = encodeControl({ ue, command: { kind: 'other', style: 2, action: 6, parameters } });
    expect(decodeControl(octets).command).toEqual({
      kind: 'sliceQuota',
      policies: [
        {
          members: [{ plmn: '00101', slice: { sst: 1 } }],
          minPercent: 0,
          maxPercent: 30,
          dedicatedPercent: 0,
        },
      ],
    });
  });

  it('of slices wants ratios of 0 to 100', () => {
    const command: RcCommand = { kind: 'sliceQuota', policies: [{ ...policy, maxPercent: 101 }] };
    expect(() => decodeControl(encodeControl({ ue, command }))).toThrow(
      'Max PRB Policy Ratio is not 0 to 100',
    );
  });

  it('of several actions at once is refused', () => {
    const header = RC_PARTS.controlHeader.encode({
      'ric-controlHeader-formats': { 'controlHeader-Format2': {} },
    });
    expect(() => decodeControl({ header, message: new Uint8Array(0) })).toThrow(PerError);
  });
});

describe('the outcome of a control', () => {
  it('comes back', () => {
    const values = [{ id: 1, value: { valueInt: -5 } }];
    expect(decodeOutcome(encodeOutcome(values))).toEqual(values);
  });
});

describe('a definition of the controls that we know', () => {
  it('comes back', () => {
    const definition = {
      name: { shortName: 'ORAN-E2SM-RC', oid: '1.3.6.1.4.1.53148.1.1.2.3', description: 'RAN Control' },
      controlStyles: controlStylesFor(['handover', 'sliceQuota', 'drbQos']),
      others: {},
    };
    expect(decodeRcDefinition(encodeRcDefinition(definition))).toEqual(definition);
    expect(
      definition.controlStyles.map(({ style, actions }) => [style, actions.map(({ name }) => name)]),
    ).toEqual([
      [1, ['DRB QoS Configuration']],
      [2, ['Slice-level PRB quota']],
      [3, ['Handover Control']],
    ]);
  });
});
