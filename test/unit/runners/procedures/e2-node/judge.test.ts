import { describe, expect, it } from 'vitest';
import { outgoing, type Outgoing } from '../../../../../runners/interfaces/e2/answers.ts';
import { wrapItems } from '../../../../../runners/interfaces/e2/messages.ts';
import { KPM } from '../../../../../runners/interfaces/e2sm/kpm/kpm.ts';
import { ntpTimeStamp } from '../../../../../runners/interfaces/e2sm/kpm/time-stamp.ts';
import { NO_LABEL } from '../../../../../runners/interfaces/e2sm/kpm/types.ts';
import { componentFault, envelopeFault } from '../../../../../runners/procedures/e2-node/component-check.ts';
import { REQUEST_ID, subscriptionRequest } from '../../../../../runners/procedures/e2-node/kpm.ts';
import { E2_NODE_PROCEDURES } from '../../../../../runners/procedures/e2-node/procedures.ts';
import { garbage } from '../../../../../runners/procedures/e2-node/robustness.ts';
import { f1Setup, ngSetup } from '../../../../../runners/simulators/e2-node/component-messages.ts';
import { decodePdu } from '../../../../../runners/interfaces/e2/codec.ts';
import { anEquipment } from '../../../../support/equipment.ts';
import { AN_NG_COMPONENT, aSetupRequest } from '../../../../support/e2/messages.ts';
import { messagesSeen, type Passing } from '../../../../support/e2/seen.ts';
import { aCase } from '../../../../support/a-procedure.ts';

const LIMITS: Readonly<Record<string, number>> = {
  periodMs: 100,
  periods: 3,
  tolerance: 20,
  graceMs: 20,
  earlyMs: 20,
  retryWithinMs: 1_000,
  answerWithinMs: 500,
  connectWithinMs: 500,
  settleMs: 100,
  maxRetriesCount: 2,
};

function judge(id: string, passing: readonly Passing[], product = anEquipment({ role: 'o-du' })) {
  const procedure = E2_NODE_PROCEDURES.find((each) => each.id === id);
  if (procedure === undefined) throw new Error(`there is no procedure ${id}`);
  const { clauses } = procedure.judge({
    case: aCase(),
    subjects: [product],
    observations: messagesSeen(passing),
    number: (name) => LIMITS[name] ?? Number.NaN,
    text: () => '',
    flag: () => false,
  });
  return Object.fromEntries(clauses.map(({ id: clause, verdict }) => [clause, verdict]));
}

const subscribing = subscriptionRequest({
  functionId: 2,
  periodMs: 100,
  action: {
    style: 1,
    format: 1,
    subscription: {
      measurements: [{ measurement: { name: 'RRU.PrbTotDl' }, labels: [NO_LABEL] }],
      granularityMs: 100,
    },
  },
});
const request = outgoing('RICsubscriptionRequest', subscribing);
const response = outgoing('RICsubscriptionResponse', {
  RICrequestID: REQUEST_ID,
  RANfunctionID: 2,
  'RICactions-Admitted': wrapItems('RICaction-Admitted-Item', [{ ricActionID: 1 }]),
});

function indication(octets: 4 | 8 = 8, value = 50, startMs = 1_800_000_000_000): Outgoing {
  const kpm = KPM[octets === 8 ? 'v3' : 'v2'];
  return outgoing('RICindication', {
    RICrequestID: REQUEST_ID,
    RANfunctionID: 2,
    RICactionID: 1,
    RICindicationType: 'report',
    RICindicationHeader: kpm.header.encode({ timeStamp: ntpTimeStamp(startMs, octets) }),
    RICindicationMessage: kpm.message.encode({
      format: 1,
      report: { records: [{ values: [{ integer: value }], incomplete: false }] },
    }),
  });
}

const asked: readonly Passing[] = [
  { direction: 'sent', message: request },
  { direction: 'received', message: response, answers: 0 },
];
const reports = (everyMs: number, of = indication()): readonly Passing[] =>
  [1, 2, 3].map((count) => ({ direction: 'received', message: of, t: (count * everyMs) / 1_000 }));

