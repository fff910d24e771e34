import { pause } from '../../../src/kernel/deadline.ts';
import type { EntryIn } from '../../interfaces/ap/peer.ts';
import type { Tunnel } from '../../interfaces/ap/tunnel.ts';
import { bitsOf } from '../../interfaces/ap/values.ts';
import { downlinkTunnels, drbToSetup } from '../../interfaces/f1ap/bearers.ts';
import { outgoing, unwrapItems, wrapItems } from '../../interfaces/f1ap/codec.ts';
import type { F1apShape, Ies } from '../../interfaces/f1ap/types.ts';
import { encodeEcho } from '../../interfaces/gtpu/icmp.ts';
import { bearerEnds } from '../../interfaces/rrc/bearers.ts';
import { RrcNetworkSide } from '../../interfaces/rrc/network-side.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import { broken, clausesOf, type Found, holds, unseen, wellFormed } from '../ap/judging.ts';
import { seenOn } from '../ap/seen-messages.ts';
import { answeredIn, refusedIn } from '../ap/suite/judging.ts';
import { Blocked, type ParameterSpec, type Procedure } from '../procedure.ts';
import { allArrived } from '../user-plane/judging.ts';
import { TesterUserPlane, USER_DATA, WayCount } from '../user-plane/tester.ts';
import { BASIC, type DuDriver, driveDu, type F1Link } from './driver.ts';

const { seenPdus, messagesOf } = seenOn(F1);
const FIRST_CU_UE = 31;
const STATUS = 'delivery-status';
const [UE_ADDRESS, SERVER_ADDRESS] = ['10.45.0.2', '10.45.0.1'] as const;
const PACKETS: ParameterSpec = { type: 'number', unit: 'count', about: 'packets in each direction' };

/** A UE that has come to a connection: what it is called, and RRC with it. */
export interface Connected {
  readonly ids: { readonly 'gNB-CU-UE-F1AP-ID': number; readonly 'gNB-DU-UE-F1AP-ID': number };
  readonly rrc: RrcNetworkSide;
  readonly cell: Ies<'InitialULRRCMessageTransfer'>['NRCGI'];
}

const named =
  (name: string) =>
  ({ decoded }: EntryIn<F1apShape>): boolean =>
    decoded.message?.name === name;

/** A UE of the product comes; null when it did not. @throws Blocked */
export async function connect(driver: DuDriver, link: F1Link, step: string): Promise<Connected | null> {
  const { bench, signal } = driver;
  const within = { signal, withinMs: bench.number('triggerWithinMs') };
  const from = link.next;
  link.enter(step);
  await driver.order({ step, order: { action: 'attachUe' }, inWords: 'have a UE come to its cell' });
  const initial = await link.waitFor(named('InitialULRRCMessageTransfer'), { ...within, from });
  const ies = initial?.decoded.message?.ies as Partial<Ies<'InitialULRRCMessageTransfer'>> | undefined;
  const { 'gNB-DU-UE-F1AP-ID': du, NRCGI: cell, DUtoCURRCContainer: cellGroup } = ies ?? {};
  if (du === undefined || cell === undefined || cellGroup === undefined) return null;
  const ids = { 'gNB-CU-UE-F1AP-ID': FIRST_CU_UE + from, 'gNB-DU-UE-F1AP-ID': du };
  const rrc = new RrcNetworkSide();
  const next = link.next;
  await link.send(
    step,
    outgoing('DLRRCMessageTransfer', { ...ids, SRBID: 0, RRCContainer: rrc.setup(cellGroup) }),
  );
  const complete = await link.waitFor(named('ULRRCMessageTransfer'), { ...driver.waiting, from: next });
  const told = complete?.decoded.message?.ies as Partial<Ies<'ULRRCMessageTransfer'>> | undefined;
  if (told?.RRCContainer === undefined) return null;
  return rrc.receive(1, told.RRCContainer).ok ? { ids, rrc, cell } : null;
}

/** @throws Blocked */
export async function mustConnect(driver: DuDriver, link: F1Link): Promise<Connected> {
  const ue = await connect(driver, link, 'attach');
  if (ue === null) throw Blocked.precondition('no UE came to the connection that the case begins with');
  return ue;
}

