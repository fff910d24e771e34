import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { ApShape } from '../../interfaces/ap/types.ts';
import { DEFAULT_UDP_PORT } from '../../interfaces/sctp/connecting.ts';
import type { SctpTransport } from '../../interfaces/sctp/types.ts';
import { type Bench, Blocked, type Seen } from '../procedure.ts';
import type { DialledEndPoint } from '../sctp-end-point.ts';
import { hostilePackets } from './hostile-packets.ts';
import { broken, type Found, holds, unseen } from './judging.ts';
import { type ApLink, unlessEnded } from './link.ts';
import { seenEvents } from './seen-messages.ts';

// What is sent to a product that listens, and that no peer sends: more associations than it takes, payload protocol identifiers of
// others, packets that lie about themselves, octets that are no message. WG11 6.11.5, 6.11.6.

const FORGED = 'packets-sent';
const FORGED_FROM = 50_505;

/** Associations of a flood, that of the node that is served included: `excess` more than the product takes, or than that node alone. */
export function floodSize(bench: Pick<Bench, 'subjects' | 'number'>, interfaceName: string): number {
  return (limitOf(bench, interfaceName) ?? 1) + bench.number('excess');
}

/**
 * How many associations the product takes, as its IXIT has it under `<interface>.maxAssociations`; null when that says nothing: few products have
 * such a number.
 * @throws Blocked when it is no number of associations
 */
function limitOf({ subjects }: Pick<Bench, 'subjects'>, interfaceName: string): number | null {
  const name = `${interfaceName}.maxAssociations`;
  const limit = subjects[0]?.ixit[name];
  if (limit === undefined) return null;
  if (typeof limit === 'number' && limit > 0) return limit;
  const text = `ixit ${name} is no number of associations`;
  throw new Blocked({ code: 'IXIT_MISSING', text }, 'notSupportedByTestbed');
}

/** Associations that are up together when the flood is over, the first one included. */
export function limitKept(seen: Pick<Seen, 'subjects' | 'observations'>, interfaceName: string): Found {
  const events = seenEvents(seen.observations).filter(({ step }) => step !== 'close');
  const ended = new Set(
    events.filter(({ type }) => type === 'lost' || type === 'closed').map(({ association }) => association),
  );
  const up = events.filter(({ type, association }) => type === 'up' && !ended.has(association));
  const limit = limitOf(seen, interfaceName);
  if (limit === null)
    return unseen(`ixit ${interfaceName}.maxAssociations does not say how many are allowed`);
  const what = `${up.length} associations are up together, ${limit} are allowed`;
  return up.length <= limit
    ? holds(what, ...up.slice(0, 1).map(({ n }) => n))
    : broken(what, ...up.map(({ n }) => n));
}

/** Valid messages under payload protocol identifiers that are not theirs. */
export async function sendWrongPpids<S extends ApShape>(
  link: ApLink<S>,
  messages: Iterable<Uint8Array>,
): Promise<void> {
  link.enter('wrong-ppid');
  const ppids = [0, link.ppid === 60 ? 70 : 60, 0xffff_ffff];
  for (const octets of messages) {
    const ppid = ppids.shift();
    if (ppid === undefined) return;
    await unlessEnded(link.peer.association.send(octets, { ppid, stream: 0 }));
  }
}

interface Towards {
  readonly bench: Bench;
  readonly endPoint: DialledEndPoint;
  readonly transport: SctpTransport;
}

/** False where nothing but the kernel, or a stack that knows its rules, can send packets. */
export async function sendForged({ bench, endPoint, transport }: Towards): Promise<boolean> {
  const { host, port, udp } = endPoint;
  if (transport.name !== 'sctp:ts-udp' && transport.name !== 'sctp:usrsctp') return false;
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const packets = hostilePackets({ from: FORGED_FROM, to: port });
  for (const packet of packets)
    await new Promise<void>((sent) => {
      socket.send(packet, udp?.remote ?? DEFAULT_UDP_PORT, host, () => sent());
    });
  socket.close();
  const shown = packets.map((packet) => Buffer.from(packet).toString('hex'));
  bench.observe('packets', FORGED, shown);
  return true;
}

export function wereForged({ observations }: Pick<Seen, 'observations'>): boolean {
  return observations.some(({ kind }) => kind === FORGED);
}

/** Octets that are no message, and a message with pieces missing or wrong. */
export async function sendGarbage<S extends ApShape>(link: ApLink<S>, whole: Uint8Array): Promise<void> {
  const samples = [
    Uint8Array.of(0),
    whole.subarray(0, 3),
    whole.subarray(0, whole.length - 1),
    whole.map((octet, index) => (index % 3 === 0 ? octet ^ 0xff : octet)),
    new Uint8Array(1_000).fill(0xaa),
  ];
  for (const octets of samples) await link.sendBytes('garbage', octets);
}
