import { encodeMobility } from '../../interfaces/nas/codec.ts';
import type { Ies } from '../../interfaces/ngap/types.ts';
import { clausesOf, unseen, wellFormed, worstOf } from '../ap/judging.ts';
import { RESPONSE_TIME, TRIGGER_WITHIN } from '../ap/parameters.ts';
import { messagesOf, seenPdus } from '../ng/seen-messages.ts';
import { factsIn, happened } from '../ng/ue-facts.ts';
import type { Procedure } from '../procedure.ts';
import { type AmfDriver, driveAmf } from './amf-driver.ts';
import { alive, begun, came, errorAbout } from '../ng/judging.ts';
import type { TesterGnb, UeIds } from './tester-gnb.ts';
import type { TesterUe } from './tester-ue.ts';

const UNKNOWN = ['unknown-local-UE-NGAP-ID'];
const STRANGE_ID = 77_777;

/** A message that every network takes from a UE that it has, and that changes nothing. */
function aStatus(): Uint8Array {
  return encodeMobility('MobilityStatus', { cause: Uint8Array.of(0x6f) });
}

async function twoUes(driver: AmfDriver, gnb: TesterGnb): Promise<readonly [TesterUe, TesterUe]> {
  const one = await driver.registered(gnb, { subscriber: 0, name: 'one' });
  return [one, await driver.registered(gnb, { subscriber: 1, name: 'two' })];
}

/** TS 38.413 8.7.4.2.1: all UEs are released; the tester then speaks of them. */
export const wholeResetByNode: Procedure = {
  id: 'ng.amf.reset-all',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['acknowledged', 'forgotten', 'returns'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      const ues = await twoUes(driver, gnb);
      const ids = ues.flatMap(({ ran }) => ran.ids ?? []);
      await gnb.probe('reset');
      for (const [at, each] of ids.entries()) await gnb.provokeNas(`ask-${at + 1}`, each, aStatus());
      await ues[0].register('return');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const otherwise = 'the UE was not registered again';
    return {
      clauses: clausesOf({
        acknowledged: alive(pdus, 'reset'),
        forgotten: worstOf([errorAbout(pdus, 'ask-1', UNKNOWN), errorAbout(pdus, 'ask-2', UNKNOWN)]),
        returns: happened(factsIn(seen), 'registered', { step: 'return', otherwise }),
      }),
    };
  },
};

/** The same for one of two UEs: the other stays. */
export const partialResetByNode: Procedure = {
  id: 'ng.amf.reset-part',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['acknowledged', 'forgotten', 'kept'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      const [one, two] = await twoUes(driver, gnb);
      const { ids } = one.ran;
      if (ids === null) return;
      await gnb.link.request('reset', { name: 'NGReset', ies: resetOf(ids) }, gnb.waiting);
      await gnb.provokeNas('ask-1', ids, aStatus());
      one.ran.released();
      await two.deregister('leaving');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const otherwise = 'the UE that was not reset is not served any more';
    return {
      clauses: clausesOf({
        acknowledged: alive(pdus, 'reset'),
        forgotten: errorAbout(pdus, 'ask-1', UNKNOWN),
        kept: happened(factsIn(seen), 'deregistered', { step: 'leaving', otherwise }),
      }),
    };
  },
};

function resetOf(ids: UeIds): Ies<'NGReset'> {
  const item = { 'aMF-UE-NGAP-ID': ids['AMF-UE-NGAP-ID'], 'rAN-UE-NGAP-ID': ids['RAN-UE-NGAP-ID'] };
  return { Cause: { radioNetwork: 'unspecified' }, ResetType: { 'partOfNG-Interface': [item] } };
}

/** TS 38.413 10.6: identifiers that the AMF does not have, and a pair that does not belong together. */
export const wrongIds: Procedure = {
  id: 'ng.amf.wrong-ids',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['unknown', 'inconsistent', 'alive'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      const ue = await driver.registered(gnb);
      const { ids } = ue.ran;
      if (ids === null) return;
      await gnb.provokeNas('unknown', { ...ids, 'AMF-UE-NGAP-ID': STRANGE_ID }, aStatus());
      await gnb.provokeNas('inconsistent', { ...ids, 'RAN-UE-NGAP-ID': STRANGE_ID }, aStatus());
      await gnb.probe();
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const inconsistent = ['inconsistent-remote-UE-NGAP-ID', ...UNKNOWN];
    return {
      clauses: clausesOf({
        unknown: errorAbout(pdus, 'unknown', UNKNOWN),
        inconsistent: errorAbout(pdus, 'inconsistent', inconsistent),
        alive: alive(pdus),
      }),
    };
  },
};

/** TS 38.413 8.3.3: the context goes when the node asks for it. */
export const contextRelease: Procedure = {
  id: 'ng.amf.context-release',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['commanded', 'well-formed', 'serves'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      const ue = await driver.registered(gnb);
      gnb.enter('release');
      gnb.gnb.askRelease(ue.ran);
      await ue.until('release', ['released']);
      await ue.register('return');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const otherwise = 'the UE was not served again';
    return {
      clauses: clausesOf({
        commanded: came(pdus, 'release', 'UEContextReleaseCommand'),
        'well-formed': wellFormed(pdus),
        serves: happened(factsIn(seen), 'registered', { step: 'return', otherwise }),
      }),
    };
  },
};

/** TS 38.413 8.7.3: the AMF tells what has changed. */
export const amfUpdate: Procedure = {
  id: 'ng.amf.amf-configuration-update',
  parameters: { responseTimeMs: RESPONSE_TIME, triggerWithinMs: TRIGGER_WITHIN },
  clauses: ['requested', 'well-formed', 'alive'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      const from = gnb.link.next;
      gnb.enter('trigger');
      await driver.trigger('trigger', {
        action: 'configurationUpdate',
        inWords: 'send an AMF CONFIGURATION UPDATE',
      });
      const withinMs = bench.number('triggerWithinMs');
      await gnb.link.waitFor(({ decoded }) => decoded.message?.name === 'AMFConfigurationUpdate', {
        ...{ signal, withinMs, from },
      });
      await gnb.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [update] = messagesOf(pdus, 'AMFConfigurationUpdate', 'received');
    return {
      clauses: clausesOf({
        requested: begun(seen, update, 'AMF CONFIGURATION UPDATE'),
        'well-formed': update === undefined ? unseen('there is no update') : wellFormed([update]),
        alive: alive(pdus),
      }),
    };
  },
};
