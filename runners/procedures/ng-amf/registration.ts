import type { Algorithm } from '../../interfaces/nas-security/types.ts';
import { broken, clausesOf, type Found, holds, unseen, wellFormed } from '../ap/judging.ts';
import { RESPONSE_TIME } from '../ap/parameters.ts';
import { messagesOf, seenPdus } from '../ng/seen-messages.ts';
import { factOf, factsIn, happened, neverHappened, type SeenFact } from '../ng/ue-facts.ts';
import type { Procedure } from '../procedure.ts';
import { driveAmf } from './amf-driver.ts';

const STEP = 'registration';

/** TS 24.501 5.5.1.2, TS 23.502 4.2.2.2: a UE that nobody knows yet registers with its SUCI. */
export const registration: Procedure = {
  id: 'ng.amf.registration',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['authenticated', 'secured', 'context', 'key', 'registered', 'well-formed'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const ue = await driver.ue(await driver.ready());
      await ue.register(STEP);
    }),
  judge: (seen) => {
    const facts = factsIn(seen);
    const pdus = seenPdus(seen.observations);
    const [context] = messagesOf(pdus, 'InitialContextSetupRequest', 'received');
    return {
      clauses: clausesOf({
        authenticated: happened(facts, 'authenticated', { otherwise: 'the UE was not challenged' }),
        secured: integrityIs(facts, (integrity) => integrity !== 0),
        context:
          context === undefined
            ? broken('no INITIAL CONTEXT SETUP REQUEST came')
            : holds('INITIAL CONTEXT SETUP REQUEST', context.n),
        key: sameKey(facts),
        registered: happened(facts, 'registered', { otherwise: 'the UE was not registered' }),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

function integrityIs(facts: readonly SeenFact[], isRight: (integrity: number) => boolean): Found {
  const found = factOf(facts, 'secured');
  if (found === undefined) return broken('NAS was not secured');
  const { ciphering, integrity } = found.data;
  const text = `NEA${Number(ciphering)}, NIA${Number(integrity)}`;
  return isRight(Number(integrity)) ? holds(text, found.n) : broken(text, found.n);
}

function sameKey(facts: readonly SeenFact[]): Found {
  const found = factOf(facts, 'context-set-up');
  if (found === undefined) return unseen('there is no context');
  return found.data['isSameKey'] === true
    ? holds('the Security Key is the one that the UE derives', found.n)
    : broken('the Security Key is not the one that the UE derives', found.n);
}

const FAMILIES = { snow: 1, aes: 2, zuc: 3 } as const satisfies Record<string, Algorithm>;
type Family = keyof typeof FAMILIES;

/** TS 33.501 5.5.1, 5.11.1: a UE that has only one family of algorithms gets that one. */
export const algorithms: Procedure = {
  id: 'ng.amf.algorithms',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['snow', 'aes', 'zuc'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      for (const [name, algorithm] of Object.entries(FAMILIES)) {
        const capability = { ciphering: [algorithm], integrity: [algorithm] };
        const ue = await driver.ue(gnb, { name, profile: { capability } });
        if (await ue.register(name)) await ue.deregister(`${name}-leaves`);
      }
    }),
  judge: (seen) => {
    const facts = factsIn(seen);
    const claims = seen.subjects[0]?.ics['ng.algorithms'];
    const found = (family: Family): Found => chosen(facts, { family, claims });
    return { clauses: clausesOf({ snow: found('snow'), aes: found('aes'), zuc: found('zuc') }) };
  },
};

/** ZUC is optional: a network that does not claim it may refuse. */
function chosen(
  facts: readonly SeenFact[],
  { family, claims }: { readonly family: Family; readonly claims: unknown },
): Found {
  const algorithm = FAMILIES[family];
  const secured = factOf(facts, 'secured', { ue: family });
  if (secured !== undefined) {
    const { ciphering, integrity } = secured.data;
    const text = `NEA${Number(ciphering)}, NIA${Number(integrity)}`;
    const isRight = integrity === algorithm && ciphering === algorithm;
    const registered = factOf(facts, 'registered', { ue: family });
    if (!isRight) return broken(`${text}; the UE has ${algorithm} only`, secured.n);
    return registered === undefined
      ? broken(`${text}, but not registered`, secured.n)
      : holds(text, registered.n);
  }
  const refused = factOf(facts, 'refused', { ue: family });
  const isClaimed = Array.isArray(claims) && claims.includes(`NEA${algorithm}`);
  if (family === 'zuc' && !isClaimed && refused !== undefined)
    return holds('not claimed, and refused', refused.n);
  const last = facts.findLast(({ ue }) => ue === family);
  return broken('NAS was not secured', ...(last === undefined ? [] : [last.n]));
}

/** TS 33.102 6.3.5, TS 24.501 5.4.1.3.7 c: the sequence number of the USIM is ahead. */
export const resynchronisation: Procedure = {
  id: 'ng.amf.resynchronisation',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['challenged', 'registered'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      // Ahead of all that came before, also in earlier cases: it goes up with the time.
      const ue = await driver.ue(gnb, { profile: { sqn: BigInt(Date.now()) << 5n } });
      await ue.register(STEP);
    }),
  judge: (seen) => {
    const facts = factsIn(seen);
    return {
      clauses: clausesOf({
        challenged: happened(facts, 'authentication-failed', { otherwise: 'the UE was not challenged' }),
        registered: happened(facts, 'registered', { otherwise: 'the network did not resynchronise' }),
      }),
    };
  },
};

/** TS 24.501 5.4.1.3.5: a UE that answers a challenge wrongly is not let in. */
export const wrongResponse: Procedure = {
  id: 'ng.amf.wrong-response',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['rejected', 'not-secured', 'not-registered'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      const response = (right: Uint8Array): Uint8Array => right.map((octet) => octet ^ 0xff);
      const ue = await driver.ue(gnb, { behaviour: { response } });
      await ue.register(STEP);
    }),
  judge: (seen) => {
    const facts = factsIn(seen);
    return {
      clauses: clausesOf({
        rejected: happened(facts, 'refused', { otherwise: 'the UE was not rejected' }),
        'not-secured': neverHappened(facts, 'secured', 'the wrong response was taken'),
        'not-registered': neverHappened(facts, 'registered', 'the UE was registered'),
      }),
    };
  },
};

/** TS 33.501 5.5.2: null integrity is for emergency calls only. */
export const nullIntegrity: Procedure = {
  id: 'ng.amf.null-integrity',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['not-chosen', 'not-registered'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      const ue = await driver.ue(gnb, {
        profile: { capability: { ciphering: [0], integrity: [0] } },
        behaviour: { acceptsNullIntegrity: true },
      });
      await ue.register(STEP);
    }),
  judge: (seen) => {
    const facts = factsIn(seen);
    return {
      clauses: clausesOf({
        'not-chosen': neverHappened(facts, 'secured', 'NIA0 was chosen'),
        'not-registered': neverHappened(facts, 'registered', 'the UE was registered'),
      }),
    };
  },
};

/** TS 24.501 5.5.2.2: a UE leaves, its node forgets it, and it comes back. */
export const deregistration: Procedure = {
  id: 'ng.amf.deregistration',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['accepted', 'released', 'returns'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const ue = await driver.registered(await driver.ready());
      await ue.deregister('leaving');
      await ue.register('return');
    }),
  judge: (seen) => {
    const facts = factsIn(seen);
    const step = 'leaving';
    return {
      clauses: clausesOf({
        accepted: happened(facts, 'deregistered', { step, otherwise: 'the deregistration was not accepted' }),
        released: happened(facts, 'released', { step, otherwise: 'no UE CONTEXT RELEASE COMMAND came' }),
        returns: happened(facts, 'registered', {
          step: 'return',
          otherwise: 'the UE was not registered again',
        }),
      }),
    };
  },
};
