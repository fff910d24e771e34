import { describe, expect, it } from 'vitest';
import { RrcNetworkSide } from '../../../../../runners/interfaces/rrc/network-side.ts';
import { cellGroupConfig } from '../../../../../runners/interfaces/rrc/cell-group.ts';
import type { SeenPdu } from '../../../../../runners/procedures/ap/seen-messages.ts';
import {
  E1_RELEASE,
  judgeFlow,
  REGISTRATION,
  SESSION,
} from '../../../../../runners/procedures/chain/flow.ts';
import {
  CORE,
  CU_CP,
  CU_UP,
  DU,
  type LinkName,
  LINKS,
  type Place,
} from '../../../../../runners/procedures/chain/links.ts';
import type { Pdus } from '../../../../../runners/procedures/chain/seen-rounds.ts';

type Said = readonly [on: LinkName, by: Place, name: string, ies?: object];

/** Messages in the order in which they went by. */
function pdusOf(all: readonly Said[]): Pdus {
  const on = (link: LinkName): readonly SeenPdu[] =>
    all.flatMap(([name, by, message, ies = {}], n) =>
      name === link ? [aPdu({ n, link, by, message: { name: message, ies } })] : [],
    );
  return { ng: on('ng'), f1: on('f1'), e1: on('e1') };
}

interface Saying {
  readonly n: number;
  readonly link: LinkName;
  readonly by: Place;
  readonly message: object;
}

function aPdu({ n, link, by, message }: Saying): SeenPdu {
  const direction = by === LINKS[link].listener ? 'sent' : 'received';
  return { n, t: n / 10, direction, step: 'registration-1', decoded: { message } } as unknown as SeenPdu;
}

const container = new RrcNetworkSide().setup(cellGroupConfig([{ srb: 1 }]));
const asking: readonly Said[] = [
  ['f1', DU, 'InitialULRRCMessageTransfer'],
  ['f1', CU_CP, 'DLRRCMessageTransfer', { RRCContainer: container }],
  ['f1', DU, 'ULRRCMessageTransfer'],
  ['ng', CU_CP, 'InitialUEMessage', { 'RAN-UE-NGAP-ID': 4 }],
];
const challenge: Said = ['ng', CORE, 'DownlinkNASTransport', { 'RAN-UE-NGAP-ID': 4 }];
const passedDown: Said = ['f1', CU_CP, 'DLRRCMessageTransfer'];
const response: Said = ['f1', DU, 'ULRRCMessageTransfer'];
const passedUp: Said = ['ng', CU_CP, 'UplinkNASTransport'];
const accepted: readonly Said[] = [
  ['ng', CORE, 'InitialContextSetupRequest'],
  ['f1', CU_CP, 'UEContextSetupRequest'],
  ['f1', DU, 'UEContextSetupResponse'],
  ['ng', CU_CP, 'InitialContextSetupResponse'],
];

describe('the registration of a UE', () => {
  const side = (...said: readonly Said[]): unknown => {
    const finding = judgeFlow(pdusOf(said), REGISTRATION);
    return finding.verdict === 'fail' ? finding.side : finding.verdict;
  };

  it('is complete when every message of the way went by', () => {
    expect(side(...asking, challenge, passedDown, response, passedUp, ...accepted)).toBe('pass');
    expect(side(...asking, ...accepted)).toBe('pass');
  });

  it.each([
    ['the O-DU of a UE that says nothing', [], DU],
    ['an O-CU-CP that does not answer', asking.slice(0, 1), CU_CP],
    ['an O-CU-CP that rejects the UE', [...asking.slice(0, 1), rejection()], CU_CP],
    ['an O-CU-CP that does not tell the core', asking.slice(0, 3), CU_CP],
    ['a core that says nothing', asking, CORE],
    ['an O-CU-CP that does not pass NAS down', [...asking, challenge], CU_CP],
    ['a UE that does not answer, with its O-DU', [...asking, challenge, passedDown], DU],
    ['an O-CU-CP that does not pass NAS up', [...asking, challenge, passedDown, response], CU_CP],
    ['a core that does not go on', [...asking, challenge, passedDown, response, passedUp], CORE],
    ['a core that speaks to a UE that nobody knows', [...asking, strange()], CORE],
    ['an O-DU that does not set the context up', [...asking, ...accepted.slice(0, 2)], DU],
    ['an O-CU-CP that does not confirm', [...asking, ...accepted.slice(0, 3)], CU_CP],
  ] as const)('blames %s', (_, said, blamed) => {
    expect(side(...said)).toBe(blamed);
  });

  function rejection(): Said {
    return ['f1', CU_CP, 'DLRRCMessageTransfer', { RRCContainer: RrcNetworkSide.reject(1) }];
  }

  function strange(): Said {
    return ['ng', CORE, 'DownlinkNASTransport', { 'RAN-UE-NGAP-ID': 5 }];
  }
});

describe('what follows', () => {
  it('blames who leaves a request unanswered before who does not go on', () => {
    const wanted: Said = ['ng', CORE, 'PDUSessionResourceSetupRequest'];
    const bearers: Said = ['e1', CU_CP, 'BearerContextSetupRequest'];
    expect(judgeFlow(pdusOf([wanted]), SESSION)).toMatchObject({ verdict: 'fail', side: CU_CP });
    expect(judgeFlow(pdusOf([wanted, bearers]), SESSION)).toMatchObject({ verdict: 'fail', side: CU_UP });
    const cell: Said = ['f1', CU_CP, 'UEContextModificationRequest', { 'DRBs-ToBeSetupMod-List': [] }];
    // This O-CU-CP asks the O-DU first.
    expect(judgeFlow(pdusOf([wanted, cell]), SESSION)).toMatchObject({ verdict: 'fail', side: DU });
  });

  it('counts a session that came with the registration', () => {
    const whole: readonly Said[] = [
      ['ng', CORE, 'InitialContextSetupRequest'],
      ['e1', CU_CP, 'BearerContextSetupRequest'],
      ['e1', CU_UP, 'BearerContextSetupResponse'],
      ['f1', CU_CP, 'UEContextSetupRequest', { 'DRBs-ToBeSetup-List': [] }],
      ['f1', DU, 'UEContextSetupResponse', { 'DRBs-Setup-List': [] }],
      ['ng', CU_CP, 'InitialContextSetupResponse', { PDUSessionResourceSetupListCxtRes: [] }],
    ];
    expect(judgeFlow(pdusOf(whole), SESSION)).toMatchObject({ verdict: 'pass', shownBy: [0, 1, 2, 3, 4, 5] });
  });

  it('takes a release as done when it was completed by whom it was asked of', () => {
    const command: Said = ['e1', CU_CP, 'BearerContextReleaseCommand'];
    expect(judgeFlow(pdusOf([command]), E1_RELEASE)).toMatchObject({ verdict: 'fail', side: CU_UP });
    const complete: Said = ['e1', CU_UP, 'BearerContextReleaseComplete'];
    expect(judgeFlow(pdusOf([command, complete]), E1_RELEASE)).toMatchObject({ verdict: 'pass' });
  });
});
