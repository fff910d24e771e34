import { pause } from '../../../src/kernel/deadline.ts';
import { SETTLE, TRIGGER_WITHIN } from '../ap/parameters.ts';
import type { ParameterSpec, Procedure } from '../procedure.ts';
import { driveChain } from './drive.ts';
import { CLAUSES, judgeChain, type LinkPrograms } from './judge.ts';
import { registerAgainAndAgain } from './rounds.ts';

const CONNECT: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long each product may take to connect and to set up',
};
const ANSWER: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long a product may take to let the runner connect',
};
const REGISTRATIONS: ParameterSpec = {
  type: 'number',
  unit: 'count',
  about: 'how often the UE registers, one after the other',
};

/** What is done with a whole chain of products. @param programs the properties of the protocol on each interface */
export function chainProcedures(programs: LinkPrograms): readonly Procedure[] {
  return [
    {
      id: 'chain.registration',
      parameters: {
        ...{ registrationsCount: REGISTRATIONS, connectWithinMs: CONNECT, answerWithinMs: ANSWER },
        ...{ triggerWithinMs: TRIGGER_WITHIN, settleMs: SETTLE },
      },
      clauses: CLAUSES,
      drive: (bench, { signal }) =>
        driveChain({ bench, signal }, async (driver) => {
          await registerAgainAndAgain(driver);
          driver.enter('over');
          await pause(bench.number('settleMs'), { signal });
        }),
      judge: (seen) => judgeChain(seen, programs),
    },
  ];
}
