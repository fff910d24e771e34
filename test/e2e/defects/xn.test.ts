import { type Matrix, testDefects } from '../../support/defect-matrix.ts';

const MATRICES: readonly Matrix[] = [
  {
    plan: 'xn-gnb',
    parameters: {
      ...{ responseTimeMs: 1500, settleMs: 120, triggerWithinMs: 2500, connectWithinMs: 3000 },
      ...{ expiresWithinMs: 4000, iterations: 120 },
    },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['keeps-source-context', 'path-switch-changes-capabilities'],
  },
  {
    plan: 'xn-pair',
    parameters: { answerWithinMs: 1500, settleMs: 250, triggerWithinMs: 2500 },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['xn-gnb/setup-answered-twice', 'xn-neighbour/path-switch-changes-capabilities'],
  },
];

testDefects(MATRICES);
