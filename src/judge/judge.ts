import type { Instance, PropertyFinding } from './finding.ts';
import type { Gap, JudgedMessage, Side } from './happening.ts';
import type { Obligation } from './obligation.ts';
import { outcomeOf } from './obligation.ts';
import type { Program } from './program.ts';
import { PropertyWatch } from './property-watch.ts';
import { endOf } from './slice.ts';
import { Tally } from './tally.ts';
import { TRUTH } from './truth.ts';

export interface JudgeOptions {
  readonly programs: readonly Program[];
  /** The trace has every message: what is not in it was not said. Default: only what later messages prove. */
  readonly isComplete?: boolean;
  /** Slices, and obligations, of one property in one association that are kept. */
  readonly maxKept?: number;
}

/** A verdict that rests on silence, until each end whose silence counts has shown that nothing of it is missing. */
interface Provisional {
  readonly watched: Watched;
  readonly obligation: Obligation;
  readonly truth: number;
  readonly atMs: number;
  /** Bits by side. */
  awaits: number;
}

interface Watched {
  readonly program: Program;
  readonly tally: Tally;
}

interface Association {
  readonly number: number;
  /** Those of protocols that were spoken, by the number of their property. */
  readonly watches: Map<number, PropertyWatch>;
  /** Until when anything may have been said that is not in the trace; absent when nothing. */
  unknownUntilMs: number | undefined;
  /** Sides of which the trace may lack what they said before their first message in it, as bits. */
  unheard: number;
  provisional: Provisional[];
}

const MAX_ASSOCIATIONS = 4_096;
const MAX_KEPT = 65_536;
const MAX_PROVISIONAL = 65_536;

/**
 * Judges what two ends say to each other by properties, message by message: the same while they speak and from a file.
 * Whatever may only be missing from the trace is never a violation.
 */
export class TraceJudge {
  readonly #watched: readonly Watched[];
  /** Which properties name a message, by protocol and name. */
  readonly #named = new Map<string, readonly number[]>();
  readonly #byProtocol = new Map<string, readonly number[]>();
  readonly #associations = new Map<number, Association>();
  #isComplete: boolean;
  readonly #maxKept: number;
  #evicted = false;
  #nowMs = 0;

