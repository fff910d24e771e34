import { decodePlmn } from '../../interfaces/nas/identity.ts';
import { outgoing } from '../../interfaces/ngap/codec.ts';
import type { Ies, Outgoing } from '../../interfaces/ngap/types.ts';
import { isSameSlice, sliceIn, valueOf } from '../../interfaces/ngap/values.ts';
import { servedBy } from '../../simulators/amf/node-procedures.ts';
import {
  answeredWith,
  broken,
  clausesOf,
  type Found,
  holds,
  undecided,
  unseen,
  wellFormed,
} from '../ap/judging.ts';
import { answerTo, sentIn } from '../ap/seen-messages.ts';
import { ngNetwork, type NgNetwork } from '../ng/ixit.ts';
import { begun } from '../ng/judging.ts';
import { messagesOf, type SeenMessage, type SeenPdu, seenPdus } from '../ng/seen-messages.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { driveGnb } from './gnb-driver.ts';
import { TIMES } from './parameters.ts';
import { serves } from './serving.ts';

/** TS 38.413 8.7.1: a gNB presents itself. */
export const gnbSetup: Procedure = {
  id: 'ng.gnb.setup',
  parameters: TIMES,
  clauses: ['requested', 'well-formed', 'node', 'areas', 'serves'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.arrival();
      if (link === null) return;
      const withinMs = driver.triggerMs;
      if ((await driver.awaits(link, 'NGSetupRequest', { from: 0, withinMs })) !== null)
        await driver.probe(link);
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [request] = messagesOf(pdus, 'NGSetupRequest', 'received');
    return {
      clauses: clausesOf({
        requested: begun(seen, request, 'NG SETUP REQUEST'),
        'well-formed': request === undefined ? unseen('there is no request') : wellFormed([request]),
        node: request === undefined ? unseen('there is no request') : nodeNamed(request),
        areas: request === undefined ? unseen('there is no request') : areasFit(request, networkOf(seen)),
        serves: serves(pdus),
      }),
    };
  },
};

type Request = SeenMessage<'NGSetupRequest'>;

function networkOf({ subjects: [product] }: Seen): NgNetwork | undefined {
  return product === undefined ? undefined : ngNetwork(product);
}

function nodeNamed({ n, message: { ies } }: Request): Found {
  const has = ies.GlobalRANNodeID !== undefined && ies.DefaultPagingDRX !== undefined;
  return has
    ? holds('Global RAN Node ID and Default Paging DRX', n)
    : broken('no Global RAN Node ID, or no Default Paging DRX', n);
}

/** The tracking area, PLMN and slices of the IXIT are among those that are told. */
function areasFit({ n, message: { ies } }: Request, network: NgNetwork | undefined): Found {
  const areas = ies.SupportedTAList ?? [];
  const area = areas.find(({ tAC }) => valueOf(tAC) === network?.tac);
  if (area === undefined) return broken('the tracking area is not in the Supported TA List', n);
  const plmn = area.broadcastPLMNList.find((each) => decodePlmn(each.pLMNIdentity) === network?.plmn);
  if (plmn === undefined) return broken('the PLMN is not broadcast in the tracking area', n);
  const slices = plmn.tAISliceSupportList.map((item) => sliceIn(item['s-NSSAI']));
  const lacking = (network?.slices ?? []).filter((slice) => !slices.some((each) => isSameSlice(each, slice)));
  return lacking.length === 0
    ? holds(`${areas.length} tracking area(s)`, n)
    : broken(`${lacking.length} slice(s) of the tracking area are not told`, n);
}

const TIME_TO_WAIT_S = 2;
/** What clocks and packets may take away from it. */
const TOLERANCE_S = 0.1;

/** TS 38.413 8.7.1.3: a gNB that is told how long to wait. */
export const setupRefused: Procedure = {
  id: 'ng.gnb.setup-refused',
  parameters: TIMES,
  clauses: ['waits', 'returns'],
  drive: (bench, { signal }) => {
    let refusals = 0;
    const sends = (message: Outgoing): readonly Outgoing[] => {
      if (message.name !== 'NGSetupResponse' || refusals > 0) return [message];
      refusals += 1;
      return [outgoing('NGSetupFailure', { Cause: { misc: 'unspecified' }, TimeToWait: 'v2s' })];
    };
    return driveGnb(bench, { signal, behaviour: { sends } }, async (driver) => {
      if ((await driver.arrival()) === null) return;
      // The product may end the association meanwhile, and come again.
      await driver.until(() => (refusals > 0 ? true : undefined), driver.triggerMs);
      const isUp = (): true | undefined =>
        driver.amf.links.some(({ peer }) => peer.journal.entries.some(isResponse)) ? true : undefined;
      await driver.until(isUp, TIME_TO_WAIT_S * 1_000 + driver.triggerMs);
    });
  },
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const failure = messagesOf(pdus, 'NGSetupFailure', 'sent').find(
      ({ message }) => message.ies.TimeToWait !== undefined,
    );
    const next = messagesOf(pdus, 'NGSetupRequest', 'received').find(({ n }) => n > (failure?.n ?? Infinity));
    return {
      clauses: clausesOf({
        waits: waited(failure, next),
        returns:
          failure === undefined
            ? unseen('the product was not refused')
            : next === undefined
              ? undecided('no further NG SETUP REQUEST came; nothing says that one has to', failure.n)
              : holds('NG SETUP REQUEST', next.n),
      }),
    };
  },
};

