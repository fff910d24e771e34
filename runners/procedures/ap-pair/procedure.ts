import type { Program } from '../../../src/judge/program.ts';
import type { JsonObject } from '../../../src/kernel/json.ts';
import type { ApShape } from '../../interfaces/ap/types.ts';
import { unseen } from '../ap/judging.ts';
import { RESPONSE_TIME, SETTLE } from '../ap/parameters.ts';
import { seenOn, type SeenPdu } from '../ap/seen-messages.ts';
import type { ParameterSpec, Procedure, Seen } from '../procedure.ts';
import { CLEAN_UP, drivePair, type PairDriver } from './drive.ts';
import { type Exchange, type Finding, judged, judgeExchange, judgeOrder, judgeSpeech } from './findings.ts';
import { type ApPair, CALLER, LISTENER, type Side } from './pair.ts';
import { judgeRules } from './rules.ts';

/** Something that a side, or what stands around the pair, is made to do, and how that is judged, clause by clause. */
export type PairStep<World = unknown> = PairStepFrame & (OrderedStep | ActedStep<World>);

interface PairStepFrame {
  readonly step: string;
  /** Messages by which it is done. */
  readonly until: readonly string[];
  /** A clause of an earlier step that has to hold, else there is nothing to look at. Absent: the set-up. */
  readonly needs?: string;
  readonly judge: Readonly<Record<string, (pdus: readonly SeenPdu[], seen: Seen) => Finding>>;
}

interface OrderedStep {
  readonly by: Side;
  /** Null: the equipment file does not say enough to order it. */
  readonly order: JsonObject | ((driver: PairDriver) => JsonObject | null);
}

interface ActedStep<World> {
  readonly act: (world: World) => Promise<void>;
}

export interface PairCase<S extends ApShape, World> {
  readonly id: string;
  readonly pair: ApPair<S>;
  /** The exchange with which it begins: without it there is nothing to look at. */
  readonly setup: Exchange;
  readonly steps: readonly PairStep<World>[];
  /** Properties of the protocol; read when they are needed first. */
  readonly programs: () => readonly Program[];
  /** What has to stand around the pair while it runs. */
  readonly around: Around<World>;
  readonly parameters?: Readonly<Record<string, ParameterSpec>>;
}

const OVER = 'over';

/** Sets up what stands around a pair, has the steps run, and takes it away. */
export type Around<World> = (driver: PairDriver, run: (world: World) => Promise<void>) => Promise<void>;

export const ALONE: Around<undefined> = (_driver, run) => run(undefined);

const CONNECT: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long the second product may take to connect and to set up',
};

/** A case of two products: each is made to begin things, and what both say is held against each other and against the standard. */
export function pairProcedure<S extends ApShape, World>(of: PairCase<S, World>): Procedure {
  const { id, pair, setup, steps, around, parameters = {} } = of;
  const ids = steps.flatMap(({ judge }) => Object.keys(judge));
  const always = pair.names.flatMap((name) => [`${name}-speech`, `${name}-rules`]);
  return {
    id,
    parameters: { connectWithinMs: CONNECT, answerWithinMs: RESPONSE_TIME, settleMs: SETTLE, ...parameters },
    clauses: ['setup', ...ids, ...always, 'order'],
    drive: (bench, { signal }) =>
      drivePair(pair, { bench, signal }, async (driver) => {
        // What is made to speak before the interface is up breaks a rule because it was told to.
        if (!driver.relay.has(setup.answer)) return;
        await around(driver, async (world) => {
          for (const step of steps) await perform(step, driver, world);
          driver.relay.enter(OVER);
        });
      }),
    judge: (seen) => judged(judgePair(of, seen)),
  };
}

async function perform<World>(wanted: PairStep<World>, driver: PairDriver, world: World): Promise<void> {
  const { step, until } = wanted;
  if ('act' in wanted) {
    await driver.during({ step, until }, async () => {
      await wanted.act(world);
      return true;
    });
    return;
  }
  const order = typeof wanted.order === 'function' ? wanted.order(driver) : wanted.order;
  if (order !== null) await driver.order(wanted.by, { step, order, until });
}

function judgePair<S extends ApShape, World>(
  { pair: { spoken, names }, setup, steps, programs }: PairCase<S, World>,
  seen: Seen,
): Readonly<Record<string, Finding>> {
  // What comes when all is taken away belongs to nobody.
  const all: readonly SeenPdu[] = seenOn(spoken).seenPdus(seen.observations);
  const pdus = all.filter(({ step }) => step !== OVER && step !== CLEAN_UP);
  const { protocol } = spoken.protocol.rules;
  const rules = judgeRules(pdus, { protocol, programs: programs(), names });
  const findings: Record<string, Finding> = { setup: judgeExchange(pdus, setup) };
  for (const { step, judge, needs = 'setup' } of steps) {
    const own = pdus.filter((pdu) => pdu.step === step);
    const canBe = findings[needs]?.verdict === 'pass';
    for (const [clause, one] of Object.entries(judge))
      findings[clause] = canBe ? one(own, seen) : unseen(`there is nothing to look at without ${needs}`);
  }
  for (const side of [LISTENER, CALLER] as const) {
    findings[`${names[side]}-speech`] = judgeSpeech(pdus, side);
    findings[`${names[side]}-rules`] = rules[side];
  }
  return { ...findings, order: laterThan(Object.values(findings), judgeOrder(pdus)) };
}

/** What went wrong between the two after one of them had left the rules is not the doing of the other. */
function laterThan(findings: readonly Finding[], order: Finding): Finding {
  const { side, ...found } = order;
  const isEarlier = ({ verdict, side: left, shownBy = [] }: Finding): boolean =>
    verdict === 'fail' &&
    left !== undefined &&
    left !== side &&
    Math.min(...shownBy) < Math.min(...(order.shownBy ?? []));
  return side !== undefined && findings.some(isEarlier) ? found : order;
}
