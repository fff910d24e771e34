import { timeToWaitMs } from '../../interfaces/ap/time-to-wait.ts';
import { decodePlmn } from '../../interfaces/nas/identity.ts';
import type { Ies } from '../../interfaces/ngap/types.ts';
import { isSameSlice, sliceIn } from '../../interfaces/ngap/values.ts';
import { supportedAreas } from '../../simulators/gnb/presentation.ts';
import {
  answeredOnce,
  answeredWith,
  broken,
  causeText,
  clausesOf,
  type Found,
  holds,
  unseen,
  wellFormed,
} from '../ap/judging.ts';
import { RESPONSE_TIME, SETTLE } from '../ap/parameters.ts';
import { answerTo, sentIn } from '../ap/seen-messages.ts';
import { type NgNetwork, ngNetwork } from '../ng/ixit.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../ng/seen-messages.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { driveAmf } from './amf-driver.ts';
import { alive } from '../ng/judging.ts';

const ACCEPTED = ['NGSetupResponse'];

/** TS 38.413 8.7.1.2: a node of the PLMN of the AMF. */
export const amfSetup: Procedure = {
  id: 'ng.amf.setup',
  parameters: { responseTimeMs: RESPONSE_TIME, settleMs: SETTLE },
  clauses: ['answered', 'well-formed', 'accepted', 'plmn', 'guami', 'once'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.connect('setup');
      await gnb.setUp('setup');
      await driver.settle(bench.number('settleMs'));
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = sentIn(pdus, 'setup');
    const response = responseIn(pdus);
    return {
      clauses: clausesOf({
        answered: answeredWith(pdus, request, [...ACCEPTED, 'NGSetupFailure']),
        'well-formed': wellFormed(pdus),
        accepted: answeredWith(pdus, request, ACCEPTED),
        plmn: response === undefined ? unseen('there is no response') : plmnSupported(response, ixitOf(seen)),
        guami: response === undefined ? unseen('there is no response') : guamiServed(response, ixitOf(seen)),
        once: answeredOnce(pdus),
      }),
    };
  },
};

function ixitOf({ subjects: [product] }: Seen): NgNetwork | undefined {
  return product === undefined ? undefined : ngNetwork(product);
}

interface Response {
  readonly n: number;
  readonly ies: Partial<Ies<'NGSetupResponse'>>;
}

function responseIn(pdus: readonly SeenPdu[]): Response | undefined {
  const [found] = messagesOf(pdus, 'NGSetupResponse', 'received');
  return found === undefined ? undefined : { n: found.n, ies: found.message.ies };
}

/** The PLMN of the IXIT is there, with all of its slices. */
function plmnSupported({ n, ies }: Response, ixit: NgNetwork | undefined): Found {
  const item = (ies.PLMNSupportList ?? []).find((each) => decodePlmn(each.pLMNIdentity) === ixit?.plmn);
  if (item === undefined) return broken('the PLMN is not in the PLMN Support List', n);
  const offered = item.sliceSupportList.map((each) => sliceIn(each['s-NSSAI']));
  const lacking = (ixit?.slices ?? []).filter((slice) => !offered.some((each) => isSameSlice(each, slice)));
  return lacking.length === 0
    ? holds(`the PLMN with ${offered.length} slice(s)`, n)
    : broken(`${lacking.length} slice(s) that are expected are not supported`, n);
}

function guamiServed({ n, ies }: Response, ixit: NgNetwork | undefined): Found {
  const served = ies.ServedGUAMIList ?? [];
  return served.some(({ gUAMI }) => decodePlmn(gUAMI.pLMNIdentity) === ixit?.plmn)
    ? holds(`${served.length} GUAMI(s)`, n)
    : broken('no GUAMI of the PLMN is served', n);
}

/** TS 38.413 8.7.1.3: a node of another PLMN; with the right one it is served on the same association. */
export const unknownPlmn: Procedure = {
  id: 'ng.amf.unknown-plmn',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['refused', 'cause', 'recovers'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.connect('strange');
      const strange = { ...gnb.settings, plmn: otherPlmn(driver.ixit.plmn) };
      const outcome = await gnb.setUp('strange', { SupportedTAList: supportedAreas(strange) });
      const isOver = outcome.kind === 'ended';
      // It may end the association of a node that it does not serve.
      const next = isOver ? await driver.connect('right', 2) : gnb;
      await driver.settle(
        timeToWaitMs(outcome.kind === 'unsuccessful' ? outcome.message.ies.TimeToWait : undefined),
      );
      await next.setUp('right');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = sentIn(pdus, 'strange');
    const [failure] = messagesOf(pdus, 'NGSetupFailure', 'received');
    const cause = causeText(failure?.message.ies.Cause);
    return {
      clauses: clausesOf({
        refused: answeredWith(pdus, request, ['NGSetupFailure']),
        cause:
          failure === undefined
            ? unseen('there is no failure')
            : cause === 'misc unknown-PLMN-or-SNPN'
              ? holds(cause, failure.n)
              : broken(`cause ${cause}, not misc unknown-PLMN-or-SNPN`, failure.n),
        recovers: answeredWith(pdus, sentIn(pdus, 'right'), ACCEPTED),
      }),
    };
  },
};

/** A PLMN that nobody has, unless that is the one of the product. */
function otherPlmn(plmn: string): string {
  return plmn === '99999' ? '99998' : '99999';
}

/** TS 38.413 8.7.2: the node tells what has changed; what cannot be served is refused. */
export const ranUpdate: Procedure = {
  id: 'ng.amf.ran-configuration-update',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['acknowledged', 'well-formed', 'alive'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const gnb = await driver.ready();
      const ies = {
        RANNodeName: 'renamed',
        SupportedTAList: supportedAreas(gnb.settings),
        DefaultPagingDRX: 'v64',
      } as const;
      await gnb.link.request('update', { name: 'RANConfigurationUpdate', ies }, gnb.waiting);
      await gnb.probe();
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = sentIn(pdus, 'update');
    const answer = request === undefined ? undefined : answerTo(pdus, request);
    return {
      clauses: clausesOf({
        acknowledged: answeredWith(pdus, request, ['RANConfigurationUpdateAcknowledge']),
        'well-formed': answer === undefined ? unseen('there is no answer') : wellFormed([answer]),
        alive: alive(pdus),
      }),
    };
  },
};

/** RFC 9260 5.2, TS 38.412 7: a node whose association is dead comes again before anybody has noticed. */
export const reconnect: Procedure = {
  id: 'ng.amf.reconnect',
  parameters: { responseTimeMs: RESPONSE_TIME },
  clauses: ['accepted', 'serves'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      // The first association is up and says nothing more: nobody can tell that from one that is dead.
      await driver.ready('first');
      const again = await driver.connect('again', 1, 'gnb-again');
      const { kind } = await again.setUp('again');
      if (kind !== 'successful') return;
      const ue = await driver.ue(again);
      await ue.register('registration');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        accepted: answeredWith(pdus, sentIn(pdus, 'again'), ACCEPTED),
        serves: cameAfterRegistration(pdus),
      }),
    };
  },
};

function cameAfterRegistration(pdus: readonly SeenPdu[]): Found {
  const asked = sentIn(pdus, 'registration');
  if (asked === undefined) return unseen('no UE could be registered');
  const [found] = messagesOf(pdus, 'InitialContextSetupRequest', 'received');
  return found === undefined ? broken('no UE was served', asked.n) : holds('a UE was registered', found.n);
}
