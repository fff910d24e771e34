import { isJsonObject, type JsonObject } from '../../../src/kernel/json.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import type { Observation } from '../../../src/evidence/observation.ts';
import { tunnelOf } from '../../interfaces/ap/tunnel.ts';
import { modificationsIn } from '../../interfaces/e1ap/bearers.ts';
import { cellName, nrcgiOf } from '../../interfaces/f1ap/cells.ts';
import { unwrapElements, unwrapItems } from '../../interfaces/f1ap/codec.ts';
import type { NgapShape } from '../../interfaces/ngap/types.ts';
import { numberIn } from '../../interfaces/ngap/values.ts';
import type { STmsi } from '../../interfaces/rrc/s-tmsi.ts';
import { E1 } from '../ap/interfaces/e1.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import { NG } from '../ap/interfaces/ng.ts';
import { broken, clausesOf, type Found, holds, unseen, wellFormed } from '../ap/judging.ts';
import { type SeenMessageIn, seenOn, type SeenPdu } from '../ap/seen-messages.ts';
import { answeredIn } from '../ap/suite/judging.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { GUAMI_POINTER, GUAMI_SET } from './tester-amf.ts';
import { F1U_TEID } from './tester-cu-up.ts';
import { testerCell } from './tester-cell.ts';
import { DU_TEID, RRC } from './tester-du.ts';
import { attach, establish, mustRegister, NAS_DOWN, NAS_UP, openFlow } from './ue-flow.ts';
import { BASIC, driveCuCp } from './world.ts';

const [f1, ng, e1] = [seenOn(F1), seenOn(NG), seenOn(E1)];
const KEY = 'f1.prepare';

/** Of a UE that was with the core network before: under what it is called there. */
const S_TMSI: STmsi = { set: GUAMI_SET, pointer: GUAMI_POINTER, tmsi: Uint8Array.of(0x81, 2, 3, 4) };

