import { randomBytes } from 'node:crypto';
import { pause } from '../../../src/kernel/deadline.ts';
import type { Json } from '../../../src/kernel/json.ts';
import type { Heartbeat, Heartbeats } from '../../interfaces/sctp/heartbeats.ts';
import type { SctpAssociation } from '../../interfaces/sctp/types.ts';
import type { SegmentSeen } from '../../interfaces/trace/segment-reader.ts';
import type { Bench, Seen } from '../procedure.ts';
import { broken, type Found, holds, undecided, unseen } from './judging.ts';
import { pingLike, putOntoSegment, withChecksums } from './segment-injection.ts';
import { type SayingAgain, type SegmentTap, TAPS } from './segment-tap.ts';

// Whether a gateway takes what it has had already: HEARTBEATs are sent to the product through the tunnel, their packets of ESP are caught at the
// tap, and put onto the segment again. Nobody can see what a gateway does with them; but if it takes one, the product answers that
// HEARTBEAT a second time. A ping of the same way shows that they reach the gateway at all.

/** Kind of an observation of what came of that: {@link ReplaySeen}. */
const REPLAY = 'replay';
/** More than the window that is usual has places (64): the first are behind it, the last within. */
const HEARTBEATS = 80;
/** So many are under way at a time. */
const TOGETHER = 8;
/** Who captures may hand packets over late. */
const PASSED_WITHIN_MS = 2_000;
const POLL_MS = 5;
const PING_BYTES = 32;
const UNSENT: Heartbeat = { answers: 0 };

interface ReplaySeen {
  /** Why it was not tried; null when it was. */
  readonly untried: string | null;
  /** HEARTBEATs. */
  readonly asked: number;
  readonly answered: number;
  /** Answered more than once before anything was said again. */
  readonly answeredTwice: number;
  /** Packets of ESP in which they travelled, as far as these were caught, and their sequence numbers. */
  readonly caught: number;
  readonly numbers: number;
  /** Of the packets that were said again, those that were seen to pass. */
  readonly passed: number;
  /** A ping that was put onto the segment behind them was answered by the gateway. */
  readonly reached: boolean;
  /** HEARTBEATs that were answered once more then. */
  readonly answeredAgain: number;
  /** One that was asked afterwards was answered. */
  readonly servedAfter: boolean;
}

const NOTHING: ReplaySeen = {
  ...{ untried: null, asked: 0, answered: 0, answeredTwice: 0, caught: 0, numbers: 0, passed: 0 },
  ...{ reached: false, answeredAgain: 0, servedAfter: false },
};

export interface Replaying {
  readonly bench: Bench;
  readonly step: string;
  /** As the equipment file calls it. */
  readonly interface: string;
  readonly tap: SegmentTap;
  /** With the product, by way of its gateway. */
  readonly association: SctpAssociation;
}

/** Says packets again on the segment, where that can be done. @throws HarnessError INJECTION_FAILED */
export async function sayAgain(replaying: Replaying, options: { signal: AbortSignal }): Promise<void> {
  const { bench, step, tap, association } = replaying;
  const { heartbeats, transport } = association;
  let seen: ReplaySeen;
  if (tap.again === null) seen = { ...NOTHING, untried: `ixit ${TAPS}.${replaying.interface} has no inject` };
  else if (heartbeats === undefined)
    seen = { ...NOTHING, untried: `${transport} shows no HEARTBEATs; another transport does` };
  else seen = await tryAll({ bench, again: tap.again, heartbeats }, options);
  bench.observe(step, REPLAY, { ...seen } satisfies Record<string, Json>);
}

interface Trying {
  readonly bench: Bench;
  readonly again: SayingAgain;
  readonly heartbeats: Heartbeats;
}

