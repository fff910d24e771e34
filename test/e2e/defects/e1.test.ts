import { type Matrix, testDefects } from '../../support/defect-matrix.ts';

const MATRICES: readonly Matrix[] = [
  {
    plan: 'e1-cucp',
    parameters: { settleMs: 150, responseTimeMs: 1200, triggerWithinMs: 3000 },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['bearer-release-forgotten', 'plmn-mismatch-accepted'],
  },
  {
    plan: 'e1-cuup',
    parameters: { settleMs: 150, silenceMs: 200, responseTimeMs: 1500, connectWithinMs: 5000 },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['reset-half-done', 'null-integrity-accepted'],
  },
  {
    plan: 'e1-pair',
    parameters: { answerWithinMs: 4000, settleMs: 150, responseTimeMs: 3000, triggerWithinMs: 8000 },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['o-cu-cp/user-plane-keys-swapped', 'o-cu-up/wrong-transaction-id'],
  },
];

testDefects(MATRICES);
