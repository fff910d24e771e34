import { openEndpoint } from '../../../runners/interfaces/sctp/endpoint.ts';
import { seeded } from '../../../runners/interfaces/sctp/impair.ts';
import type { Fuzzed, FuzzOptions } from '../fuzzer.ts';
import { CHANGES, pick, sealed, tagOf, withTag } from './mutate.ts';
import {
  type End,
  HONEST,
  type Place,
  PLACES,
  PORT,
  say,
  SETTINGS,
  setTheStage,
  type Stage,
  TARGET,
} from './stage.ts';

export interface SctpFindings {
  /** Packets that were changed and given to the end under test. */
  readonly rounds: number;
  readonly byPlace: Readonly<Record<string, number>>;
  /** How associations ended that a peer with the right tag had its way with. */
  readonly endings: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

const PACKETS_PER_STAGE = 24;
/** A flight of packets, and what answers to one packet may hold beside it. */
const MAX_ANSWERS = 16;
const MAX_MS = 2_000;
const HEAL_MS = 4_000;
const INIT_TYPES = [1, 2];

/** `fuzz -- sctp`: rounds are changed packets. */
export async function fuzzSctpStack(options: FuzzOptions): Promise<Fuzzed> {
  const { problems, ...figures } = await fuzzSctp(options);
  const heapMiB = Math.round(process.memoryUsage().heapUsed / 2 ** 20);
  return { findings: problems, figures: { ...figures, heapMiB } };
}

/**
 * Changed packets against our own stack, in every place of the life of an association. Half of the stages belong to strangers, who do not know
 * its tags: they change nothing for the honest peer. In the other half the tags are right, as if the peer itself were broken: the
 * association may end, the end point and everybody else may not suffer.
 */
export async function fuzzSctp({ rounds, seed, onRound }: FuzzOptions): Promise<SctpFindings> {
  const byPlace: Record<string, number> = {};
  const endings: Record<string, number> = {};
  const problems: string[] = [];
  for (let done = 0, index = 0; done < rounds; index += 1) {
    const place = PLACES[index % PLACES.length] ?? 'established';
    const isStranger = Math.floor(index / PLACES.length) % 2 === 0;
    const count = Math.min(PACKETS_PER_STAGE, rounds - done);
    const title = `seed ${seed}, stage ${index} (${place}, ${isStranger ? 'stranger' : 'insider'})`;
    try {
      const ending = await play({ place, isStranger, count, random: seeded(seed * 1_000_003 + index) });
      endings[ending] = (endings[ending] ?? 0) + 1;
    } catch (error) {
      problems.push(`${title}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    byPlace[place] = (byPlace[place] ?? 0) + count;
    done += count;
    onRound?.(done);
  }
  return { rounds, byPlace, endings, problems };
}

interface Play {
  readonly place: Place;
  readonly isStranger: boolean;
  readonly count: number;
  readonly random: () => number;
}

async function play({ place, isStranger, count, random }: Play): Promise<string> {
  const stage = await setTheStage(place, random);
  const { world } = stage;
  if (place === 'listening') await greetAndForget(stage);
  for (let left = count; left > 0; left -= 1) {
    give(stage, isStranger);
    world.settle();
    if (random() < 0.2) await world.pass(1 + pick(random, 4));
  }
  world.drops = () => false;
  if (isStranger) await mustLive(stage, place);
  else await world.pass(HEAL_MS);
  await mustServeOthers(stage);
  const ending = isStranger ? 'lived on' : endingOf(stage.ends.target);
  await stage.target[Symbol.asyncDispose]();
  await stage.honest[Symbol.asyncDispose]();
  world.settle();
  return ending;
}

/** Packets to change, of an association that is no more. */
async function greetAndForget({ world, honest }: Stage): Promise<void> {
  const limit = { signal: new AbortController().signal };
  const connecting = honest.connect({ host: TARGET, port: PORT, localPort: 6_000 }, limit);
  await world.pass(5);
  (await connecting).abort();
  await world.pass(5);
}

function give({ world, random }: Stage, isStranger: boolean): void {
  const towards = world.sent.filter(({ to }) => to === TARGET).map(({ packet }) => packet);
  const base = towards[pick(random, towards.length)];
  if (base === undefined) throw new Error('there is no packet to change');
  let packet = base;
  for (let times = 1 + pick(random, 3); times > 0; times -= 1) {
    const names = Object.keys(CHANGES);
    packet = CHANGES[names[pick(random, names.length)] ?? 'none']?.(packet, random, towards) ?? packet;
  }
  if (isStranger) packet = withoutTags(packet, new Set(world.sent.map((sent) => tagOf(sent.packet))));
  packet = random() < 0.97 ? sealed(packet) : packet;
  const before = world.sent.length;
  const startedAt = performance.now();
  world.inject(packet, TARGET, {
    host: random() < 0.85 ? HONEST : 'stranger',
    port: random() < 0.85 ? 0 : 7_000,
  });
  const answers = world.sent.length - before;
  const tookMs = performance.now() - startedAt;
  if (answers > MAX_ANSWERS) throw new Error(`${answers} packets in answer to one`);
  if (tookMs > MAX_MS) throw new Error(`one packet took ${tookMs} ms`);
}

/** The header has none of the tags that are in use, nor has an INIT, which would be answered with it. */
function withoutTags(packet: Uint8Array, tags: ReadonlySet<number>): Uint8Array {
  const tag = tagOf(packet);
  const bytes = tag !== 0 && tags.has(tag) ? withTag(packet, other(tag, tags)) : packet.slice();
  if (!INIT_TYPES.includes(bytes[12] ?? 0) || bytes.length < 20) return bytes;
  const view = new DataView(bytes.buffer);
  if (tags.has(view.getUint32(16))) view.setUint32(16, other(view.getUint32(16), tags));
  return bytes;
}

function other(tag: number, tags: ReadonlySet<number>): number {
  let found = (tag ^ 0x5a5a5a5a) >>> 0;
  while (tags.has(found)) found = (found + 1) >>> 0;
  return found;
}

/** Everything that the honest peer and the end under test have sent each other arrives, once and in order. */
async function mustLive(stage: Stage, place: Place): Promise<void> {
  const { world, ends, random } = stage;
  await world.pass(HEAL_MS);
  if (place === 'listening') return;
  const { target, honest } = ends;
  if (target === undefined || honest === undefined) throw new Error('the association never came up');
  if (!place.startsWith('shutdown')) {
    for (const end of [target, honest]) say(end, random);
    await world.pass(HEAL_MS);
  }
  mustBeEqual(target.sent, honest.got, 'from the end under test');
  mustBeEqual(honest.sent, target.got, 'from the honest peer');
  const wanted = place.startsWith('shutdown') ? 'closed' : 'up';
  const types = [target, honest].map(
    ({ events }) => events.findLast(({ type }) => type !== 'peerError')?.type,
  );
  const sound = types.every((type) => type === wanted || (wanted === 'up' && type === 'pathUp'));
  if (!sound)
    throw new Error(`it should be ${wanted}, and is ${JSON.stringify([target.events, honest.events])}`);
}

function mustBeEqual(sent: readonly Uint8Array[], got: readonly Uint8Array[], whose: string): void {
  const same =
    sent.length === got.length &&
    sent.every((bytes, index) => Buffer.compare(bytes, got[index] ?? bytes) === 0);
  if (!same) throw new Error(`of ${sent.length} messages ${whose} ${got.length} arrived, or others`);
}

/** Another peer is served as if nothing had been. */
async function mustServeOthers({ world, target }: Stage): Promise<void> {
  const fresh = openEndpoint({ carrier: world.carrier('fresh'), timers: world.timers, settings: SETTINGS });
  const limit = { signal: new AbortController().signal };
  let up: Awaited<ReturnType<typeof fresh.connect>> | undefined;
  fresh.connect({ host: TARGET, port: PORT }, limit).then(
    (association) => (up = association),
    () => {},
  );
  await world.pass(HEAL_MS);
  if (up === undefined || target.name !== 'pipe') throw new Error('another peer finds no association');
  const seen: string[] = [];
  void up.close().then(() => seen.push('closed'));
  await world.pass(HEAL_MS);
  if (!seen.includes('closed')) throw new Error('another peer cannot close its association');
  await fresh[Symbol.asyncDispose]();
}

function endingOf(end: End | undefined): string {
  const last = end?.events.at(-1);
  if (last === undefined) return 'never up';
  return last.type === 'lost' ? `lost: ${last.why}` : last.type === 'closed' ? 'closed' : 'lived on';
}
