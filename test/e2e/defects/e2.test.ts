import { type Matrix, testDefects } from '../../support/defect-matrix.ts';

/** On a busy machine indications come in bunches; the defect that is about time is twice too slow. */
const E2_SHORT = {
  answerWithinMs: 1500,
  triggerWithinMs: 3000,
  retryWithinMs: 4000,
  graceMs: 60,
  tolerance: 60,
};

const MATRICES: readonly Matrix[] = [
  {
    plan: 'e2-ric',
    parameters: { responseTimeMs: 1500, settleMs: 150, watchMs: 800 },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['aborts-on-malformed', 'wrong-transaction-id'],
  },
  {
    plan: 'e2-node',
    parameters: { ...E2_SHORT, periodMs: 100, periods: 3, settleMs: 250, maxRetriesCount: 3 },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['time-to-wait-ignored', 'criticality-ignored'],
  },
  {
    plan: 'e2-pair',
    parameters: { ...E2_SHORT, periodMs: 200, periods: 4, settleMs: 200 },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['near-rt-ric-e2/wrong-transaction-id', 'e2-node/kpm-timestamp-4-octets'],
  },
];

testDefects(MATRICES);