function isResponse({
  decoded,
}: {
  readonly decoded: { readonly message: { readonly name: string } | null };
}): boolean {
  return decoded.message?.name === 'NGSetupResponse';
}

function waited(failure: SeenPdu | undefined, next: SeenPdu | undefined): Found {
  if (failure === undefined || next === undefined) return unseen('there is no further request');
  const s = next.t - failure.t;
  const text = `${s.toFixed(2)} s; ${TIME_TO_WAIT_S} s were told`;
  return s >= TIME_TO_WAIT_S - TOLERANCE_S ? holds(text, failure.n, next.n) : broken(text, failure.n, next.n);
}

/** TS 38.413 8.7.3: the AMF tells what has changed. */
export const amfUpdate: Procedure = {
  id: 'ng.gnb.amf-configuration-update',
  parameters: TIMES,
  clauses: ['acknowledged', 'well-formed', 'alive'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const { settings } = driver.amf;
      const ies = { AMFName: 'renamed', ...servedBy(settings) } satisfies Ies<'AMFConfigurationUpdate'>;
      driver.enter('update');
      await link.request('update', { name: 'AMFConfigurationUpdate', ies }, driver.waiting);
      await driver.probe(link);
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const request = sentIn(pdus, 'update');
    const answer = request === undefined ? undefined : answerTo(pdus, request);
    return {
      clauses: clausesOf({
        acknowledged: answeredWith(pdus, request, ['AMFConfigurationUpdateAcknowledge']),
        'well-formed': answer === undefined ? unseen('there is no answer') : wellFormed([answer]),
        alive: serves(pdus),
      }),
    };
  },
};

/** TS 38.413 8.7.2: the gNB tells what has changed. */
export const ranUpdate: Procedure = {
  id: 'ng.gnb.ran-configuration-update',
  parameters: TIMES,
  clauses: ['requested', 'well-formed', 'alive'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const from = link.next;
      await driver.mustOrder('trigger', { action: 'configurationUpdate' }, 'send a RAN CONFIGURATION UPDATE');
      await driver.awaits(link, 'RANConfigurationUpdate', { from, withinMs: driver.triggerMs });
      await driver.probe(link);
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [update] = messagesOf(pdus, 'RANConfigurationUpdate', 'received');
    return {
      clauses: clausesOf({
        requested: begun(seen, update, 'RAN CONFIGURATION UPDATE'),
        'well-formed': update === undefined ? unseen('there is no update') : wellFormed([update]),
        alive: serves(pdus),
      }),
    };
  },
};

/** RFC 9260 9.1: the association is lost, and the gNB comes again. */
export const reconnect: Procedure = {
  id: 'ng.gnb.reconnect',
  parameters: TIMES,
  clauses: ['comes', 'sets-up'],
  drive: (bench, { signal }) =>
    driveGnb(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      driver.enter('loss');
      link.peer.association.abort('the AMF restarts');
      driver.enter('again');
      const next = await driver.until(() => driver.parts.core.links[1], driver.triggerMs);
      if (next !== null) await driver.awaits(next, 'NGSetupRequest', { from: 0, withinMs: driver.triggerMs });
    }),
  judge: (seen) => {
    const { observations } = seen;
    const pdus = seenPdus(observations);
    const [first, ...later] = messagesOf(pdus, 'NGSetupRequest', 'received');
    const again = later.find(({ association }) => association !== first?.association);
    const came = observations.filter(({ data }) => (data as { type?: unknown }).type === 'arrived');
    const second = came[1];
    return {
      clauses: clausesOf({
        comes: begun(seen, second, 'other association'),
        'sets-up':
          second === undefined
            ? unseen('there is no other association')
            : again === undefined
              ? broken('no NG SETUP REQUEST came on another association', second.n)
              : holds('NG SETUP REQUEST', again.n),
      }),
    };
  },
};
