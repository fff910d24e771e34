import { type Matrix, testDefects } from '../../support/defect-matrix.ts';

/** As cores do: something comes of its own, when nobody has asked. What is not answered comes again, only sooner. */
const CORE = { networkName: 'Patchbay', nasTimerMs: 1500 };

/** What a source does about a UE that has not left comes after the case, on a busy machine, too. */
const PATIENT = { overallWithinMs: 20_000 };

const MATRICES: readonly Matrix[] = [
  {
    plan: 'ng-amf',
    parameters: {
      ...{ responseTimeMs: 1500, settleMs: 150, triggerWithinMs: 3000, iterations: 80 },
      repetitionWithinMs: 3000,
    },
    correct: [{ name: 'correct' }],
    settings: {},
    simulators: { amf: CORE },
    inSuite: ['reset-half-done', 'accepts-replayed-nas'],
  },
  {
    plan: 'ng-gnb',
    parameters: { responseTimeMs: 1500, settleMs: 150, triggerWithinMs: 3000 },
    correct: [{ name: 'correct' }],
    settings: {},
    inSuite: ['duplicate-session-accepted', 'time-to-wait-ignored'],
  },
  {
    plan: 'ng-pair',
    parameters: { answerWithinMs: 1500, settleMs: 100 },
    correct: [{ name: 'correct' }],
    settings: {},
    simulators: { amf: { publicKeys: true }, gnb: { publicKeys: true } },
    inSuite: ['amf/paging-lost', 'gnb/release-incomplete'],
  },
  {
    plan: 'ng-handover',
    parameters: { responseTimeMs: 1500, settleMs: 100, triggerWithinMs: 3000 },
    correct: [{ name: 'correct' }],
    settings: {},
    simulators: { gnb: PATIENT, 'gnb-second': PATIENT },
    inSuite: ['gnb/gone-ue-kept', 'gnb-second/arrival-foretold'],
  },
];

testDefects(MATRICES);