  constructor({ programs, isComplete = false, maxKept = MAX_KEPT }: JudgeOptions) {
    this.#isComplete = isComplete;
    this.#maxKept = maxKept;
    this.#watched = programs.map((program) => ({ program, tally: new Tally(program.property) }));
    programs.forEach(({ property: { protocol }, alphabet }, index) => {
      addTo(this.#byProtocol, protocol, index);
      for (const name of alphabet) addTo(this.#named, `${protocol} ${name}`, index);
    });
  }

  /** An association whose beginning is seen, or that was joined in its middle; without this, it is the latter. */
  open(association: number, { atMs, isJoined }: { readonly atMs: number; readonly isJoined: boolean }): void {
    if (!this.#associations.has(association)) this.#begin(association, isJoined ? atMs : undefined);
  }

  message(message: JudgedMessage): void {
    this.#nowMs = Math.max(this.#nowMs, message.atMs);
    const association =
      this.#associations.get(message.association) ?? this.#begin(message.association, message.atMs);
    this.#heard(association, message);
    const { protocol, name } = message;
    this.#spoken(association, protocol);
    for (const watch of association.watches.values()) watch.expire(message.atMs);
    this.#confirm(association, message.side);
    if (name === '') {
      this.#unread(association, message, this.#byProtocol.get(protocol) ?? []);
      return;
    }
    const unread: number[] = [];
    for (const index of this.#named.get(`${protocol} ${name}`) ?? []) {
      const isTold = association.watches.get(index)?.message(message) ?? true;
      if (!isTold && message.isDamaged) unread.push(index);
    }
    if (unread.length > 0) this.#unread(association, message, unread);
  }

  /** Messages of an end are not in the trace. */
  gap(gap: Gap): void {
    this.#nowMs = Math.max(this.#nowMs, gap.atMs);
    this.#gap(this.#associations.get(gap.association) ?? this.#begin(gap.association, gap.atMs), gap);
  }

  /** Whoever is heard for the first time after the trace has joined may have spoken since. */
  #heard(association: Association, { side, atMs }: JudgedMessage): void {
    if ((association.unheard & (1 << side)) === 0) return;
    association.unheard &= ~(1 << side);
    this.#gap(association, { association: association.number, side, atMs });
  }

  #gap(association: Association, gap: Gap): void {
    association.unknownUntilMs = gap.atMs;
    for (const watch of association.watches.values()) watch.expire(gap.atMs);
    const bit = 1 << gap.side;
    association.provisional = association.provisional.filter((one) => {
      if ((one.awaits & bit) === 0) return true;
      this.#settle({ ...one, truth: TRUTH.unknown });
      return false;
    });
    for (const watch of association.watches.values()) watch.gap(gap);
  }

  /** Time has passed: what is due by then is decided. */
  tick(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    for (const { watches } of this.#associations.values())
      for (const watch of watches.values()) watch.expire(this.#nowMs);
  }

  /** The association is over: nothing that was still awaited can come. */
  close(association: number, atMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, atMs);
    const known = this.#associations.get(association);
    if (known !== undefined) this.#end(association, known, atMs);
  }

  /** The trace is over, and it may have turned out that it is not complete. */
  end(atMs: number, { isComplete = this.#isComplete }: { readonly isComplete?: boolean } = {}): void {
    this.#nowMs = Math.max(this.#nowMs, atMs);
    this.#isComplete = isComplete;
    for (const [number, association] of this.#associations) this.#end(number, association, this.#nowMs);
  }

  /** In the order of the properties; final when the trace is over. */
  findings(): readonly PropertyFinding[] {
    return this.#watched.map(({ tally }) => tally.finding());
  }

  #begin(number: number, joinedAtMs: number | undefined): Association {
    const [oldest] = this.#associations.size < MAX_ASSOCIATIONS ? [] : this.#associations;
    if (oldest !== undefined) {
      this.#end(...oldest, -Infinity);
      this.#evicted = true;
    }
    const since = this.#evicted ? this.#nowMs : joinedAtMs;
    const association: Association = {
      ...{ number, watches: new Map(), unknownUntilMs: since, provisional: [] },
      unheard: since === undefined ? 0 : 0b11,
    };
    this.#associations.set(number, association);
    return association;
  }

  #spoken(association: Association, protocol: string): void {
    for (const index of this.#byProtocol.get(protocol) ?? []) {
      const watched = this.#watched[index];
      if (watched === undefined || association.watches.has(index)) continue;
      association.watches.set(index, this.#watch(watched, association));
    }
  }

  #watch(watched: Watched, association: Association): PropertyWatch {
    const { program } = watched;
    return new PropertyWatch({
      ...{ program, joinedAtMs: association.unknownUntilMs, maxKept: this.#maxKept },
      onDecided: (obligation, { atMs, side }) => {
        const truth = outcomeOf(program, obligation);
        const shownBy = side === undefined ? 0 : 1 << side;
        const awaits = awaitedBy(program, obligation, truth) & ~shownBy;
        const provisional = { watched, obligation, truth, atMs, awaits };
        const isSure = Math.abs(truth) !== TRUTH.bySilence || awaits === 0;
        if (isSure) this.#settle(provisional);
        else if (association.provisional.length < MAX_PROVISIONAL) association.provisional.push(provisional);
        else this.#settle({ ...provisional, truth: TRUTH.unknown });
      },
    });
  }

  /** A message has come with nothing missing before it. */
  #confirm(association: Association, side: Side): void {
    if (association.provisional.length === 0) return;
    association.provisional = association.provisional.filter((one) => {
      one.awaits &= ~(1 << side);
      if (one.awaits !== 0) return true;
      this.#settle(one);
      return false;
    });
  }

  /** A message that cannot be read may be any. */
  #unread(association: Association, { side, atMs }: JudgedMessage, properties: readonly number[]): void {
    for (const index of properties) association.watches.get(index)?.gap({ side, atMs });
  }

  #end(number: number, association: Association, atMs: number): void {
    for (const watch of association.watches.values()) watch.end(atMs);
    for (const one of association.provisional)
      this.#settle(this.#isComplete ? one : { ...one, truth: TRUTH.unknown });
    this.#associations.delete(number);
  }

  #settle({ watched: { program, tally }, obligation, truth, atMs }: Provisional): void {
    if (truth > 0 && obligation.asked > 0) tally.held();
    if (truth < 0) tally.broken(instanceOf(program, obligation, atMs));
    if (truth === TRUTH.unknown) tally.undecided(instanceOf(program, obligation, atMs));
  }
}

function addTo(map: Map<string, readonly number[]>, key: string, index: number): void {
  map.set(key, [...(map.get(key) ?? []), index]);
}

function awaitedBy({ hidden }: Program, { self }: Obligation, truth: number): number {
  const ends = truth > 0 ? hidden.lower : hidden.raise;
  const other = 1 - self;
  return (ends.has('self') ? 1 << self : 0) | (ends.has('peer') ? 1 << other : 0);
}

function instanceOf({ property }: Program, obligation: Obligation, atMs: number): Instance {
  const { trigger, shownBy, association, self, ids } = obligation;
  const blamedSide = endOf(self, self) === property.blames ? self : self === 0 ? 1 : 0;
  return {
    ...{ trigger, atMs, association, blamedSide },
    ...(shownBy === undefined ? {} : { shownBy }),
    ids: Object.fromEntries(property.forEvery.map((path, index) => [path, ids[index] ?? ''])),
    blamed: blamedSide === self ? trigger.from : trigger.to,
  };
}
