import { readFile } from 'node:fs/promises';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { outgoing as e1 } from '../../interfaces/e1ap/codec.ts';
import { outgoing } from '../../interfaces/f1ap/codec.ts';
import { chooseTransport } from '../../interfaces/sctp/choose.ts';
import { openSctp } from '../../interfaces/sctp/open-sctp.ts';
import { readTransportFacts } from '../../interfaces/sctp/transport-facts.ts';
import type { SctpListener } from '../../interfaces/sctp/types.ts';
import { exitWithParent } from '../../sandbox/child.ts';
import { defective } from '../ap/defects.ts';
import { DONE, listenForOrders, namedUes, NO_UES, type OrderOutcome, unable } from '../ap/hook.ts';
import { parseTarget } from '../dialling.ts';
import { openSegment, segmentReady } from '../security-gateway/for-product.ts';
import { whenUp } from '../when-up.ts';
import type { CuCpConfig } from './config.ts';
import { CuCp, type HandoverOrder } from './cu-cp.ts';
import type { Sessions } from './sessions.ts';
import type { ApShape } from '../../interfaces/ap/types.ts';

/**
 * The gNB-CU-CP simulator as a process: `node main.js CONFIG.json`. Prints one line of JSON when it listens:
 * `{"ready":true,"controlPort":…}`. It goes to an AMF when it is ordered to.
 */
async function main(configPath: string): Promise<void> {
  const config = JSON.parse(await readFile(configPath, 'utf8')) as CuCpConfig;
  const { host, udpPort, f1Port, e1Port } = config;
  const choice = chooseTransport(config.transport, readTransportFacts());
  const transport = await openSctp(choice, { host, udpPort });
  const segment = await openSegment({ transport, defects: config.defects, host, udpPort });
  const cuCp = new CuCp({ settings: config, has: defective(config.defects), transport, say });
  const [f1, e1] = [await transport.listen({ port: f1Port }), await transport.listen({ port: e1Port })];
  const hook = await listenForOrders((order) => obey(order, cuCp));
  process.stdout.write(
    `${JSON.stringify({ ready: true, controlPort: hook.port, ...(await segmentReady(segment)) })}\n`,
  );
  await Promise.all([admitAll(f1, cuCp.f1.sessions), admitAll(e1, cuCp.e1.sessions)]);
}

async function admitAll<S extends ApShape, Known>(
  listener: SctpListener,
  sessions: Sessions<S, Known>,
): Promise<void> {
  for await (const association of listener.associations) sessions.admit(association);
}

async function obey(order: JsonObject, cuCp: CuCp): Promise<OrderOutcome> {
  const { action } = order;
  switch (action) {
    case 'report':
      return { done: reportOf(cuCp) };
    case 'connectNg': {
      const target = parseTarget(order);
      if (target === null) return { refused: 'invalid', cause: 'connectNg needs host and port' };
      cuCp.ng.connect(target);
      return DONE;
    }
    case 'disconnectNg':
      cuCp.ng.disconnect();
      return DONE;
    case 'e1Setup':
      return (await whenUp(() => cuCp.e1.initiate())) === null
        ? unable('there is no association without E1')
        : DONE;
    case 'e1Update':
    case 'e1Reset':
      return beginOnE1(cuCp, order);
    case 'cuUpdate':
    case 'reset':
      return beginOnF1(cuCp, order);
    case 'handover': {
      const wanted = parseHandover(order);
      if (wanted === null) return { refused: 'invalid', cause: 'handover needs ue and cell' };
      const done = cuCp.handOver(wanted);
      return done === null ? unable('there is no such UE, or no such cell of another gNB-DU') : DONE;
    }
    default:
      return { refused: 'unknown', cause: 'unknown action' };
  }
}

function parseHandover({ du, ue, cell }: JsonObject): HandoverOrder | null {
  if (typeof ue !== 'number' || typeof cell !== 'number' || !Number.isSafeInteger(cell)) return null;
  return { du: typeof du === 'number' ? du : undefined, ue, cell };
}

/** With the gNB-DU that came last. */
async function beginOnF1(cuCp: CuCp, order: JsonObject): Promise<OrderOutcome> {
  const session = cuCp.f1.sessions.known.at(-1);
  if (session === undefined) return unable('no gNB-DU has set up');
  const ues = namedUes(order);
  if (ues === null) return NO_UES;
  if (order['action'] === 'cuUpdate') {
    const TransactionID = session.peer.newTransactionId();
    await session.send(outgoing('GNBCUConfigurationUpdate', { TransactionID, 'gNB-CU-Name': 'cu-1' }));
    return DONE;
  }
  const meant = ues && cuCp.ues.filter(({ du, duId }) => du === session && ues.includes(duId));
  if (meant?.length === 0) return unable('there is no such UE');
  await cuCp.f1.beginReset(
    session,
    meant?.map(({ id, duId }) => ({ upper: id, lower: duId })),
  );
  return DONE;
}

/** With the gNB-CU-UP that came last. */
async function beginOnE1(cuCp: CuCp, order: JsonObject): Promise<OrderOutcome> {
  const session = cuCp.e1.sessions.known.at(-1);
  if (session === undefined) return unable('no gNB-CU-UP has set up');
  const ues = namedUes(order);
  if (ues === null) return NO_UES;
  if (order['action'] === 'e1Update') {
    const TransactionID = session.peer.newTransactionId();
    await session.send(e1('GNB-CU-CP-ConfigurationUpdate', { TransactionID, 'gNB-CU-CP-Name': 'cu-1' }));
    return DONE;
  }
  const meant = cuCp.ues.flatMap(({ id, bearers }) =>
    bearers?.session === session && ues?.includes(id) === true ? [{ upper: id, lower: bearers.cuUpId }] : [],
  );
  if (ues !== undefined && meant.length === 0) return unable('there is no such UE');
  await cuCp.e1.beginReset(session, ues && meant);
  return DONE;
}

function reportOf(cuCp: CuCp): Json {
  return {
    isNgSetUp: cuCp.ng.isSetUp,
    dus: cuCp.f1.sessions.known.map(({ known }) => ({ id: known.id, cells: [...known.cells.keys()] })),
    cuUps: cuCp.e1.sessions.known.map(({ known }) => ({ id: known.id })),
    ues: cuCp.ues.map(({ id, sessions }) => ({ id, sessions: [...sessions.keys()] })),
  };
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

exitWithParent();
await main(process.argv[2] ?? '');
