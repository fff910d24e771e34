import { type Matrix, testDefects } from '../../support/defect-matrix.ts';

const AROUND = { settleMs: 150, responseTimeMs: 1200, triggerWithinMs: 3000 };

const MATRICES: readonly Matrix[] = [
  {
    plan: 'f1-cu',
    parameters: AROUND,
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['omits-pdcp-sn-length', 'forgets-update'],
  },
  {
    plan: 'f1-du',
    parameters: { settleMs: 150, responseTimeMs: 1000, triggerWithinMs: 2000, connectWithinMs: 4000 },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['dummy-system-information', 'wrong-uplink-teid'],
  },
  {
    plan: 'f1-pair',
    parameters: { answerWithinMs: 4000, settleMs: 150, responseTimeMs: 3000, triggerWithinMs: 8000 },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['o-cu-cp/omits-pdcp-sn-length', 'o-du/reset-half-done'],
  },
];

testDefects(MATRICES);
