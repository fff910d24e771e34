import type { CaseId } from '../../../src/domain/ids.ts';
import { decodeNas } from '../../interfaces/nas/codec.ts';
import type { NasName } from '../../interfaces/nas/types.ts';
import type { Outgoing } from '../../interfaces/ngap/types.ts';
import { broken, clausesOf, type Found, holds, unseen } from '../ap/judging.ts';
import { RESPONSE_TIME } from '../ap/parameters.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../ng/seen-messages.ts';
import { factsIn, happened } from '../ng/ue-facts.ts';
import { Blocked, type ParameterSpec, type Procedure } from '../procedure.ts';
import { driveAmf } from './amf-driver.ts';

const REGISTRATION_CASE = 'NG-004' as CaseId;
const CHALLENGE = 'challenge';
const REPETITION = 'repetition';
/** What may come between the messages of a registration; each has its time to answer. */
const ROUNDS = 4;

const REPETITION_WITHIN: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long the product may take to say again what was not answered',
};

/** TS 24.501 5.4.1.3.7 b: what the UE answers to its challenge is lost on the way, and it is challenged again when T3560 has run out. */
export const repetition: Procedure = {
  id: 'ng.amf.repetition',
  parameters: { responseTimeMs: RESPONSE_TIME, repetitionWithinMs: REPETITION_WITHIN },
  clauses: ['repeated', 'same', 'registered'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      const ue = await driver.ue(gnb);
      gnb.behave({ sends: losingFirst('AuthenticationResponse') });
      gnb.enter(CHALLENGE);
      ue.ran.run(ue.ran.ue.register());
      if ((await ue.until(CHALLENGE, ['authenticated'], { rounds: 2 })) === null)
        throw Blocked.precondition('the UE was not challenged', REGISTRATION_CASE);
      gnb.enter(REPETITION);
      const from = ue.ran.facts.length;
      const withinMs = bench.number('repetitionWithinMs');
      const isNext = ({ fact }: { readonly fact: string }): boolean =>
        ['authenticated', 'authentication-failed', 'refused', 'released'].includes(fact);
      await ue.ran.waitFor(isNext, { withinMs, signal, from });
      await ue.until(REPETITION, ['registered', 'refused', 'released'], { rounds: ROUNDS, from });
    }),
  judge: (seen) => {
    const challenges = challengesIn(seenPdus(seen.observations));
    const first = challenges.findLast(({ step }) => step === CHALLENGE);
    const again = challenges.find(({ step }) => step === REPETITION);
    return {
      clauses: clausesOf({
        repeated: repeatedWithin(first, again, seen.number('repetitionWithinMs')),
        same: isSame(first, again),
        registered:
          again === undefined
            ? unseen('the UE was not challenged again')
            : happened(factsIn(seen), 'registered', {
                step: REPETITION,
                otherwise: 'the answer to the repetition did not count',
              }),
      }),
    };
  },
};

/** What a UE says first under that name does not get through. */
function losingFirst(name: NasName): (message: Outgoing) => readonly Outgoing[] {
  let isLost = false;
  return (message) => {
    if (isLost || message.name !== 'UplinkNASTransport') return [message];
    isLost = decodeNas(message.ies['NAS-PDU']).message?.name === name;
    return isLost ? [] : [message];
  };
}

interface Challenge {
  readonly n: number;
  readonly step: string;
  readonly nas: Uint8Array;
}

function challengesIn(pdus: readonly SeenPdu[]): readonly Challenge[] {
  return messagesOf(pdus, 'DownlinkNASTransport', 'received').flatMap(({ n, step, message }) => {
    const { 'NAS-PDU': nas } = message.ies;
    const name = nas === undefined ? null : decodeNas(nas).message?.name;
    return nas !== undefined && name === 'AuthenticationRequest' ? [{ n, step, nas }] : [];
  });
}

function repeatedWithin(first: Challenge | undefined, again: Challenge | undefined, withinMs: number): Found {
  if (first === undefined) return unseen('the UE was not challenged');
  return again === undefined
    ? broken(`AUTHENTICATION REQUEST did not come again within ${withinMs} ms`, first.n)
    : holds('AUTHENTICATION REQUEST came again', first.n, again.n);
}

function isSame(first: Challenge | undefined, again: Challenge | undefined): Found {
  if (first === undefined || again === undefined) return unseen('there is no repetition');
  return Buffer.compare(first.nas, again.nas) === 0
    ? holds('it is the same message', first.n, again.n)
    : broken('it is not the same message', first.n, again.n);
}
