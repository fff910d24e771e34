import { outgoing } from '../../interfaces/ngap/codec.ts';
import type { Ies, Outgoing } from '../../interfaces/ngap/types.ts';
import { wireCapabilities } from '../../interfaces/ngap/values.ts';
import type { AmfUe } from '../../simulators/amf/core.ts';
import {
  answeredWith,
  broken,
  clausesOf,
  type Found,
  holds,
  unseen,
  wellFormed,
  worstOf,
} from '../ap/judging.ts';
import { sentIn } from '../ap/seen-messages.ts';
import { came, errorAbout } from '../ng/judging.ts';
import { networkSaw } from '../ng/network-facts.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../ng/seen-messages.ts';
import type { Procedure } from '../procedure.ts';
import { driveGnb } from './gnb-driver.ts';
import { TIMES } from './parameters.ts';
import { aStatusTo, serves, STRANGER, type UeIds as Ids } from './serving.ts';

const UNKNOWN = ['unknown-local-UE-NGAP-ID'];

/** TS 38.413 8.6.1, 8.3.1: a UE registers through the gNB. */
export const registration: Procedure = {
  id: 'ng.gnb.registration',
  parameters: TIMES,
  clauses: ['initial', 'context', 'registered', 'well-formed'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      await driver.ready();
      await driver.tryRegister('registration');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [context] = messagesOf(pdus, 'InitialContextSetupRequest', 'sent');
    const otherwise = 'the UE was not registered';
    return {
      clauses: clausesOf({
        initial: came(pdus, 'registration', 'InitialUEMessage'),
        context: answeredWith(pdus, context, ['InitialContextSetupResponse']),
        registered: networkSaw(seen, 'registered', { step: 'registration', otherwise }),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

/** TS 38.413 8.3.3: the AMF has a context released. */
export const contextRelease: Procedure = {
  id: 'ng.gnb.context-release',
  parameters: TIMES,
  clauses: ['confirmed', 'forgotten'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const ue = await driver.registered();
      const ids = idsOf(ue);
      if (ids === null) return;
      const from = link.next;
      driver.enter('release');
      ue.release({ nas: 'normal-release' });
      await driver.awaits(link, 'UEContextReleaseComplete', { from });
      await driver.provoke(link, 'ask', aStatusTo(ids));
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const command = messagesOf(pdus, 'UEContextReleaseCommand', 'sent').find(
      ({ step }) => step === 'release',
    );
    return {
      clauses: clausesOf({
        confirmed: answeredWith(pdus, command, ['UEContextReleaseComplete']),
        forgotten: errorAbout(pdus, 'ask', UNKNOWN),
      }),
    };
  },
};

function idsOf({ connection }: AmfUe): Ids | null {
  return connection === null
    ? null
    : { 'AMF-UE-NGAP-ID': connection.amfUeId, 'RAN-UE-NGAP-ID': connection.ranUeId };
}

/** TS 38.413 8.7.4.2.2: all UEs are released; the tester then speaks to them. */
export const wholeReset: Procedure = {
  id: 'ng.gnb.reset-all',
  parameters: TIMES,
  clauses: ['acknowledged', 'forgotten'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const ues = [await driver.registered(0), await driver.registered(1)];
      const ids = ues.flatMap((ue) => idsOf(ue) ?? []);
      await driver.resetAll(link, 'reset');
      for (const [at, each] of ids.entries()) await driver.provoke(link, `ask-${at + 1}`, aStatusTo(each));
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        acknowledged: answeredWith(pdus, sentIn(pdus, 'reset'), ['NGResetAcknowledge']),
        forgotten: worstOf([errorAbout(pdus, 'ask-1', UNKNOWN), errorAbout(pdus, 'ask-2', UNKNOWN)]),
      }),
    };
  },
};

/** The same for one of two UEs: the other stays. */
export const partialReset: Procedure = {
  id: 'ng.gnb.reset-part',
  parameters: TIMES,
  clauses: ['acknowledged', 'forgotten', 'kept'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const [one, two] = [await driver.registered(0), await driver.registered(1)];
      const ids = idsOf(one);
      if (ids === null) return;
      driver.enter('reset');
      await link.request('reset', { name: 'NGReset', ies: resetOf(ids) }, driver.waiting);
      driver.amf.forgetConnection(one);
      await driver.provoke(link, 'ask', aStatusTo(ids));
      const from = link.next;
      driver.enter('kept');
      two.release({ nas: 'normal-release' });
      await driver.awaits(link, 'UEContextReleaseComplete', { from });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const kept = messagesOf(pdus, 'UEContextReleaseCommand', 'sent').find(({ step }) => step === 'kept');
    return {
      clauses: clausesOf({
        acknowledged: answeredWith(pdus, sentIn(pdus, 'reset'), ['NGResetAcknowledge']),
        forgotten: errorAbout(pdus, 'ask', UNKNOWN),
        kept: answeredWith(pdus, kept, ['UEContextReleaseComplete']),
      }),
    };
  },
};

function resetOf(ids: Ids): Ies<'NGReset'> {
  const item = { 'aMF-UE-NGAP-ID': ids['AMF-UE-NGAP-ID'], 'rAN-UE-NGAP-ID': ids['RAN-UE-NGAP-ID'] };
  return { Cause: { misc: 'om-intervention' }, ResetType: { 'partOfNG-Interface': [item] } };
}

/** TS 38.413 10.6: identifiers that the gNB does not have. */
export const wrongIds: Procedure = {
  id: 'ng.gnb.wrong-ids',
  parameters: TIMES,
  clauses: ['unknown', 'alive'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      await driver.provoke(link, 'unknown', aStatusTo(STRANGER));
      await driver.probe(link);
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return { clauses: clausesOf({ unknown: errorAbout(pdus, 'unknown', UNKNOWN), alive: serves(pdus) }) };
  },
};

/** TS 38.413 8.5.1: a UE that sleeps is reached through the gNB. */
export const paging: Procedure = {
  id: 'ng.gnb.paging',
  parameters: TIMES,
  clauses: ['released', 'returns', 'served'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const ue = await driver.withSession();
      const from = link.next;
      driver.enter('sleep');
      ue.release({ radioNetwork: 'user-inactivity' });
      if ((await driver.awaits(link, 'UEContextReleaseComplete', { from })) === null) return;
      const next = link.next;
      driver.enter('page');
      driver.amf.page(ue);
      await driver.awaits(link, 'InitialUEMessage', { from: next, withinMs: driver.triggerMs });
      await driver.awaits(link, 'InitialContextSetupResponse', { from: next, withinMs: driver.triggerMs });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const context = messagesOf(pdus, 'InitialContextSetupRequest', 'sent').find(
      ({ step }) => step === 'page',
    );
    return {
      clauses: clausesOf({
        released: came(pdus, 'sleep', 'UEContextReleaseComplete'),
        returns:
          sentIn(pdus, 'page') === undefined
            ? unseen('it was not paged')
            : came(pdus, 'page', 'InitialUEMessage'),
        served: hasBearer(pdus, context),
      }),
    };
  },
};

function hasBearer(pdus: readonly SeenPdu[], context: SeenPdu | undefined): Found {
  if (context === undefined) return unseen('no service was asked for');
  const answer = messagesOf(pdus, 'InitialContextSetupResponse', 'received').find(({ n }) => n > context.n);
  if (answer === undefined) return answeredWith(pdus, context, ['InitialContextSetupResponse']);
  return (answer.message.ies.PDUSessionResourceSetupListCxtRes ?? []).length > 0
    ? holds('the session is up', answer.n)
    : broken('the context is there, the session is not', answer.n);
}

/** TS 33.501 6.7.3.0, TS 38.413 8.3.1.4: there is no algorithm that both have. */
export const noCommonAlgorithm: Procedure = {
  id: 'ng.gnb.no-common-algorithm',
  parameters: TIMES,
  clauses: ['refused', 'alive'],
  drive: (bench, { signal }) => {
    const nothing = wireCapabilities(Uint8Array.of(0x80, 0x80));
    const sends = (message: Outgoing): readonly Outgoing[] =>
      message.name === 'InitialContextSetupRequest'
        ? [outgoing(message.name, { ...message.ies, UESecurityCapabilities: nothing })]
        : [message];
    return driveGnb(bench, { signal, behaviour: { sends } }, async (driver) => {
      const link = await driver.ready();
      const from = link.next;
      await driver.order(
        'registration',
        { action: 'register', imsi: driver.imsiOf(0) },
        'have a UE register',
      );
      const fits = ({ relation }: { readonly relation: string }): boolean => relation === 'answer';
      await link.waitFor(fits, { signal, withinMs: driver.triggerMs, from });
      await driver.probe(link);
    });
  },
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const [context] = messagesOf(pdus, 'InitialContextSetupRequest', 'sent');
    return {
      clauses: clausesOf({
        refused: answeredWith(pdus, context, ['InitialContextSetupFailure']),
        alive: serves(pdus),
      }),
    };
  },
};
