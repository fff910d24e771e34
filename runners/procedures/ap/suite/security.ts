import { pause } from '../../../../src/kernel/deadline.ts';
import type { ApShape } from '../../../interfaces/ap/types.ts';
import type { Procedure } from '../../procedure.ts';
import { fuzz, FUZZING, type FuzzPort } from '../fuzz/campaign.ts';
import { AFTER_SETUP, BEFORE_SETUP } from '../fuzz/inputs.ts';
import { FUZZ_CLAUSES, judgeFuzz } from '../fuzz/judging.ts';
import { floodSize, limitKept, sendGarbage, sendWrongPpids } from '../flood.ts';
import { clausesOf } from '../judging.ts';
import type { ApLink } from '../link.ts';
import { SETTLE } from '../parameters.ts';
import { transportProtection } from '../protection.ts';
import { seenOn } from '../seen-messages.ts';
import { alive } from './judging.ts';
import { type ApDriver, type ApSuite, probe } from './suite.ts';

/** WG11 6.11.5, 6.11.6: what no peer sends, and, of a product that listens, more associations than are allowed. */
export function sctpSecurity<S extends ApShape>(suite: ApSuite<S>): Procedure {
  const { seenPdus } = seenOn(suite.spoken);
  const flooding = suite.isListening
    ? {
        excess: {
          type: 'number',
          unit: 'count',
          about: 'associations beyond those that are allowed',
        } as const,
      }
    : {};
  return {
    id: `${suite.prefix}.sctp-security`,
    parameters: { ...suite.parameters, settleMs: SETTLE, ...flooding },
    clauses: [...(suite.isListening ? ['limit', 'flood-survived'] : []), 'wrong-ppid', 'garbage'],
    drive: (bench, { signal }) => suite.drive(bench, { signal }, (driver) => attack(suite, driver)),
    judge: (seen) => {
      const pdus = seenPdus(seen.observations);
      const flood = suite.isListening
        ? { limit: limitKept(seen, suite.spoken.name), 'flood-survived': alive(pdus, 'after-flood') }
        : {};
      return {
        clauses: clausesOf({
          ...flood,
          'wrong-ppid': alive(pdus, 'after-wrong-ppid'),
          garbage: alive(pdus, 'after-garbage'),
        }),
      };
    },
  };
}

async function attack<S extends ApShape>(suite: ApSuite<S>, driver: ApDriver<S>): Promise<void> {
  const { bench, signal } = driver;
  const { codec } = suite.spoken.protocol;
  const link = await driver.ready();
  const settle = (): Promise<void> => pause(bench.number('settleMs'), { signal });
  if (suite.isListening) {
    const size = floodSize(bench, suite.spoken.name);
    for (let count = 1; count < size; count += 1) await driver.associate('flood');
    await settle();
    await probe(suite, driver, { link, step: 'after-flood' });
  }
  const updates = Array.from({ length: 3 }, () => suite.update(link));
  await sendWrongPpids(
    link,
    updates.map(({ name, ies }) => codec.encodeMessage(name, ies)),
  );
  await settle();
  await probe(suite, driver, { link, step: 'after-wrong-ppid' });
  const { name, ies } = suite.update(link);
  await sendGarbage(link, codec.encodeMessage(name, ies));
  await settle();
  await probe(suite, driver, { link, step: 'after-garbage' });
}

/** TS 33.523, TS 33.511: what is said between sites is protected. */
export function protection<S extends ApShape>(suite: ApSuite<S>): Procedure {
  return transportProtection({
    id: `${suite.prefix}.transport-protection`,
    interface: suite.spoken.name,
    parameters: suite.parameters,
    speak: (bench, { signal, whileUp }) =>
      suite.drive(bench, { signal }, async (driver) => {
        const link = await driver.ready();
        await probe(suite, driver, { link });
        await whileUp(link.peer.association);
      }),
  });
}

/** WG11 7.4: mutated messages, where the product listens also before anything is set up. */
export function fuzzing<S extends ApShape>(suite: ApSuite<S>): Procedure {
  const { seenPdus } = seenOn(suite.spoken);
  return {
    id: `${suite.prefix}.fuzz`,
    parameters: { ...suite.parameters, ...FUZZING },
    clauses: FUZZ_CLAUSES,
    drive: (bench, { signal }) =>
      suite.drive(bench, { signal }, async (driver) => {
        const first = await driver.ready();
        await first.close();
        await fuzz(portOf(suite, driver), {
          spoken: suite.spoken,
          templates: suite.templates(driver.product),
          seed: bench.number('seed'),
          spared: suite.spared,
        });
        const last = await driver.associate('again');
        if (last !== null && (await driver.setUp(last, 'again'))) await probe(suite, driver, { link: last });
      }),
    judge: ({ observations }) => judgeFuzz(observations, alive(seenPdus(observations))),
  };
}

function portOf<S extends ApShape>(suite: ApSuite<S>, driver: ApDriver<S>): FuzzPort<S> {
  const { bench, signal, waiting } = driver;
  return {
    ...{ bench, signal },
    states: suite.isListening ? [BEFORE_SETUP, AFTER_SETUP] : [AFTER_SETUP],
    async enter(state) {
      const link = await driver.associate('fuzz');
      if (link === null) return null;
      link.observes = false;
      if (state === BEFORE_SETUP)
        return { state, link, probe: async () => answersSetup(await driver.setUp(link, 'fuzz'), link) };
      if (!(await driver.setUp(link, 'fuzz'))) {
        await link.close();
        return null;
      }
      return { state, link, probe: () => probe(suite, { waiting }, { link, step: 'fuzz' }) };
    },
  };
}

/** A set-up that is refused is an answer, too. */
function answersSetup<S extends ApShape>(isDone: boolean, { peer }: ApLink<S>): boolean {
  return isDone || (!peer.isOver && peer.journal.entries.some(({ direction }) => direction === 'received'));
}
