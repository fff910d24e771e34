import { sessionsSetUp } from '../../interfaces/e1ap/bearers.ts';
import { tunnelOf } from '../../interfaces/ap/tunnel.ts';
import { E1 } from '../ap/interfaces/e1.ts';
import { broken, clausesOf, type Found, holds, unseen, wellFormed } from '../ap/judging.ts';
import { seenOn } from '../ap/seen-messages.ts';
import { answeredIn, refusedIn } from '../ap/suite/judging.ts';
import type { Bench, ParameterSpec, Procedure } from '../procedure.ts';
import { allArrived, nothingArrives } from '../user-plane/judging.ts';
import { TesterUserPlane } from '../user-plane/tester.ts';
import { KEYS, TesterContext } from './context.ts';
import { BASIC, type CuUpDriver, driveCuUp, type E1Link } from './driver.ts';

const { seenPdus, messagesOf } = seenOn(E1);

export const PACKETS: ParameterSpec = { type: 'number', unit: 'count', about: 'packets in each direction' };
export const SILENCE: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long packets that should not come are waited for',
};

export interface WithContext {
  readonly context: TesterContext;
  readonly driver: CuUpDriver;
  readonly link: E1Link;
}

export async function withContext(
  bench: Bench,
  { signal }: { signal: AbortSignal },
  behave: (about: WithContext) => Promise<void>,
): Promise<void> {
  await driveCuUp(bench, { signal }, async (driver) => {
    await using userPlane = await TesterUserPlane.open(bench, 'f1-u');
    const link = await driver.ready();
    await behave({ context: new TesterContext(driver, { link, userPlane }), driver, link });
  });
}

/** TS 37.483 8.3.1 and 8.3.2: a session with two bearers, and packets through them. */
export const bearerContext: Procedure = {
  id: 'e1.cu-up.bearer-context',
  parameters: { ...BASIC, packets: PACKETS },
  clauses: ['set-up', 'tunnels', 'modified', 'well-formed', 'downlink', 'uplink'],
  drive: (bench, { signal }) =>
    withContext(bench, { signal }, async ({ context }) => {
      if (!(await context.setUp('set-up')) || !(await context.modify('modify'))) return;
      await context.exchange('data', {
        packets: bench.number('packets'),
        withinMs: bench.number('responseTimeMs'),
      });
      await context.release('release');
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        'set-up': answeredIn(pdus, 'set-up', ['BearerContextSetupResponse']),
        tunnels: tunnels(pdus),
        modified: answeredIn(pdus, 'modify', ['BearerContextModificationResponse']),
        'well-formed': wellFormed(pdus),
        downlink: allArrived(observations, 'data', 'downlink'),
        uplink: allArrived(observations, 'data', 'uplink'),
      }),
    };
  },
};

/** Every bearer, and the session, has a tunnel of its own. */
function tunnels(pdus: ReturnType<typeof seenPdus>): Found {
  const [response] = messagesOf(pdus, 'BearerContextSetupResponse', 'received');
  if (response === undefined) return unseen('there is no response');
  const sessions = sessionsSetUp(response.message.ies['System-BearerContextSetupResponse']);
  const found = sessions.flatMap((session) => [
    tunnelOf(session['nG-DL-UP-TNL-Information']),
    ...session['dRB-Setup-List-NG-RAN'].map((drb) =>
      tunnelOf(drb['uL-UP-Transport-Parameters'][0]?.['uP-TNL-Information']),
    ),
  ]);
  const names = found.map((tunnel) => (tunnel === null ? 'none' : `${tunnel.host} ${tunnel.teid}`));
  const what = names.join(', ');
  if (names.length < 3) return broken(`${names.length} tunnels for a session with two bearers`, response.n);
  return new Set(names).size === names.length && !names.includes('none')
    ? holds(what, response.n)
    : broken(`not each has one of its own: ${what}`, response.n);
}

/** TS 37.483 8.3.4: what is released carries nothing any more. */
export const bearerRelease: Procedure = {
  id: 'e1.cu-up.bearer-release',
  parameters: { ...BASIC, silenceMs: SILENCE, packets: PACKETS },
  clauses: ['completed', 'silent'],
  drive: (bench, { signal }) =>
    withContext(bench, { signal }, async ({ context }) => {
      await context.mustBeUp();
      await context.release('release');
      await context.exchange('data', {
        packets: bench.number('packets'),
        withinMs: bench.number('silenceMs'),
      });
    }),
  judge: ({ observations }) => ({
    clauses: clausesOf({
      completed: answeredIn(seenPdus(observations), 'release', ['BearerContextReleaseComplete']),
      silent: nothingArrives(observations, 'data', 'downlink'),
    }),
  }),
};

/** TS 37.483 8.3.1.3: algorithms that the gNB-CU-UP cannot have. */
export const unknownAlgorithm: Procedure = {
  id: 'e1.cu-up.unknown-algorithm',
  parameters: BASIC,
  clauses: ['unknown', 'null-integrity'],
  drive: (bench, { signal }) =>
    withContext(bench, { signal }, async ({ context, driver, link }) => {
      const SecurityInformation = {
        // The first algorithm that a later release might add.
        securityAlgorithm: { cipheringAlgorithm: '...0' as const },
        uPSecuritykey: { encryptionKey: KEYS.userPlane.ciphering.key },
      };
      const ies = context.request({ SecurityInformation });
      await link.request('unknown', { name: 'BearerContextSetupRequest', ies }, driver.waiting);
      const bare = context.request({ SecurityInformation: WITHOUT_INTEGRITY });
      await link.request('null-integrity', { name: 'BearerContextSetupRequest', ies: bare }, driver.waiting);
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        unknown: refusedIn(pdus, 'unknown', CAUSES),
        'null-integrity': refusedIn(pdus, 'null-integrity', []),
      }),
    };
  },
};

/** No key for the integrity of a session that has to have it. */
const WITHOUT_INTEGRITY = {
  securityAlgorithm: { cipheringAlgorithm: 'c-128-NEA2', integrityProtectionAlgorithm: 'nIA0' },
  uPSecuritykey: { encryptionKey: KEYS.userPlane.ciphering.key },
} as const;

/** By the algorithm, or because an addition was not understood. */
const CAUSES = [
  'radioNetwork encryption-algorithms-not-supported',
  'protocol abstract-syntax-error-reject',
  'protocol transfer-syntax-error',
];
