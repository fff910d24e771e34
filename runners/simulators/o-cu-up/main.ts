import { readFile } from 'node:fs/promises';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { outgoing } from '../../interfaces/e1ap/codec.ts';
import { chooseTransport } from '../../interfaces/sctp/choose.ts';
import { openSctp } from '../../interfaces/sctp/open-sctp.ts';
import { readTransportFacts } from '../../interfaces/sctp/transport-facts.ts';
import { exitWithParent } from '../../sandbox/child.ts';
import { defective } from '../ap/defects.ts';
import { openGtpu } from '../ap/gtpu.ts';
import { DONE, listenForOrders, namedUes, NO_UES, type OrderOutcome, unable } from '../ap/hook.ts';
import { parseTarget } from '../dialling.ts';
import { openSegment, segmentReady } from '../security-gateway/for-product.ts';
import { Bearers } from './bearers.ts';
import type { CuUpConfig } from './config.ts';
import { CuUp } from './cu-up.ts';
import { UserPlane } from './user-plane.ts';

/**
 * The gNB-CU-UP simulator as a process: `node main.js CONFIG.json`. Prints one line of JSON when its hook listens:
 * `{"ready":true,"controlPort":…,"gtpuHost":…}`. It connects when it is ordered to.
 */
async function main(configPath: string): Promise<void> {
  const config = JSON.parse(await readFile(configPath, 'utf8')) as CuUpConfig;
  const has = defective(config.defects);
  const { gtpu, host: gtpuHost } = await openGtpu(config.gtpuHost);
  const userPlane = new UserPlane(gtpu, has);
  const bearers = new Bearers({ userPlane, has, gtpuHost });
  const choice = chooseTransport(config.transport, readTransportFacts());
  const own = await openSctp(choice, { host: config.host });
  const segment = await openSegment({ transport: own, defects: config.defects, host: config.host });
  const transport = segment?.carry(own) ?? own;
  const cuUp = new CuUp({ settings: config, has, bearers, transport, say });
  const report = (): Json => ({
    isSetUp: cuUp.isSetUp,
    contexts: bearers.contexts.map(({ cuCpId, cuUpId, sessions }) => ({
      ...{ cuCpId, cuUpId },
      sessions: [...sessions.keys()],
    })),
    ...userPlane.counts,
  });
  const hook = await listenForOrders((order) => obey(order, { cuUp, bearers, report }));
  process.stdout.write(
    `${JSON.stringify({ ready: true, controlPort: hook.port, gtpuHost, ...(await segmentReady(segment)) })}\n`,
  );
}

interface Obeying {
  readonly cuUp: CuUp;
  readonly bearers: Bearers;
  readonly report: () => Json;
}

async function obey(order: JsonObject, { cuUp, bearers, report }: Obeying): Promise<OrderOutcome> {
  const { action } = order;
  if (action === 'report') return { done: report() };
  if (action === 'connect') {
    const target = parseTarget(order);
    if (target === null) return { refused: 'invalid', cause: 'connect needs host and port' };
    cuUp.connect(target, order['initiates'] !== false);
    return DONE;
  }
  if (action === 'disconnect') {
    cuUp.disconnect();
    return DONE;
  }
  const { peer } = cuUp;
  if (action !== 'reset' && action !== 'configurationUpdate' && action !== 'e1Release')
    return { refused: 'unknown', cause: 'unknown action' };
  if (peer === null || peer.isOver) return unable('there is no E1 interface');
  if (action === 'reset') return reset(order, { cuUp, peer, bearers });
  const TransactionID = peer.newTransactionId();
  const Cause = { misc: 'om-intervention' } as const;
  if (action === 'configurationUpdate')
    await peer.send(outgoing('GNB-CU-UP-ConfigurationUpdate', { TransactionID, ...cuUp.named() }));
  if (action === 'e1Release') await peer.send(outgoing('E1ReleaseRequest', { TransactionID, Cause }));
  return DONE;
}

/** The UEs are named as the gNB-CU-CP names them. */
async function reset(
  order: JsonObject,
  { cuUp, peer, bearers }: Pick<Obeying, 'cuUp' | 'bearers'> & { readonly peer: NonNullable<CuUp['peer']> },
): Promise<OrderOutcome> {
  const ues = namedUes(order);
  if (ues === null) return NO_UES;
  const meant = ues && bearers.contexts.filter(({ cuCpId }) => ues.includes(cuCpId));
  if (meant?.length === 0) return unable('there is no such UE');
  await cuUp.beginReset(peer, meant);
  return DONE;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

exitWithParent();
await main(process.argv[2] ?? '');
