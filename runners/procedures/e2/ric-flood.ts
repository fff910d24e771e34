import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { encodeMessage } from '../../interfaces/e2/codec.ts';
import { DEFAULT_UDP_PORT } from '../../interfaces/sctp/connecting.ts';
import { type Bench, Blocked, type Procedure, type Seen } from '../procedure.ts';
import { broken, clausesOf, type Found, holds, unseen } from './judging.ts';
import { hostilePackets } from './hostile-packets.ts';
import { unlessEnded } from './link.ts';
import { RESPONSE_TIME, SETTLE } from './parameters.ts';
import { anUpdate } from './ric-errors.ts';
import { driveRic, type RicDriver, type TesterNode } from './ric-driver.ts';
import { alive } from './ric-judging.ts';
import { seenEvents, seenPdus } from './seen-messages.ts';

const WRONG_PPIDS = [0, 60, 0xffff_ffff];
const FORGED = 'packets-sent';
const FLOOD = 'flood';

/** WG11 6.11.5, 6.11.6: more associations than are allowed, and what no peer sends; a node that is there notices nothing. */
export const associationFlood: Procedure = {
  id: 'e2.ric.association-flood',
  parameters: {
    responseTimeMs: RESPONSE_TIME,
    settleMs: SETTLE,
    excess: { type: 'number', unit: 'count', about: 'associations beyond those that are allowed' },
  },
  clauses: ['limit', 'flood-survived', 'wrong-ppid', 'packets', 'garbage'],
  drive: (bench, { signal }) =>
    driveRic(bench, { signal }, async (driver) => {
      const limit = limitOf(bench);
      const node = await driver.ready();
      await flood(driver, limit + bench.number('excess'));
      await node.settle(bench.number('settleMs'));
      await node.probe('after-flood');
      await sendWrongPpids(node);
      await node.probe('after-wrong-ppid');
      if (await sendForged(driver)) await node.probe('after-packets');
      await sendGarbage(node);
      await node.probe('after-garbage');
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const wereForged = seen.observations.some(({ kind }) => kind === FORGED);
    return {
      clauses: clausesOf({
        limit: limitKept(seen),
        'flood-survived': alive(pdus, 'after-flood'),
        'wrong-ppid': alive(pdus, 'after-wrong-ppid'),
        packets: wereForged
          ? alive(pdus, 'after-packets')
          : unseen('packets can only be forged where SCTP travels in UDP'),
        garbage: alive(pdus, 'after-garbage'),
      }),
    };
  },
};

function limitOf({ subjects }: Bench): number {
  const limit = subjects[0]?.ixit['e2.maxAssociations'];
  if (typeof limit === 'number' && limit > 0) return limit;
  const text = 'ixit e2.maxAssociations does not say how many associations the product takes';
  throw new Blocked({ code: 'IXIT_MISSING', text }, 'notSupportedByTestbed');
}

/** As many nodes as fit beside the one that is there, and some more. They say nothing. */
async function flood(driver: RicDriver, count: number): Promise<void> {
  for (let number = 2; number <= count; number += 1)
    await driver.tryConnect(FLOOD, 100 + number, `flood-${number}`);
}

async function sendWrongPpids({ link, transactionId: first }: TesterNode): Promise<void> {
  link.enter('wrong-ppid');
  for (const [index, ppid] of WRONG_PPIDS.entries()) {
    const octets = encodeMessage('E2nodeConfigurationUpdate', anUpdate((first + index) % 256));
    await unlessEnded(link.peer.association.send(octets, { ppid, stream: 0 }));
  }
}

/** False where nothing but the kernel, or a stack that knows its rules, can send packets. */
async function sendForged({ bench, endPoint, transport }: RicDriver): Promise<boolean> {
  const { host, port, udp } = endPoint;
  if (transport.name !== 'sctp:ts-udp' && transport.name !== 'sctp:usrsctp') return false;
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const packets = hostilePackets({ from: 50_505, to: port });
  for (const packet of packets)
    await new Promise<void>((sent) => {
      socket.send(packet, udp?.remote ?? DEFAULT_UDP_PORT, host, () => sent());
    });
  socket.close();
  bench.observe(
    'packets',
    FORGED,
    packets.map((packet) => Buffer.from(packet).toString('hex')),
  );
  return true;
}

async function sendGarbage(node: TesterNode): Promise<void> {
  const whole = encodeMessage('E2nodeConfigurationUpdate', anUpdate(node.transactionId));
  const samples = [
    Uint8Array.of(0),
    whole.subarray(0, 3),
    whole.subarray(0, whole.length - 1),
    whole.map((octet, index) => (index % 3 === 0 ? octet ^ 0xff : octet)),
    new Uint8Array(1_000).fill(0xaa),
  ];
  for (const octets of samples) await node.link.sendBytes('garbage', octets);
  await node.settle(50);
}

/** Associations that are up together when the flood is over, the first one included. */
function limitKept(seen: Seen): Found {
  const events = seenEvents(seen.observations).filter(({ step }) => step !== 'close');
  const ended = new Set(
    events.filter(({ type }) => type === 'lost' || type === 'closed').map(({ association }) => association),
  );
  const up = events.filter(({ type, association }) => type === 'up' && !ended.has(association));
  const limit = Number(seen.subjects[0]?.ixit['e2.maxAssociations']);
  const what = `${up.length} associations are up together, ${limit} are allowed`;
  return up.length <= limit
    ? holds(what, ...up.slice(0, 1).map(({ n }) => n))
    : broken(what, ...up.map(({ n }) => n));
}
