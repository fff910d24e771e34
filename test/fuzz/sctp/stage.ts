import { openEndpoint } from '../../../runners/interfaces/sctp/endpoint.ts';
import type {
  SctpAssociation,
  SctpEvent,
  SctpListener,
  SctpTransport,
} from '../../../runners/interfaces/sctp/types.ts';
import type { Random } from './mutate.ts';
import { pick } from './mutate.ts';
import { type Sent, World } from './world.ts';

/** What the end under test is in when packets are changed. @see RFC 9260 §4 */
export const PLACES = [
  'listening',
  'cookieWait',
  'cookieEchoed',
  'established',
  'shutdownPending',
  'shutdownSent',
  'shutdownReceived',
  'shutdownAckSent',
] as const;
export type Place = (typeof PLACES)[number];

export const [TARGET, HONEST, PORT] = ['target', 'honest', 36_421] as const;
const CHUNK = { data: 0, shutdown: 7, shutdownAck: 8, cookieAck: 11 } as const;
export const SETTINGS = {
  ...{ rtoInitialMs: 100, rtoMinMs: 50, rtoMaxMs: 400, maxInitRetransmits: 8, heartbeatIntervalMs: 1_000 },
  ...{ sackDelayMs: 20, associationMaxRetransmits: 10, pathMaxRetransmits: 5 },
  ...{ receiveWindowBytes: 65_536, sendBufferBytes: 65_536, maxMessageBytes: 32_768 },
};

/** One end of an association: what it has sent, received and seen. */
export interface End {
  readonly association: SctpAssociation;
  readonly sent: Uint8Array[];
  readonly got: Uint8Array[];
  readonly events: SctpEvent[];
}

export interface Stage {
  readonly world: World;
  readonly target: SctpTransport;
  readonly honest: SctpTransport;
  /** Both ends, once they are up. */
  readonly ends: { target?: End; honest?: End };
  readonly random: Random;
}

/** The end under test, and an honest peer, with an association in that place. */
export async function setTheStage(place: Place, random: Random): Promise<Stage> {
  const world = new World();
  const open = (host: string) =>
    openEndpoint({
      ...{ carrier: world.carrier(host), timers: world.timers, settings: SETTINGS },
      random: () => pick(random, 2 ** 32),
    });
  const stage: Stage = { world, random, target: open(TARGET), honest: open(HONEST), ends: {} };
  const listeners = [
    await stage.target.listen({ port: PORT }),
    await stage.honest.listen({ port: PORT }),
  ] as const;
  watch(stage, 'target', listeners[0]);
  watch(stage, 'honest', listeners[1]);
  if (place === 'listening') return stage;
  if (place === 'cookieWait') world.drops = ({ from }) => from === HONEST;
  if (place === 'cookieEchoed') world.drops = (sent) => sent.from === HONEST && has(sent, CHUNK.cookieAck);
  const isOpening = place === 'cookieWait' || place === 'cookieEchoed';
  join(stage, isOpening || random() < 0.5 ? 'target' : 'honest');
  await world.pass(5);
  if (isOpening) return stage;
  await talk(stage, 4);
  await close(stage, place);
  return stage;
}

/** Both ends send some messages, and the network loses some of them. */
export async function talk({ world, ends, random }: Stage, count: number): Promise<void> {
  world.drops = ({ packet }) => packet[12] === CHUNK.data && random() < 0.2;
  for (const end of [ends.target, ends.honest]) {
    for (let index = 0; end !== undefined && index < count; index += 1) say(end, random);
  }
  await world.pass(10);
}

export function say({ association, sent }: End, random: Random): void {
  const bytes = Uint8Array.from({ length: 8 + pick(random, 2_400) }, () => pick(random, 256));
  sent.push(bytes);
  association.send(bytes, { ppid: 70 }).catch(() => sent.splice(sent.indexOf(bytes), 1));
}

async function close({ world, ends, random }: Stage, place: Place): Promise<void> {
  const closes = place === 'shutdownPending' || place === 'shutdownSent' ? ends.target : ends.honest;
  if (place === 'established') return;
  if (place === 'shutdownSent' || place === 'shutdownAckSent') {
    world.drops = () => false;
    await world.pass(1_000);
  }
  world.drops = (sent) => sent.from === TARGET && isHeldBack(sent, place);
  if (place === 'shutdownPending' || place === 'shutdownReceived') {
    for (let count = 0; count < 3; count += 1) if (ends.target !== undefined) say(ends.target, random);
    await world.pass(5);
  }
  void closes?.association.close();
  await world.pass(5);
}

function isHeldBack(sent: Sent, place: Place): boolean {
  if (place === 'shutdownSent') return has(sent, CHUNK.shutdown);
  if (place === 'shutdownAckSent') return has(sent, CHUNK.shutdownAck);
  return has(sent, CHUNK.data);
}

function has({ packet }: Sent, type: number): boolean {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  for (let at = 12; at + 4 <= packet.length; at += Math.max(4, (view.getUint16(at + 2) + 3) & ~3)) {
    if (packet[at] === type) return true;
  }
  return false;
}

/** @param from the end that asks */
export function join({ target, honest, ends }: Stage, from: 'target' | 'honest'): void {
  const [transport, host] = from === 'target' ? [target, HONEST] : [honest, TARGET];
  const limit = { signal: new AbortController().signal };
  transport.connect({ host, port: PORT, localPort: 5_000 }, limit).then(
    (association) => (ends[from] = follow(association)),
    () => {},
  );
}

function watch({ ends }: Stage, which: 'target' | 'honest', { associations }: SctpListener): void {
  void (async () => {
    for await (const association of associations) ends[which] ??= follow(association);
  })();
}

function follow(association: SctpAssociation): End {
  const end: End = { association, sent: [], got: [], events: [] };
  void (async () => {
    for await (const { bytes } of association.messages) end.got.push(bytes);
  })();
  void (async () => {
    for await (const event of association.events) end.events.push(event);
  })();
  return end;
}
