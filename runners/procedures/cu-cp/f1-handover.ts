import { pause } from '../../../src/kernel/deadline.ts';
import { cellName, nrcgiOf } from '../../interfaces/f1ap/cells.ts';
import { unwrapItems } from '../../interfaces/f1ap/codec.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import { NG } from '../ap/interfaces/ng.ts';
import { broken, clausesOf, type Found, holds, undecided, unseen, wellFormed } from '../ap/judging.ts';
import { orderProduct } from '../ap/orders.ts';
import { seenOn } from '../ap/seen-messages.ts';
import type { ParameterSpec, Procedure, Seen } from '../procedure.ts';
import { mustSetUp } from './f1-setup.ts';
import { heardOf, toldTunnels } from './f1-ue.ts';
import { DownlinkFlow, flowMeasurements } from './handover-flow.ts';
import { testerCell } from './tester-cell.ts';
import { duTeid, type TesterDu } from './tester-du.ts';
import {
  type AttachedUe,
  establish,
  exchangeNas,
  mustRegisterAs,
  openFlow,
  SESSION,
  whoIs,
} from './ue-flow.ts';
import { BASIC, type CuCpWorld, driveCuCp } from './world.ts';

const [f1, ng] = [seenOn(F1), seenOn(NG)];
const KEY = 'f1.prepare';
const TARGET = 2;
const DATA_EVERY: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'time between two packets to the UE, by which loss and interruption are counted',
};
/** How long packets are counted before the UE goes, and after it has come. */
const AROUND_MS = 50;

/** TS 38.401 8.2.1.1: a UE goes to a cell of another gNB-DU, with its session. */
export const F1_HANDOVERS: readonly Procedure[] = [
  handover('f1.cu.handover', orderHandover),
  handover('f1.cu.handover-by-report', (_world, { source, attached, cell }) =>
    source.report('handover', attached.ue, cell),
  ),
];

interface Moving {
  readonly source: TesterDu;
  readonly attached: AttachedUe;
  readonly cell: ReturnType<typeof testerCell>;
}

function handover(id: string, begin: (world: CuCpWorld, moving: Moving) => Promise<void>): Procedure {
  return {
    ...{ id, parameters: { ...BASIC, dataEveryMs: DATA_EVERY } },
    clauses: ['prepared', 'commanded', 'stopped', 'tunnels', 'released', 'kept', 'well-formed'],
    drive: (bench, { signal }) =>
      driveCuCp(bench, { signal, key: KEY }, async (world) => {
        const flow = await openFlow(world);
        const cell = testerCell(world.product, TARGET);
        const target = await mustSetUp(world, 'setup', { id: TARGET, cells: [cell] });
        const attached = await mustRegisterAs('ue', world, flow);
        await establish(flow, attached, 'session');
        const { du: source, up } = flow;
        source.neighbour = target;
        attached.ue.rrc.goesTo(cell);
        for (const each of [source, target, up.link]) each.enter('handover');
        const data = new DownlinkFlow(bench.number('dataEveryMs'), {
          sendsTo: () => up.downlinkTeid,
          isAt: () => teidAt(target.arrived === null ? 1 : TARGET),
        });
        try {
          await pause(AROUND_MS, { signal });
          await begin(world, { source, attached, cell });
          await arrival(world, source);
          await pause(AROUND_MS, { signal });
        } finally {
          data.stop(bench, 'handover');
        }
        const ue = target.arrived;
        if (ue === null) return;
        await exchangeNas(
          world,
          { du: target, amf: flow.amf },
          { attached: { ...attached, ue }, step: 'kept' },
        );
        await flow.amf.release('release', attached.ids);
      }),
    judge: (seen) => ({ clauses: clausesOf(judge(seen)), measurements: flowMeasurements(seen.observations) }),
  };
}

/** It is the first UE of either gNB-DU. */
function teidAt(id: number): number {
  return duTeid({ id, duId: 1, drb: SESSION });
}

async function orderHandover(
  { bench, product, signal }: CuCpWorld,
  { source, attached, cell }: Moving,
): Promise<void> {
  const { duId } = attached.ue;
  const order = { action: 'handover', du: source.options.id, ue: duId, cell: cell.identity };
  const inWords = `hand the UE with gNB-DU UE F1AP ID ${duId} over to cell ${cellName(nrcgiOf(cell))}`;
  await orderProduct({ bench, product, key: KEY, signal }, { step: 'handover', order, inWords });
}

