import { pause } from '../../../../src/kernel/deadline.ts';
import type { ApShape, Criticality, Element } from '../../../interfaces/ap/types.ts';
import type { Procedure } from '../../procedure.ts';
import { clausesOf } from '../judging.ts';
import { SETTLE } from '../parameters.ts';
import { seenOn } from '../seen-messages.ts';
import { alive, answeredIn, ignoredIn, indicatedIn, notifiedIn, refusedIn } from './judging.ts';
import { type ApSuite, probe, provoke } from './suite.ts';

// What a receiver makes of messages that are wrong: clause 10 of every application protocol.

const TRANSFER_SYNTAX = ['protocol transfer-syntax-error'];
const REJECT = ['protocol abstract-syntax-error-reject'];
const NOTIFY = ['protocol abstract-syntax-error-ignore-and-notify'];
const FALSELY_CONSTRUCTED = ['protocol abstract-syntax-error-falsely-constructed-message'];
/** No element of the protocols has this identifier, and no procedure that code. */
const UNKNOWN_ELEMENT = 60_001;
const UNKNOWN_PROCEDURE = 251;

export function errorProcedures<S extends ApShape>(suite: ApSuite<S>): readonly Procedure[] {
  return [transferSyntax(suite), unknownElements(suite), wronglyMade(suite), unknownProcedures(suite)];
}

/** 10.2: a message that is cut off and one that is none at all. */
function transferSyntax<S extends ApShape>(suite: ApSuite<S>): Procedure {
  const { codec } = suite.spoken.protocol;
  const { seenPdus } = seenOn(suite.spoken);
  return {
    id: `${suite.prefix}.transfer-syntax`,
    parameters: suite.parameters,
    clauses: ['cut-off', 'garbage', 'alive'],
    drive: (bench, { signal }) =>
      suite.drive(bench, { signal }, async (driver) => {
        const link = await driver.ready();
        const { name, ies } = suite.update(link);
        const whole = codec.encodeMessage(name, ies);
        await provoke(driver, { link, step: 'cut-off', octets: whole.subarray(0, whole.length - 3) });
        const garbage = Uint8Array.from({ length: 40 }, (_, index) => 0xff - index);
        await provoke(driver, { link, step: 'garbage', octets: garbage });
        await probe(suite, driver, { link });
      }),
    judge: ({ observations }) => {
      const pdus = seenPdus(observations);
      return {
        clauses: clausesOf({
          'cut-off': indicatedIn(pdus, 'cut-off', TRANSFER_SYNTAX),
          garbage: indicatedIn(pdus, 'garbage', TRANSFER_SYNTAX),
          alive: alive(pdus),
        }),
      };
    },
  };
}

/** 10.3.4.2: elements that nobody knows, by their criticality. */
function unknownElements<S extends ApShape>(suite: ApSuite<S>): Procedure {
  const { codec } = suite.spoken.protocol;
  const { seenPdus } = seenOn(suite.spoken);
  const answer = suite.updateAnswer;
  return {
    id: `${suite.prefix}.unknown-elements`,
    parameters: { ...suite.parameters, settleMs: SETTLE },
    clauses: ['reject', 'ignore', 'notify', 'alive'],
    drive: (bench, { signal }) =>
      suite.drive(bench, { signal }, async (driver) => {
        const link = await driver.ready();
        for (const criticality of ['reject', 'ignore', 'notify'] as const) {
          const { name, ies } = suite.update(link);
          const elements = [...codec.elementsFor(name, ies), stranger(criticality)];
          await provoke(driver, { link, step: criticality, octets: codec.encodeElements(name, elements) });
          await pause(bench.number('settleMs'), { signal });
        }
        await probe(suite, driver, { link });
      }),
    judge: ({ observations }) => {
      const pdus = seenPdus(observations);
      return {
        clauses: clausesOf({
          reject: refusedIn(pdus, 'reject', REJECT),
          ignore: answeredIn(pdus, 'ignore', [answer]),
          notify: notifiedIn(pdus, 'notify', { answer, causes: NOTIFY }),
          alive: alive(pdus),
        }),
      };
    },
  };
}

function stranger(criticality: Criticality): Element {
  return { id: UNKNOWN_ELEMENT, criticality, value: Uint8Array.of(1, 2, 3) };
}

/** 10.3.5 and 10.3.6: an element that must be there is not, and one is there twice. */
function wronglyMade<S extends ApShape>(suite: ApSuite<S>): Procedure {
  const { codec } = suite.spoken.protocol;
  const { seenPdus } = seenOn(suite.spoken);
  return {
    id: `${suite.prefix}.wrongly-made`,
    parameters: suite.parameters,
    clauses: ['missing', 'repeated', 'alive'],
    drive: (bench, { signal }) =>
      suite.drive(bench, { signal }, async (driver) => {
        const link = await driver.ready();
        const { name, ies } = suite.reset(link);
        const elements = codec.elementsFor(name, ies);
        const missing = codec.encodeElements(name, elements.slice(1));
        await provoke(driver, { link, step: 'missing', octets: missing });
        const again = suite.update(link);
        const whole = codec.elementsFor(again.name, again.ies);
        const repeated = codec.encodeElements(again.name, [...whole, ...whole.slice(-1)]);
        await provoke(driver, { link, step: 'repeated', octets: repeated });
        await probe(suite, driver, { link });
      }),
    judge: ({ observations }) => {
      const pdus = seenPdus(observations);
      return {
        clauses: clausesOf({
          missing: refusedIn(pdus, 'missing', REJECT),
          repeated: refusedIn(pdus, 'repeated', FALSELY_CONSTRUCTED),
          alive: alive(pdus),
        }),
      };
    },
  };
}

/** 10.3.4.1: procedures that do not exist, by their criticality. */
function unknownProcedures<S extends ApShape>(suite: ApSuite<S>): Procedure {
  const { codec } = suite.spoken.protocol;
  const { seenPdus } = seenOn(suite.spoken);
  return {
    id: `${suite.prefix}.unknown-procedures`,
    parameters: { ...suite.parameters, settleMs: SETTLE },
    clauses: ['rejected', 'ignored', 'alive'],
    drive: (bench, { signal }) =>
      suite.drive(bench, { signal }, async (driver) => {
        const link = await driver.ready();
        const unknown = (criticality: Criticality): Uint8Array => {
          const { name } = suite.reset(link);
          return codec.encodeElements(name, [], { code: UNKNOWN_PROCEDURE, criticality, kind: 'initiating' });
        };
        await provoke(driver, { link, step: 'rejected', octets: unknown('reject') });
        await link.sendBytes('ignored', unknown('ignore'));
        await pause(bench.number('settleMs'), { signal });
        await probe(suite, driver, { link });
      }),
    judge: ({ observations }) => {
      const pdus = seenPdus(observations);
      return {
        clauses: clausesOf({
          rejected: indicatedIn(pdus, 'rejected', REJECT),
          ignored: ignoredIn(pdus, 'ignored'),
          alive: alive(pdus),
        }),
      };
    },
  };
}
