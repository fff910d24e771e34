import type { EntryIn } from '../../interfaces/ap/peer.ts';
import { encodeMobility } from '../../interfaces/nas/codec.ts';
import { encodeIdentity, nullSchemeSuci } from '../../interfaces/nas/identity.ts';
import type { NgapShape } from '../../interfaces/ngap/types.ts';
import { locationOf } from '../../interfaces/ngap/values.ts';
import { setupRequest, supportedAreas } from '../../simulators/gnb/presentation.ts';
import { cellOf, DEFAULT_GNB } from '../../simulators/gnb/settings.ts';
import { fuzz, FUZZING, type FuzzPort, type FuzzSession } from '../ap/fuzz/campaign.ts';
import { type FuzzState, type FuzzTemplate, templatesOn } from '../ap/fuzz/inputs.ts';
import { FUZZ_CLAUSES, judgeFuzz } from '../ap/fuzz/judging.ts';
import { NG } from '../ap/interfaces/ng.ts';
import { RESPONSE_TIME } from '../ap/parameters.ts';
import { seenPdus } from '../ng/seen-messages.ts';
import type { Procedure } from '../procedure.ts';
import { type AmfDriver, driveAmf } from './amf-driver.ts';
import { alive } from '../ng/judging.ts';
import { wholeReset } from '../ng/resets.ts';
import type { TesterGnb } from './tester-gnb.ts';

const template = templatesOn(NG);

/** WG11 7.4: mutated messages of a node, before and after NG Setup. */
export const amfFuzz: Procedure = {
  id: 'ng.amf.fuzz',
  parameters: { responseTimeMs: RESPONSE_TIME, ...FUZZING },
  clauses: FUZZ_CLAUSES,
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const first = await driver.ready();
      await first.link.close();
      const seed = bench.number('seed');
      await fuzz(portOf(driver), { spoken: NG, templates: templatesFor(driver), seed, spared: [] });
      const last = await driver.tryConnect('again', 1, 'after-all');
      if ((await last?.setUp('again'))?.kind === 'successful') await last?.probe();
    }),
  judge: ({ observations }) => judgeFuzz(observations, alive(seenPdus(observations))),
};

function portOf(driver: AmfDriver): FuzzPort<NgapShape> {
  const { bench, signal } = driver;
  let count = 0;
  return {
    ...{ bench, signal },
    states: ['before-setup', 'after-setup'],
    async enter(state) {
      count += 1;
      const gnb = await driver.tryConnect('fuzz', 1, `fuzz-${count}`);
      if (gnb === null) return null;
      gnb.link.observes = false;
      if (state === 'before-setup') return sessionOf(gnb, state);
      if ((await gnb.setUp('fuzz')).kind === 'successful') return sessionOf(gnb, 'after-setup');
      await gnb.link.close();
      return null;
    },
  };
}

function sessionOf(gnb: TesterGnb, state: FuzzState): FuzzSession<NgapShape> {
  const { link } = gnb;
  return {
    ...{ state, link },
    async probe() {
      const from = link.next;
      if (state === 'before-setup')
        await link.send('fuzz', { name: 'NGSetupRequest', ies: setupRequest(gnb.settings) });
      else await link.send('fuzz', wholeReset());
      const wanted = state === 'before-setup' ? 'NGSetupResponse' : 'NGResetAcknowledge';
      const fits = ({ decoded }: EntryIn<NgapShape>): boolean => decoded.message?.name === wanted;
      return (await link.waitFor(fits, { ...gnb.waiting, from })) !== null;
    },
  };
}

/** Messages that a node may send, by the states in which it may. */
function templatesFor({ ixit }: Pick<AmfDriver, 'ixit'>): readonly FuzzTemplate[] {
  const { plmn, tac, slices } = ixit;
  const settings = { ...DEFAULT_GNB, plmn, tac, slices };
  const UserLocationInformation = locationOf(cellOf(settings));
  const nas = aRegistration(plmn);
  const ids = { 'AMF-UE-NGAP-ID': 1, 'RAN-UE-NGAP-ID': 1 };
  return [
    template('NGSetupRequest', ['before-setup'], setupRequest(settings)),
    template('RANConfigurationUpdate', ['after-setup'], { SupportedTAList: supportedAreas(settings) }),
    template('NGReset', ['after-setup'], wholeReset().ies),
    template('ErrorIndication', ['after-setup'], { ...ids, Cause: { protocol: 'semantic-error' } }),
    template('InitialUEMessage', ['after-setup'], {
      ...{ 'RAN-UE-NGAP-ID': 1, 'NAS-PDU': nas, UserLocationInformation },
      RRCEstablishmentCause: 'mo-Signalling',
    }),
    template('UplinkNASTransport', ['after-setup'], { ...ids, 'NAS-PDU': nas, UserLocationInformation }),
    template('UEContextReleaseRequest', ['after-setup'], { ...ids, Cause: { misc: 'unspecified' } }),
  ];
}

function aRegistration(plmn: string): Uint8Array {
  const mobileIdentity = encodeIdentity(nullSchemeSuci(plmn, '0000000001'));
  return encodeMobility('RegistrationRequest', {
    ...{ registrationType: 9, ngKsi: 7, mobileIdentity, ueSecurityCapability: Uint8Array.of(0xf0, 0xf0) },
  });
}
