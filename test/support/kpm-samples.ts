import { ueOfDu, type UeId } from '../../runners/interfaces/e2sm/identity.ts';
import { ntpTimeStamp } from '../../runners/interfaces/e2sm/kpm/time-stamp.ts';
import {
  type KpmAction,
  type KpmDefinition,
  type KpmHeader,
  type KpmMessage,
  NO_LABEL,
  type Subscription,
} from '../../runners/interfaces/e2sm/kpm/types.ts';

export const SAMPLE_START_MS = Date.parse('2026-11-22T01:00:00.250Z');

export function aSubscription(changes: Partial<Subscription> = {}): Subscription {
  return {
    measurements: [
      { measurement: { name: 'DRB.UEThpDl' }, labels: [NO_LABEL, { sliceID: { sst: 1, sd: 10 } }] },
      { measurement: { id: 7 }, labels: [NO_LABEL] },
    ],
    granularityMs: 1_000,
    ...changes,
  };
}

export const SAMPLE_UES: readonly UeId[] = [ueOfDu(17), ueOfDu(4_294_967_295)];

const test = { testType: { rSRP: 'true' }, testExpr: 'greaterthan', testValue: { valueInt: -90 } } as const;

/** One for each format. */
export const SAMPLE_ACTIONS: readonly KpmAction[] = [
  {
    style: 1,
    format: 1,
    subscription: aSubscription({ cell: { kind: 'nr', plmn: '00101', id: 0xfedcba987 } }),
  },
  { style: 2, format: 2, ue: ueOfDu(17), subscription: aSubscription() },
  {
    style: 3,
    format: 3,
    measurements: [
      {
        measurement: { name: 'DRB.UEThpDl' },
        conditions: [
          { label: { plmnID: '310410', fiveQI: 9 }, or: true },
          { test, or: false },
        ],
      },
    ],
    granularityMs: 100,
    cell: { kind: 'eutra', plmn: '00101', id: 0x1234567 },
  },
  { style: 4, format: 4, conditions: [{ test, or: true }], subscription: aSubscription() },
  { style: 5, format: 5, ues: SAMPLE_UES, subscription: aSubscription() },
];

export const SAMPLE_DEFINITION: KpmDefinition = {
  name: {
    shortName: 'ORAN-E2SM-KPM',
    oid: '1.3.6.1.4.1.53148.1.2.2.2',
    description: 'KPM Monitor',
    instance: 1,
  },
  triggerStyles: [{ style: 1, name: 'Periodic report', format: 1 }],
  reportStyles: [
    {
      style: 1,
      name: 'E2 Node Measurement',
      actionFormat: 1,
      headerFormat: 1,
      messageFormat: 1,
      measurements: [{ name: 'DRB.UEThpDl' }, { name: 'RRU.PrbTotDl', id: 7 }],
    },
  ],
};

export function aHeader(octets: 4 | 8, changes: Partial<KpmHeader> = {}): KpmHeader {
  return { timeStamp: ntpTimeStamp(SAMPLE_START_MS, octets), ...changes };
}

const record = { values: [{ integer: 5 }, { real: 2.5 }, { noValue: null }], incomplete: false } as const;

/** One for each format. */
export const SAMPLE_MESSAGES: readonly KpmMessage[] = [
  { format: 1, report: { records: [record, { ...record, incomplete: true }] } },
  {
    format: 2,
    records: [{ values: [{ integer: 1 }], incomplete: false }],
    measurements: [
      {
        measurement: { name: 'DRB.UEThpDl' },
        conditions: [{ test, or: false }],
        ues: SAMPLE_UES,
        uesByPeriod: [SAMPLE_UES, []],
      },
    ],
    granularityMs: 1_000,
  },
  {
    format: 3,
    reports: SAMPLE_UES.map((ue) => ({
      ue,
      report: { records: [record], measurements: aSubscription().measurements, granularityMs: 500 },
    })),
  },
];
