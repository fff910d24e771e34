import { encodeMobility } from '../../interfaces/nas/codec.ts';
import { encodePlmn } from '../../interfaces/nas/identity.ts';
import { encodeMessage } from '../../interfaces/ngap/codec.ts';
import type { NgapShape } from '../../interfaces/ngap/types.ts';
import { guamiOf, octetsOf, wireCapabilities, wireSlice, wireSTmsi } from '../../interfaces/ngap/values.ts';
import { servedBy } from '../../simulators/amf/node-procedures.ts';
import { sendGarbage, sendWrongPpids } from '../ap/flood.ts';
import { fuzz, FUZZING, type FuzzPort } from '../ap/fuzz/campaign.ts';
import { type FuzzState, type FuzzTemplate, templatesOn } from '../ap/fuzz/inputs.ts';
import { FUZZ_CLAUSES, judgeFuzz } from '../ap/fuzz/judging.ts';
import { NG } from '../ap/interfaces/ng.ts';
import { clausesOf } from '../ap/judging.ts';
import { SETTLE } from '../ap/parameters.ts';
import { wholeReset } from '../ng/resets.ts';
import { seenPdus } from '../ng/seen-messages.ts';
import type { Procedure } from '../procedure.ts';
import { driveGnb, type GnbDriver } from './gnb-driver.ts';
import { TIMES } from './parameters.ts';
import { isServing, serves } from './serving.ts';

const template = templatesOn(NG);

/** WG11 6.11.6: what no AMF sends. */
export const badInput: Procedure = {
  id: 'ng.gnb.bad-input',
  parameters: { ...TIMES, settleMs: SETTLE },
  clauses: ['wrong-ppid', 'garbage'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const reset = encodeMessage('NGReset', wholeReset().ies);
      await sendWrongPpids(link, [reset, reset, reset]);
      await driver.probe(link, 'after-wrong-ppid');
      await sendGarbage(link, reset);
      await driver.settle(bench.number('settleMs'));
      await driver.probe(link, 'after-garbage');
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        'wrong-ppid': serves(pdus, 'after-wrong-ppid'),
        garbage: serves(pdus, 'after-garbage'),
      }),
    };
  },
};

const AFTER_SETUP: readonly FuzzState[] = ['after-setup'];

/** WG11 7.4: mutated messages of an AMF, once NG is set up. */
export const gnbFuzz: Procedure = {
  id: 'ng.gnb.fuzz',
  parameters: { ...TIMES, ...FUZZING },
  clauses: FUZZ_CLAUSES,
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const first = await driver.ready();
      const templates = templatesFor(driver);
      await first.close();
      const seed = bench.number('seed');
      await fuzz(portOf(driver), { spoken: NG, templates, seed, spared: [] });
      const last = await driver.next('again');
      if (last !== null) await driver.probe(last);
    }),
  judge: ({ observations }) => judgeFuzz(observations, serves(seenPdus(observations))),
};

function portOf(driver: GnbDriver): FuzzPort<NgapShape> {
  const { bench, signal } = driver.parts;
  return {
    ...{ bench, signal, states: AFTER_SETUP },
    async enter() {
      const link = await driver.next('fuzz');
      if (link === null) return null;
      link.observes = false;
      return {
        ...{ state: 'after-setup', link },
        probe: () => isServing(link, { step: 'fuzz', ...driver.waiting }),
      };
    },
  };
}

/** Messages that an AMF may send. */
function templatesFor({ amf }: GnbDriver): readonly FuzzTemplate[] {
  const { plmn, amfId, tacs } = amf.network;
  const ids = { 'AMF-UE-NGAP-ID': 1, 'RAN-UE-NGAP-ID': 1 };
  const nas = encodeMobility('IdentityRequest', { identityType: 1 });
  const tmsi = Uint8Array.of(1, 2, 3, 4);
  return [
    template('NGReset', AFTER_SETUP, wholeReset().ies),
    template('AMFConfigurationUpdate', AFTER_SETUP, servedBy(amf.settings)),
    template('ErrorIndication', AFTER_SETUP, { ...ids, Cause: { protocol: 'semantic-error' } }),
    template('DownlinkNASTransport', AFTER_SETUP, { ...ids, 'NAS-PDU': nas }),
    template('UEContextReleaseCommand', AFTER_SETUP, {
      ...{ 'UE-NGAP-IDs': { 'aMF-UE-NGAP-ID': 1 }, Cause: { nas: 'normal-release' } },
    }),
    template('Paging', AFTER_SETUP, {
      UEPagingIdentity: { 'fiveG-S-TMSI': wireSTmsi({ ...amfId, tmsi }) },
      TAIListForPaging: tacs.map((tac) => ({ tAI: { pLMNIdentity: encodePlmn(plmn), tAC: octetsOf(tac) } })),
    }),
    template('InitialContextSetupRequest', AFTER_SETUP, {
      ...ids,
      GUAMI: guamiOf(plmn, amfId),
      AllowedNSSAI: amf.settings.slices.map((slice) => ({ 's-NSSAI': wireSlice(slice) })),
      UESecurityCapabilities: wireCapabilities(Uint8Array.of(0xf0, 0xf0)),
      SecurityKey: { bits: new Uint8Array(32).fill(0x55), length: 256 },
      'NAS-PDU': nas,
    }),
  ];
}
