import type { Criticality } from '../../interfaces/ap/types.ts';
import { elementsFor, encodeElements, encodeMessage } from '../../interfaces/ngap/codec.ts';
import { servedBy } from '../../simulators/amf/node-procedures.ts';
import { answeredWith, clausesOf, errorIndicated, type Found } from '../ap/judging.ts';
import { SETTLE } from '../ap/parameters.ts';
import { sentIn } from '../ap/seen-messages.ts';
import { transferSyntaxTold } from '../ng/judging.ts';
import { wholeReset } from '../ng/resets.ts';
import { type SeenPdu, seenPdus } from '../ng/seen-messages.ts';
import type { Procedure } from '../procedure.ts';
import { driveGnb } from './gnb-driver.ts';
import { TIMES } from './parameters.ts';
import { serves } from './serving.ts';

const REJECT = ['protocol abstract-syntax-error-reject'];
/** No element of NGAP has this identifier. */
const UNKNOWN_ELEMENT = 60_001;

/** TS 38.413 10.2: a message that is cut off and one that is no NGAP at all. */
export const transferSyntax: Procedure = {
  id: 'ng.gnb.transfer-syntax',
  parameters: TIMES,
  clauses: ['cut-off', 'garbage', 'alive'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const whole = encodeMessage('AMFConfigurationUpdate', servedBy(driver.amf.settings));
      await driver.provoke(link, 'cut-off', whole.subarray(0, whole.length - 5));
      await driver.provoke(
        link,
        'garbage',
        Uint8Array.from({ length: 40 }, (_, index) => 0xff - index),
      );
      await driver.probe(link);
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const { found, remarks } = transferSyntaxTold(pdus, ['cut-off', 'garbage']);
    return { clauses: clausesOf({ ...found, alive: serves(pdus) }), remarks };
  },
};

/** TS 38.413 10.3.4.2: elements that nobody knows, by their criticality. */
export const unknownElements: Procedure = {
  id: 'ng.gnb.unknown-elements',
  parameters: { ...TIMES, settleMs: SETTLE },
  clauses: ['reject', 'ignore', 'alive'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      for (const criticality of ['reject', 'ignore'] as const) {
        await driver.provoke(link, criticality, aReset(criticality));
        await driver.settle(bench.number('settleMs'));
      }
      await driver.probe(link);
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        reject: indicated(pdus, 'reject', REJECT),
        ignore: answeredWith(pdus, sentIn(pdus, 'ignore'), ['NGResetAcknowledge']),
        alive: serves(pdus),
      }),
    };
  },
};

function aReset(criticality: Criticality): Uint8Array {
  const stranger = { id: UNKNOWN_ELEMENT, criticality, value: Uint8Array.of(1, 2, 3) };
  return encodeElements('NGReset', [...elementsFor('NGReset', wholeReset().ies), stranger]);
}

function indicated(pdus: readonly SeenPdu[], step: string, causes: readonly string[]): Found {
  return errorIndicated(
    pdus.filter((pdu) => pdu.step === step),
    sentIn(pdus, step),
    causes,
  );
}