/** TS 38.401 8.1: from RRC SETUP REQUEST to a context with security. */
export const f1Registration: Procedure = {
  id: 'f1.cu.registration',
  parameters: BASIC,
  clauses: [
    ...['setup', 'initial-ue', 's-tmsi', 'context', 'secured', 'nas-up', 'nas-down'],
    ...['identifiers', 'well-formed'],
  ],
  drive: (bench, { signal }) =>
    driveCuCp(bench, { signal, key: KEY }, async (world) => {
      const flow = await openFlow(world);
      const attached = await attach(world, flow, { step: 'attach', sTmsi: S_TMSI });
      if (attached === null) return;
      const { ids, ue } = attached;
      await flow.amf.setUpContext('context', ids, NAS_DOWN);
      flow.du.enter('nas');
      const from = flow.amf.next;
      await flow.du.sendNas('nas', ue, NAS_UP);
      await flow.amf.awaits('UplinkNASTransport', from);
      await flow.amf.downlinkNas('nas', ids, NAS_DOWN);
      await pause(100, { signal });
      await flow.amf.release('release', ids);
    }),
  judge: (seen) => {
    const pdus = f1.seenPdus(seen.observations);
    const ngPdus = ng.seenPdus(seen.observations);
    const [initial] = ng.messagesOf(ngPdus, 'InitialUEMessage', 'received');
    const [up] = ng.messagesOf(ngPdus, 'UplinkNASTransport', 'received');
    const isSame =
      up !== undefined && Buffer.compare(up.message.ies['NAS-PDU'] ?? new Uint8Array(), NAS_UP) === 0;
    return {
      clauses: clausesOf({
        setup: heard(seen, 'rrcSetup'),
        'initial-ue':
          initial === undefined
            ? broken('no INITIAL UE MESSAGE came to the AMF')
            : holds('INITIAL UE MESSAGE', initial.n),
        's-tmsi': calledRightly(initial),
        context: answeredIn(ngPdus.filter(isContext), 'context', ['InitialContextSetupResponse']),
        secured: secured(seen),
        'nas-up':
          up === undefined
            ? broken('NAS of the UE did not come to the AMF')
            : isSame
              ? holds('NAS came as it was', up.n)
              : broken('NAS did not come as it was', up.n),
        'nas-down': nasDown(seen),
        identifiers: identifiers(pdus),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

/** @see TS 38.413 clause 8.6.1.2 */
function calledRightly(initial: SeenMessageIn<NgapShape, 'InitialUEMessage'> | undefined): Found {
  if (initial === undefined) return unseen('there is no INITIAL UE MESSAGE');
  const { 'FiveG-S-TMSI': told } = initial.message.ies;
  if (told === undefined) return broken('INITIAL UE MESSAGE without the 5G-S-TMSI', initial.n);
  const { aMFSetID, aMFPointer, 'fiveG-TMSI': tmsi } = told;
  const isRight =
    numberIn(aMFSetID) === S_TMSI.set &&
    numberIn(aMFPointer) === S_TMSI.pointer &&
    Buffer.compare(tmsi, S_TMSI.tmsi) === 0;
  return isRight
    ? holds('the 5G-S-TMSI of the UE', initial.n)
    : broken('a 5G-S-TMSI that is not that of the UE', initial.n);
}

function isContext({ decoded }: SeenPdu): boolean {
  return /^InitialContextSetup/u.test(decoded.message?.name ?? '');
}

export interface Heard {
  readonly n: number;
  readonly data: JsonObject;
}

/** What UEs of the tester made of RRC. */
export function heardOf(observations: readonly Observation[], message: string): readonly Heard[] {
  return observations.flatMap(({ n, kind, data }) =>
    kind === RRC && isJsonObject(data) && data['message'] === message ? [{ n, data }] : [],
  );
}

function heard({ observations }: Pick<Seen, 'observations'>, message: string): Found {
  const [first] = heardOf(observations, message);
  return first === undefined
    ? broken(`the UE got no ${message} that it could read`)
    : holds(message, first.n);
}

/** The UE got a security mode command that it could check, for an algorithm that protects. */
function secured({ observations }: Pick<Seen, 'observations'>): Found {
  const [command] = heardOf(observations, 'securityModeCommand');
  if (command === undefined) return broken('the UE got no SECURITY MODE COMMAND that it could read');
  const { isSecured, integrity } = command.data;
  if (isSecured !== true) return broken('the MAC-I of the SECURITY MODE COMMAND is wrong', command.n);
  return integrity === 0
    ? broken('integrity is protected by the null algorithm', command.n)
    : holds(`protected by NIA${JSON.stringify(integrity)}`, command.n);
}

function nasDown({ observations }: Pick<Seen, 'observations'>): Found {
  const given = ['dlInformationTransfer', 'rrcReconfiguration'].flatMap((each) =>
    heardOf(observations, each),
  );
  const count = given.reduce((sum, { data }) => sum + Number(data['nas'] ?? 0), 0);
  const what = `NAS came to the UE ${count} times`;
  return count >= 2
    ? holds(what, ...given.map(({ n }) => n))
    : broken(`${what} of 2`, ...given.map(({ n }) => n));
}

/** The gNB-CU gives a UE one identifier, and keeps to it. */
function identifiers(pdus: ReturnType<typeof f1.seenPdus>): Found {
  const found = pdus.flatMap(({ n, direction, decoded }) => {
    const { 'gNB-CU-UE-F1AP-ID': cu } = (decoded.message?.ies ?? {}) as { 'gNB-CU-UE-F1AP-ID'?: number };
    return direction === 'received' && cu !== undefined ? [{ n, cu }] : [];
  });
  const ids = new Set(found.map(({ cu }) => cu));
  if (ids.size === 0) return unseen('there is no message about the UE');
  const what = `gNB-CU UE F1AP ID ${[...ids].join(', ')}`;
  const shownBy = found.map(({ n }) => n);
  return ids.size === 1 ? holds(what, ...shownBy.slice(0, 1)) : broken(what, ...shownBy);
}

/** TS 38.401 8.9: a PDU session comes to a bearer at the gNB-DU, at the gNB-CU-UP and at the UE. */
export const f1Session: Procedure = {
  id: 'f1.cu.session',
  parameters: BASIC,
  clauses: ['set-up', 'bearer', 'sequence-numbers', 'tunnels', 'ue', 'well-formed'],
  drive: (bench, { signal }) =>
    driveCuCp(bench, { signal, key: KEY }, async (world) => {
      const flow = await openFlow(world);
      const attached = await mustRegister(world, flow);
      flow.du.enter('session');
      flow.up.link.enter('session');
      await establish(flow, attached, 'session');
      await flow.amf.release('release', attached.ids);
    }),
  judge: (seen) => {
    const pdus = f1.seenPdus(seen.observations);
    const ngPdus = ng.seenPdus(seen.observations);
    const isAbout = ({ decoded }: SeenPdu): boolean =>
      /^PDUSessionResourceSetup/u.test(decoded.message?.name ?? '');
    return {
      clauses: clausesOf({
        'set-up': answeredIn(ngPdus.filter(isAbout), 'session', ['PDUSessionResourceSetupResponse']),
        ...bearer(pdus),
        tunnels: toldTunnels(seen, (drb) => DU_TEID + drb),
        ue: bearerAtUe(seen),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

export function bearer(pdus: ReturnType<typeof f1.seenPdus>): {
  readonly bearer: Found;
  readonly 'sequence-numbers': Found;
} {
  const [request] = f1.messagesOf(pdus, 'UEContextModificationRequest');
  const [item] = unwrapItems('DRBs-ToBeSetupMod-Item', request?.message.ies['DRBs-ToBeSetupMod-List']);
  if (request === undefined || item === undefined)
    return {
      bearer: broken('no bearer was set up at the gNB-DU'),
      'sequence-numbers': unseen('there is no bearer'),
    };
  const uplink = tunnelOf(item['uLUPTNLInformation-ToBeSetup-List'][0]?.uLUPTNLInformation);
  const wanted = F1U_TEID + Number(item.dRBID);
  const lengths = unwrapElements('DRBs-ToBeSetupMod-ItemExtIEs', item['iE-Extensions']);
  const what = `tunnel ${uplink?.teid ?? 'none'} for the uplink; the gNB-CU-UP gave ${wanted}`;
  const length = lengths.DLPDCPSNLength;
  return {
    bearer: uplink?.teid === wanted ? holds(what, request.n) : broken(what, request.n),
    'sequence-numbers':
      length === undefined
        ? broken('DL PDCP SN length is missing', request.n)
        : holds(`DL PDCP SN length ${length}`, request.n),
  };
}

/** The gNB-CU-UP was told where the gNB-DU takes packets. */
export function toldTunnels(
  { observations }: Pick<Seen, 'observations'>,
  teidOf: (drb: number) => number | undefined,
  since = 0,
): Found {
  const requests = e1
    .messagesOf(e1.seenPdus(observations), 'BearerContextModificationRequest', 'received')
    .filter(({ n }) => n > since);
  const told = requests.flatMap(({ n, message }) => {
    const wanted = modificationsIn(message.ies['System-BearerContextModificationRequest']);
    const sessions = wanted['PDU-Session-Resource-To-Modify-List'] ?? [];
    return sessions.flatMap((each) =>
      (each['dRB-To-Modify-List-NG-RAN'] ?? []).map((drb) => ({
        ...{ n, teid: tunnelOf(drb['dL-UP-Parameters']?.[0]?.['uP-TNL-Information'])?.teid },
        wanted: teidOf(Number(drb['dRB-ID'])),
      })),
    );
  });
  const [first] = told;
  if (first === undefined) return broken('the gNB-CU-UP was not told where the gNB-DU takes packets');
  const what = `tunnel ${first.teid ?? 'none'}; the gNB-DU gave ${first.wanted ?? 'none'}`;
  return first.teid === first.wanted ? holds(what, first.n) : broken(what, first.n);
}

function bearerAtUe({ observations }: Pick<Seen, 'observations'>): Found {
  const all = heardOf(observations, 'rrcReconfiguration');
  const withBearer = all.find(({ data }) => Array.isArray(data['drbs']) && data['drbs'].length > 0);
  return withBearer === undefined
    ? broken('the UE was told of no data radio bearer', ...all.map(({ n }) => n))
    : holds(`data radio bearer ${JSON.stringify(withBearer.data['drbs'])}`, withBearer.n);
}

/** TS 38.473 8.7: a page of the core network goes to the gNB-DU. */
export const f1Paging: Procedure = {
  id: 'f1.cu.paging',
  parameters: BASIC,
  clauses: ['paged', 'cells', 'well-formed'],
  drive: (bench, { signal }) =>
    driveCuCp(bench, { signal, key: KEY }, async (world) => {
      const { du, amf } = await openFlow(world);
      du.enter('page');
      const from = du.link.next;
      await amf.page('page');
      await du.link.waitFor(({ decoded }) => decoded.message?.name === 'Paging', { ...world.waiting, from });
    }),
  judge: (seen) => {
    const pdus = f1.seenPdus(seen.observations);
    const [page] = f1.messagesOf(pdus, 'Paging', 'received');
    const wanted = cellName(nrcgiOf(testerCell(seen.subjects[0] ?? { ixit: {} })));
    const cells = unwrapItems('PagingCell-Item', page?.message.ies['PagingCell-List']);
    const names = cells.map(({ nRCGI }) => cellName(nRCGI));
    return {
      clauses: clausesOf({
        paged: page === undefined ? broken('no page came to the gNB-DU') : holds('PAGING', page.n),
        cells:
          page === undefined
            ? unseen('there is no page')
            : names.includes(wanted)
              ? holds(names.join(', '), page.n)
              : broken(`${names.join(', ')} without ${wanted}`, page.n),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};