async function tryAll(
  { bench, again: { history, point }, heartbeats }: Trying,
  { signal }: { signal: AbortSignal },
): Promise<ReplaySeen> {
  const wait = { signal, withinMs: bench.number('responseTimeMs') };
  const late = { signal, withinMs: PASSED_WITHIN_MS };
  history.clear();
  const asked = await askAll(heartbeats, wait);
  await until(() => history.alike().packets.length >= asked.length, late);
  await pause(bench.number('settleMs'), { signal });
  const { packets, numbers } = history.alike();
  const before = asked.map(({ answers }) => answers);
  const seen = {
    ...{ ...NOTHING, asked: asked.length, caught: packets.length, numbers },
    answered: count(before, (answers) => answers > 0),
    answeredTwice: count(before, (answers) => answers > 1),
  };
  if (seen.answered < asked.length || numbers < asked.length) return seen;
  const had = packets.map((packet) => history.timesOf(packet));
  const passed = (): number => count(packets, (packet, index) => history.timesOf(packet) > (had[index] ?? 0));
  const [like] = packets;
  const said = randomBytes(PING_BYTES);
  const ping = like === undefined ? [] : [pingLike(like, said)];
  await putOntoSegment(point, [...packets.map(withChecksums), ...ping], { signal });
  await until(() => passed() === packets.length && history.hasAnswered(said), late);
  await pause(bench.number('settleMs'), { signal });
  // What answers this one comes behind whatever answers the others.
  const servedAfter = await isAnswered(heartbeats.ask(), wait);
  const answeredAgain = count(asked, ({ answers }, index) => answers > (before[index] ?? 0));
  const reached = history.hasAnswered(said);
  return { ...seen, passed: passed(), reached, answeredAgain, servedAfter };
}

/** A few at a time; none behind one that was not answered. */
async function askAll(heartbeats: Heartbeats, wait: Waiting): Promise<readonly Heartbeat[]> {
  const asked: Heartbeat[] = [];
  const areAnswered = (): boolean => asked.every(({ answers }) => answers > 0);
  while (asked.length < HEARTBEATS && areAnswered()) {
    for (let next = 0; next < TOGETHER; next += 1) asked.push(heartbeats.ask() ?? UNSENT);
    await until(areAnswered, wait);
  }
  return asked;
}

interface Waiting {
  readonly signal: AbortSignal;
  readonly withinMs: number;
}

function isAnswered(heartbeat: Heartbeat | null, wait: Waiting): Promise<boolean> {
  return until(() => heartbeat !== null && heartbeat.answers > 0, wait);
}

/** False when it does not hold in time. */
async function until(holdsNow: () => boolean, { signal, withinMs }: Waiting): Promise<boolean> {
  for (const end = performance.now() + withinMs; !holdsNow();) {
    if (performance.now() >= end) return false;
    await pause(POLL_MS, { signal });
  }
  return true;
}

function count<T>(items: readonly T[], fits: (item: T, index: number) => boolean): number {
  return items.filter(fits).length;
}

/** RFC 4303 §3.4.3: what was said before is not taken again. @param segment what passed there */
export function nothingTakenAgain(
  { observations }: Pick<Seen, 'observations'>,
  segment: Pick<SegmentSeen, 'esp' | 'dtls'>,
): Found {
  const observation = observations.find(({ kind }) => kind === REPLAY);
  if (observation === undefined) return unseen('nothing was said again');
  const { n } = observation;
  const seen = observation.data as unknown as ReplaySeen;
  const { untried, asked, answered, answeredTwice, caught, numbers, passed, answeredAgain } = seen;
  if (untried !== null) return unseen(untried);
  if (segment.esp.length === 0 && segment.dtls > 0)
    return unseen('in DTLS, SCTP itself takes each message once; that was not tried');
  if (segment.esp.length === 0) return unseen('there was no ESP that could be said again');
  if (answered < asked)
    return undecided(`of ${asked} HEARTBEATs, ${answered} were answered before anything was said again`, n);
  if (caught < asked)
    return undecided(
      `${asked} HEARTBEATs were sent; ${caught} such packets passed to the gateway of the product`,
      n,
    );
  if (numbers < asked) return unseen('packets to the product have no numbers by which they could be told');
  if (answeredTwice > 0) return undecided(`${answeredTwice} HEARTBEAT(s) were answered twice at once`, n);
  const what = `of ${caught} packets that were said again`;
  if (answeredAgain > 0)
    return broken(`${what}, ${answeredAgain} were taken: their HEARTBEATs were answered twice`, n);
  if (passed < caught) return undecided(`${what}, ${passed} were seen to pass on the segment`, n);
  if (!seen.reached)
    return undecided('the gateway answered no ping behind them: nothing shows that they reached it', n);
  if (!seen.servedAfter) return undecided('the product answers no HEARTBEAT any more', n);
  return holds(`${what}, none had an effect; a new HEARTBEAT is answered`, n);
}