/** Until the source has let the UE go, or it is too late. */
async function arrival({ bench, signal }: CuCpWorld, { link }: TesterDu): Promise<void> {
  const withinMs = bench.number('triggerWithinMs');
  await link.waitFor(({ decoded }) => decoded.message?.name === 'UEContextReleaseCommand', {
    ...{ signal, withinMs, from: 0 },
  });
}

function judge(seen: Seen): Readonly<Record<string, Found>> {
  const all = f1.seenPdus(seen.observations);
  const [source, target] = f1.messagesOf(all, 'F1SetupRequest', 'sent').map(({ association }) => association);
  const pdus = all.filter(({ step }) => step === 'handover');
  const at = (association: string | undefined) => pdus.filter((pdu) => pdu.association === association);
  const [request] = f1.messagesOf(at(target), 'UEContextSetupRequest', 'received');
  if (request === undefined) {
    const isSession = pdus.length > 0 || all.some(({ step }) => step === 'session');
    const none = isSession
      ? undecided('no UE CONTEXT SETUP REQUEST came to the target in time')
      : unseen('the UE had no session to take along');
    const rest = unseen('there was no handover');
    const others = { stopped: rest, tunnels: rest, released: rest, kept: rest };
    return { prepared: none, commanded: rest, ...others, 'well-formed': wellFormed(all) };
  }
  const [command] = f1.messagesOf(at(source), 'UEContextModificationRequest', 'received');
  const ies = request.message.ies;
  const bearers = unwrapItems('DRBs-ToBeSetup-Item', ies['DRBs-ToBeSetup-List']).map(({ dRBID }) =>
    Number(dRBID),
  );
  const cell = ies['SpCell-ID'] === undefined ? 'none' : cellName(ies['SpCell-ID']);
  const what = `cell ${cell}, DRB ${bearers.join(', ') || 'none'}`;
  return {
    prepared: bearers.includes(SESSION) ? holds(what, request.n) : broken(what, request.n),
    commanded: commanded(seen, request.n),
    stopped:
      command === undefined
        ? broken('no UE CONTEXT MODIFICATION REQUEST came to the source', request.n)
        : command.message.ies.TransmissionActionIndicator === 'stop'
          ? holds('the source stops sending', command.n)
          : broken('the source is not told to stop sending', command.n),
    tunnels: toldTunnels(seen, () => teidAt(TARGET), request.n),
    released: released(at(source), request.n, whoIs('ue', seen)?.du),
    kept: kept(seen, request.n),
    'well-formed': wellFormed(all),
  };
}

/** The UE got the reconfiguration that sends it away. */
function commanded({ observations }: Seen, since: number): Found {
  const told = heardOf(observations, 'rrcReconfiguration').find(({ n }) => n > since);
  return told === undefined
    ? broken('the UE got no RRC RECONFIGURATION at the source that it could read', since)
    : holds('RRC RECONFIGURATION at the source', told.n);
}

function released(pdus: ReturnType<typeof f1.seenPdus>, since: number, duId: number | undefined): Found {
  const [command] = f1.messagesOf(pdus, 'UEContextReleaseCommand', 'received');
  if (command === undefined) return broken('the source did not have to release the UE', since);
  return command.message.ies['gNB-DU-UE-F1AP-ID'] === duId
    ? holds('UE CONTEXT RELEASE COMMAND at the source', command.n)
    : broken('another UE is released at the source', command.n);
}

/** The core network keeps the UE, and NAS goes both ways through the target. */
function kept({ observations }: Seen, since: number): Found {
  const pdus = ng.seenPdus(observations);
  const start = f1.seenPdus(observations).find(({ step }) => step === 'kept');
  if (start === undefined) return broken('the UE did not come to the target', since);
  const [asked] = ng
    .messagesOf(pdus, 'UEContextReleaseRequest', 'received')
    .filter(({ n }) => n > since && n < start.n);
  if (asked !== undefined) return broken('the core network was asked to release the UE', asked.n);
  const up = ng.messagesOf(pdus, 'UplinkNASTransport', 'received').find(({ n }) => n > start.n);
  if (up === undefined) return broken('NAS of the UE did not come to the AMF', start.n);
  const down = heardOf(observations, 'dlInformationTransfer').find(({ n }) => n > start.n);
  return down === undefined
    ? broken('NAS of the AMF did not come to the UE', start.n)
    : holds('NAS went both ways through the target', up.n, down.n);
}
