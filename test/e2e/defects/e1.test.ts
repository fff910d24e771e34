import { type Matrix, testDefects } from '../../support/defect-matrix.ts';

const MATRICES: readonly Matrix[] = [
  {
    plan: 'e1-cuup',
    parameters: { settleMs: 150, silenceMs: 200, responseTimeMs: 1500, connectWithinMs: 5000 },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['reset-half-done', 'null-integrity-accepted'],
  },
];

testDefects(MATRICES);