describe('a KPM report', () => {
  const style = 'e2.node.kpm-style-1';

  it('passes when it is what was asked', () => {
    const verdicts = judge(style, [...asked, ...reports(100)]);
    expect(
      new Set(Object.entries(verdicts).map(([id, verdict]) => (id === 'names' ? 'pass' : verdict))),
    ).toEqual(new Set(['pass']));
  });

  it('fails for a period that is not the one asked', () => {
    expect(judge(style, [...asked, ...reports(200)])).toMatchObject({ period: 'fail', reported: 'pass' });
  });

  it('may come in bunches when its collections began in the period', () => {
    const bunch = [0, 100, 200].map((ms): Passing => ({
      direction: 'received',
      message: indication(8, 50, 1_800_000_000_000 + ms),
      t: 1,
    }));
    expect(judge(style, [...asked, ...bunch])).toMatchObject({ period: 'pass' });
  });

  it('fails for a time stamp as the other version has it', () => {
    const product = anEquipment({ role: 'o-du', ics: { 'e2.kpm': 'v3.00' } });
    const short = [...asked, ...reports(100, indication(4))];
    expect(judge(style, short, product)).toMatchObject({ header: 'fail', message: 'pass' });
    const older = anEquipment({ role: 'o-du', ics: { 'e2.kpm': 'v2.03' } });
    expect(judge(style, short, older)).toMatchObject({ header: 'pass' });
  });

  it('fails for a value that no equipment has', () => {
    expect(judge(style, [...asked, ...reports(100, indication(8, 101))])).toMatchObject({ values: 'fail' });
  });

  it('says nothing of reports that did not come', () => {
    expect(judge(style, asked)).toMatchObject({ admitted: 'pass', reported: 'fail', period: 'none' });
  });
});

describe('the end of a subscription', () => {
  const reference = { RICrequestID: REQUEST_ID, RANfunctionID: 2 };
  const deleted: readonly Passing[] = [
    ...asked,
    { direction: 'sent', step: 'delete', message: outgoing('RICsubscriptionDeleteRequest', reference) },
    {
      direction: 'received',
      message: outgoing('RICsubscriptionDeleteResponse', reference),
      answers: 2,
      t: 1,
    },
  ];

  it('passes when what comes afterwards was under way', () => {
    const late: Passing = { direction: 'received', message: indication(), t: 1.01 };
    expect(judge('e2.node.delete', [...deleted, late])).toEqual({ answered: 'pass', silenced: 'pass' });
  });

  it('fails when reports go on', () => {
    const late: Passing = { direction: 'received', message: indication(), t: 1.1 };
    expect(judge('e2.node.delete', [...deleted, late])).toEqual({ answered: 'pass', silenced: 'fail' });
  });
});

describe('a refused setup', () => {
  const setup = outgoing('E2setupRequest', aSetupRequest());
  const refusal = outgoing('E2setupFailure', {
    TransactionID: 1,
    Cause: { misc: 'unspecified' },
    TimeToWait: 'v1s',
  });
  const after = (seconds: number): readonly Passing[] => [
    { direction: 'received', message: setup },
    { direction: 'sent', message: refusal },
    { direction: 'received', message: setup, t: seconds },
  ];

  it('is repeated when the time to wait is over, not before', () => {
    expect(judge('e2.node.time-to-wait', after(1.2))).toEqual({ waited: 'pass', retried: 'pass' });
    expect(judge('e2.node.time-to-wait', after(0.99))).toEqual({ waited: 'pass', retried: 'pass' });
    expect(judge('e2.node.time-to-wait', after(0.5))).toEqual({ waited: 'fail', retried: 'pass' });
    expect(judge('e2.node.time-to-wait', after(0.5).slice(0, 2))).toEqual({
      waited: 'pass',
      retried: 'fail',
    });
  });

  it('may not be repeated without end', () => {
    const again = after(0.1).slice(2);
    expect(judge('e2.node.refused', [...after(0.1), ...again])).toEqual({ paced: 'pass' });
    expect(judge('e2.node.refused', [...after(0.1), ...again, ...again])).toEqual({ paced: 'fail' });
  });
});

describe('a component of an E2 node', () => {
  it('holds messages of its interface', () => {
    const { request: first, response: second } = ngSetup('00101');
    const parts = { e2nodeComponentRequestPart: first, e2nodeComponentResponsePart: second };
    const whole = { ...AN_NG_COMPONENT, e2nodeComponentConfiguration: parts };
    expect(componentFault(whole)).toBeNull();
    expect(componentFault({ ...whole, e2nodeComponentInterfaceType: 'f1' })).toContain('f1');
    const swapped = { e2nodeComponentRequestPart: second, e2nodeComponentResponsePart: first };
    expect(componentFault({ ...whole, e2nodeComponentConfiguration: swapped })).toContain('request part');
  });

  it('is no message when it is too short, too long, or of no kind', () => {
    const { request: sound } = f1Setup();
    expect(envelopeFault(sound, 'initiating')).toBeNull();
    expect(envelopeFault(sound.subarray(0, 10), 'initiating')).toContain('long');
    expect(envelopeFault(Uint8Array.of(...sound, 0), 'initiating')).toContain('long');
    expect(envelopeFault(Uint8Array.of(1, 2, 3, 4), 'initiating')).toContain('no message');
    expect(envelopeFault(new Uint8Array(), 'outcome')).toContain('0 octet(s)');
  });
});

it('sends garbage that is none of E2AP, the same every time', () => {
  for (let seed = 0; seed < 40; seed += 1) {
    expect(
      decodePdu(garbage(seed)).faults.length + (decodePdu(garbage(seed)).message === null ? 1 : 0),
    ).toBeGreaterThan(0);
    expect(garbage(seed)).toEqual(garbage(seed));
  }
});
