import { type Matrix, testDefects } from '../../support/defect-matrix.ts';

const MATRICES: readonly Matrix[] = [
  {
    plan: 'chain-registration',
    parameters: { settleMs: 200, triggerWithinMs: 2500 },
    correct: [{ name: 'correct' }],
    settings: {},
    simulators: { amf: { publicKeys: true, sd: null, tac: 7 } },
    unattributed: [
      'amf/user-plane-dead',
      'o-cu-up/uplink-lost',
      'o-cu-up/forgets-modification',
      'o-du/wrong-uplink-teid',
    ],
    inSuite: ['o-cu-cp/du-tunnel-not-told', 'amf/context-kept'],
  },
];

testDefects(MATRICES);