/** TS 38.473 8.3.1, 8.4: a UE, its context with a bearer, and packets through it. */
export const duContext: Procedure = {
  id: 'f1.du.ue-context',
  parameters: { ...BASIC, packets: PACKETS },
  clauses: ['connected', 'context', 'tunnels', 'well-formed', 'downlink', 'uplink', 'status', 'released'],
  drive: (bench, { signal }) =>
    driveDu(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const ue = await connect(driver, link, 'attach');
      if (ue === null) return;
      await using userPlane = await TesterUserPlane.open(bench, 'f1-u');
      const data = new BearerTraffic(driver, userPlane);
      const bearers = await data.setUp(link, ue);
      if (bearers) await data.exchange();
      await link.request('release', { name: 'UEContextReleaseCommand', ies: release(ue) }, driver.waiting);
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const [complete] = messagesOf(pdus, 'ULRRCMessageTransfer', 'received');
    const status = observations.find(({ kind }) => kind === STATUS);
    return {
      clauses: clausesOf({
        connected:
          complete === undefined
            ? broken('no UE came to a connection')
            : holds('RRC SETUP COMPLETE', complete.n),
        context: answeredIn(pdus, 'context', ['UEContextSetupResponse']),
        tunnels: tunnels(pdus),
        'well-formed': wellFormed(pdus),
        downlink: allArrived(observations, 'data', 'downlink'),
        uplink: allArrived(observations, 'data', 'uplink'),
        status:
          status === undefined
            ? unseen('nothing was polled')
            : Number(status.data) > 0
              ? holds(`${JSON.stringify(status.data)} delivery statuses`, status.n)
              : broken('no DL DATA DELIVERY STATUS came though it was polled', status.n),
        released: answeredIn(pdus, 'release', ['UEContextReleaseComplete']),
      }),
    };
  },
};

function tunnels(pdus: ReturnType<typeof seenPdus>): Found {
  const [response] = messagesOf(pdus, 'UEContextSetupResponse', 'received');
  if (response === undefined) return unseen('there is no response');
  const found = downlinkTunnels(unwrapItems('DRBs-Setup-Item', response.message.ies['DRBs-Setup-List']));
  const names = found.map(({ downlink }) => `${downlink.host} ${downlink.teid}`);
  const what = names.join(', ') || 'none';
  return names.length === DRBS.length && new Set(names).size === names.length
    ? holds(what, response.n)
    : broken(`${what} for ${DRBS.length} bearers`, response.n);
}

const DRBS = [1, 2] as const;

function release({ ids, rrc }: Connected): Ies<'UEContextReleaseCommand'> {
  return { ...ids, Cause: { radioNetwork: 'normal-release' }, RRCContainer: rrc.release(), SRBID: 1 };
}

/** Echo requests of a server to the UE, and its replies, on two bearers without security. */
class BearerTraffic {
  readonly #driver: DuDriver;
  readonly #userPlane: TesterUserPlane;
  readonly #downlink = new WayCount('downlink');
  readonly #uplink = new WayCount('uplink');
  readonly #ends = new Map(
    DRBS.map((drb) => [drb, bearerEnds({ kind: 'drb18', bearer: drb, sends: 'downlink' })]),
  );
  #tunnels: readonly { readonly drb: number; readonly downlink: Tunnel }[] = [];
  #statuses = 0;

  constructor(driver: DuDriver, userPlane: TesterUserPlane) {
    this.#driver = driver;
    this.#userPlane = userPlane;
  }

  async setUp(link: F1Link, { ids, rrc, cell }: Connected): Promise<boolean> {
    const drbs = DRBS.map((drb) => {
      const uplink = this.#userPlane.open(({ frame, packet }) => {
        if (frame?.kind === 'deliveryStatus') this.#statuses += 1;
        if (packet.length > 0) this.#arrived(drb, packet);
      });
      return drbToSetup({ drb, slice: { sst: 1 }, flows: [{ qfi: drb, fiveQi: 9 }], uplink, snBits: 18 });
    });
    const ies: Ies<'UEContextSetupRequest'> = {
      ...{ ...ids, 'SpCell-ID': cell, ServCellIndex: 0, CUtoDURRCInformation: {} },
      'SRBs-ToBeSetup-List': wrapItems('SRBs-ToBeSetup-Item', [{ sRBID: 2 }]),
      'DRBs-ToBeSetup-List': wrapItems('DRBs-ToBeSetup-Item', drbs),
    };
    const outcome = await link.request(
      'context',
      { name: 'UEContextSetupRequest', ies },
      this.#driver.waiting,
    );
    if (outcome.kind !== 'successful') return false;
    const { 'DRBs-Setup-List': list, DUtoCURRCInformation: told } = outcome.message.ies;
    this.#tunnels = downlinkTunnels(unwrapItems('DRBs-Setup-Item', list));
    const bearers = DRBS.map(
      (drb) => ({ drb, session: 1, qfis: [drb], snBits: 18, isIntegrityProtected: false }) as const,
    );
    const RRCContainer = rrc.reconfiguration({ masterCellGroup: told.cellGroupConfig, drbs: bearers });
    const from = link.next;
    await link.send('reconfigure', outgoing('DLRRCMessageTransfer', { ...ids, SRBID: 1, RRCContainer }));
    return (await link.waitFor(named('ULRRCMessageTransfer'), { ...this.#driver.waiting, from })) !== null;
  }

  async exchange(): Promise<void> {
    const { bench, waiting } = this.#driver;
    for (let sequence = 0; sequence < bench.number('packets'); sequence += 1) {
      const drb = DRBS[sequence % DRBS.length] ?? 1;
      const [ends, tunnel] = [this.#ends.get(drb), this.#tunnels.find((each) => each.drb === drb)];
      if (ends === undefined || tunnel === undefined) continue;
      const echo = { identifier: 1, sequence, data: new TextEncoder().encode(`packet ${sequence}`) };
      const request = encodeEcho({ kind: 'request', from: SERVER_ADDRESS, to: UE_ADDRESS, ...echo });
      const reply = encodeEcho({ kind: 'reply', from: UE_ADDRESS, to: SERVER_ADDRESS, ...echo });
      this.#uplink.sent(reply);
      this.#downlink.sent(request);
      const frame = { kind: 'downlinkData', sequence, polls: true, reportsDelivered: null } as const;
      await this.#userPlane.send(tunnel.downlink, { frame, packet: ends.sender.protect(request) });
    }
    await this.#uplink.settled(waiting.withinMs);
    // A request has arrived when it was replied to: nobody else can look into a UE.
    const { arrived, sent } = this.#uplink.data;
    const downlink = { way: 'downlink', sent, arrived, wrong: [] };
    bench.observe('data', USER_DATA, downlink);
    bench.observe('data', USER_DATA, { ...this.#uplink.data, wrong: [...this.#uplink.data.wrong] });
    bench.observe('data', STATUS, this.#statuses);
  }

  #arrived(drb: (typeof DRBS)[number], packet: Uint8Array): void {
    const received = this.#ends.get(drb)?.receiver.receive(packet);
    if (received?.ok === true) this.#uplink.arrived(received.value.sdu);
    else this.#uplink.wrong(received?.error.text ?? 'no bearer');
  }
}

/** TS 38.473 8.3.3: what is released is not known any more. */
export const duRelease: Procedure = {
  id: 'f1.du.release',
  parameters: BASIC,
  clauses: ['released', 'gone'],
  drive: (bench, { signal }) =>
    driveDu(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const ue = await mustConnect(driver, link);
      await link.request('release', { name: 'UEContextReleaseCommand', ies: release(ue) }, driver.waiting);
      await modify(driver, { link, ue, step: 'afterwards' });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        released: answeredIn(pdus, 'release', ['UEContextReleaseComplete']),
        gone: refusedIn(pdus, 'afterwards', []),
      }),
    };
  },
};

/** Asks for a change of nothing: only of a context that is there this can be had. */
export async function modify(
  { waiting }: Pick<DuDriver, 'waiting'>,
  { link, ue: { ids }, step }: { readonly link: F1Link; readonly ue: Connected; readonly step: string },
): Promise<void> {
  const ies: Ies<'UEContextModificationRequest'> = { ...ids };
  await link.request(step, { name: 'UEContextModificationRequest', ies }, waiting);
}

/** TS 38.473 8.7: a page has a UE come. */
export const duPaging: Procedure = {
  id: 'f1.du.paging',
  parameters: BASIC,
  clauses: ['answered'],
  drive: (bench, { signal }) =>
    driveDu(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const ue = await mustConnect(driver, link);
      await link.request('release', { name: 'UEContextReleaseCommand', ies: release(ue) }, driver.waiting);
      await pause(50, { signal });
      const from = link.next;
      await link.send(
        'page',
        outgoing('Paging', {
          UEIdentityIndexValue: { indexLength10: bitsOf(4, 10) },
          PagingIdentity: { cNUEPagingIdentity: { 'fiveG-S-TMSI': bitsOf(0x0040_0102_0304n, 48) } },
          'PagingCell-List': wrapItems('PagingCell-Item', [{ nRCGI: ue.cell }]),
        }),
      );
      const withinMs = bench.number('triggerWithinMs');
      await link.waitFor(named('InitialULRRCMessageTransfer'), { signal, withinMs, from });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const page = messagesOf(pdus, 'Paging', 'sent')[0];
    const answer = messagesOf(pdus, 'InitialULRRCMessageTransfer', 'received').find(
      ({ step }) => step === 'page',
    );
    return {
      clauses: clausesOf({
        answered:
          page === undefined
            ? unseen('nobody was paged')
            : answer === undefined
              ? broken('no UE came', page.n)
              : holds('INITIAL UL RRC MESSAGE TRANSFER', page.n, answer.n),
      }),
    };
  },
};
