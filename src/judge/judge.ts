import { type Context, Contexts } from './contexts.ts';
import type { Instance, PropertyFinding } from './finding.ts';
import type { Gap, JudgedMessage, Side } from './happening.ts';
import type { Obligation } from './obligation.ts';
import { outcomeOf } from './obligation.ts';
import { IdKinds } from './message-ids.ts';
import type { Naming, Program } from './program.ts';
import { PropertyWatch, type Workspace } from './property-watch.ts';
import { Recency } from './recency.ts';
import { endOf } from './slice.ts';
import { Tally } from './tally.ts';
import { TRUTH } from './truth.ts';

export interface JudgeOptions {
  readonly programs: readonly Program[];
  /** The trace has every message: what is not in it was not said. Default: only what later messages prove. */
  readonly isComplete?: boolean;
  /** Contexts that are kept, and obligations of one property in one association. */
  readonly maxKept?: number;
}

export interface EndOptions {
  /** It may have turned out that the trace is not. */
  readonly isComplete?: boolean;
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
  readonly workspace: Workspace;
  /** What it is judged for, among the ids of a message. */
  readonly ids: number;
  readonly slicesAt: readonly [number, number];
}

/** A property that names a message. */
interface Concerned {
  readonly index: number;
  readonly naming: Naming;
  readonly ids: number;
}

interface Association {
  readonly number: number;
  readonly spoken: Set<string>;
  /** By the places of their ids; of protocols that were spoken. */
  readonly contexts: (Contexts | undefined)[];
  /** Those of protocols that were spoken, by the number of their property. */
  readonly watches: (PropertyWatch | undefined)[];
  /** No time limit passes before this. */
  dueMs: number;
  /** Until when anything may have been said that is not in the trace; absent when nothing. */
  unknownUntilMs: number | undefined;
  /** Sides of which the trace may lack what they said before their first message in it, as bits. */
  unheard: number;
  provisional: Provisional[];
  /** Sides that they wait for, as bits. */
  awaited: number;
}

const MAX_ASSOCIATIONS = 4_096;
/** Contexts that are kept, unless it is said otherwise. */
export const MAX_KEPT = 65_536;
const MAX_PROVISIONAL = 65_536;

/**
 * Judges what two ends say to each other by properties, message by message: the same while they speak and from a file.
 * Whatever may only be missing from the trace is never a violation.
 */
export class TraceJudge {
  readonly #watched: readonly Watched[];
  /** Which properties name a message, by its protocol and its name. */
  readonly #named: ReadonlyMap<string, ReadonlyMap<string, readonly Concerned[]>>;
  readonly #byProtocol = new Map<string, readonly number[]>();
  readonly #associations = new Map<number, Association>();
  readonly #ids = new IdKinds();
  /** The contexts of the message at hand, by the places of their ids. */
  readonly #opened: (Context | undefined)[];
  readonly #recency: Recency;
  #isComplete: boolean;
  readonly #maxOpen: number;
  #evicted = false;
  #nowMs = 0;

  constructor({ programs, isComplete = false, maxKept = MAX_KEPT }: JudgeOptions) {
    this.#isComplete = isComplete;
    this.#maxOpen = maxKept;
    this.#recency = new Recency(maxKept);
    this.#watched = programs.map((program) => {
      const workspace = { truths: program.steps.map(() => 0), scratch: [] };
      return { program, tally: new Tally(program.property), workspace, ...this.#ids.register(program) };
    });
    const named = new Map<string, Map<string, Concerned[]>>();
    for (const [index, { program, ids }] of this.#watched.entries()) {
      const { protocol } = program.property;
      addTo(this.#byProtocol, protocol, index);
      const own = named.get(protocol) ?? new Map<string, Concerned[]>();
      named.set(protocol, own);
      for (const [name, naming] of program.named)
        own.set(name, [...(own.get(name) ?? []), { index, naming, ids }]);
    }
    this.#named = named;
    this.#opened = this.#ids.all.map(() => undefined);
  }

  /** An association whose beginning is seen, or that was joined in its middle; without this, it is the latter. */
  open(association: number, { atMs, isJoined }: { readonly atMs: number; readonly isJoined: boolean }): void {
    if (!this.#associations.has(association)) this.#begin(association, isJoined ? atMs : undefined);
  }

  message(message: JudgedMessage): void {
    const { atMs, protocol, name } = message;
    if (atMs > this.#nowMs) this.#nowMs = atMs;
    const association = this.#associations.get(message.association) ?? this.#begin(message.association, atMs);
    this.#heard(association, message);
    if (!association.spoken.has(protocol)) this.#spoken(association, protocol);
    expire(association, atMs);
    this.#confirm(association, message.side);
    if (name === '') {
      this.#unread(association, message, this.#byProtocol.get(protocol) ?? []);
      return;
    }
    const concerned = this.#named.get(protocol)?.get(name);
    if (concerned !== undefined) this.#tell(association, message, concerned);
  }

  #tell(association: Association, message: JudgedMessage, concerned: readonly Concerned[]): void {
    const unread: number[] = [];
    for (const { index, naming, ids: place } of concerned) {
      const watch = association.watches[index];
      const context = this.#contextOf(association, message, place);
      if (context !== undefined && watch !== undefined) {
        const dueMs = watch.message(message, naming, context);
        if (dueMs < association.dueMs) association.dueMs = dueMs;
      } else if (message.isDamaged) unread.push(index);
    }
    for (const { ids: place } of concerned) {
      const context = this.#opened[place];
      if (context === undefined) continue;
      association.contexts[place]?.settle(context);
      this.#opened[place] = undefined;
    }
    if (unread.length > 0) this.#unread(association, message, unread);
  }

  /** `undefined` when the message does not tell whose it is. */
  #contextOf({ contexts }: Association, message: JudgedMessage, place: number): Context | undefined {
    const opened = this.#opened[place];
    if (opened !== undefined) return opened;
    const ids = this.#ids.of(message, place);
    const context = ids === undefined ? undefined : contexts[place]?.open(ids);
    this.#opened[place] = context;
    return context;
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
    expire(association, gap.atMs);
    const bit = 1 << gap.side;
    if ((association.awaited & bit) !== 0)
      association.provisional = association.provisional.filter((one) => {
        if ((one.awaits & bit) === 0) return true;
        this.#settle({ ...one, truth: TRUTH.unknown });
        return false;
      });
    association.awaited &= ~bit;
    for (const watch of association.watches) watch?.gap(gap);
  }

  /** Time has passed: what is due by then is decided. */
  tick(nowMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    for (const association of this.#associations.values()) expire(association, this.#nowMs);
  }

  /** The association is over: nothing that was still awaited can come. */
  close(association: number, atMs: number, { isComplete = this.#isComplete }: EndOptions = {}): void {
    this.#nowMs = Math.max(this.#nowMs, atMs);
    this.#isComplete = isComplete;
    const known = this.#associations.get(association);
    if (known !== undefined) this.#end(association, known, atMs);
  }

  /** The trace is over. */
  end(atMs: number, { isComplete = this.#isComplete }: EndOptions = {}): void {
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
      ...{ number, spoken: new Set(), watches: this.#watched.map(() => undefined), dueMs: Infinity },
      contexts: this.#ids.all.map(() => undefined),
      ...{ unknownUntilMs: since, provisional: [], awaited: 0 },
      unheard: since === undefined ? 0 : 0b11,
    };
    this.#associations.set(number, association);
    return association;
  }

  #spoken(association: Association, protocol: string): void {
    association.spoken.add(protocol);
    for (const index of this.#byProtocol.get(protocol) ?? []) {
      const watched = this.#watched[index];
      if (watched === undefined) continue;
      const { ids } = watched;
      const contexts = association.contexts[ids] ?? new Contexts(this.#recency, this.#ids.numbersOf(ids));
      association.contexts[ids] = contexts;
      association.watches[index] = this.#watch(watched, { association, contexts });
    }
  }

  #watch(
    watched: Watched,
    { association, contexts }: { readonly association: Association; readonly contexts: Contexts },
  ): PropertyWatch {
    const { program, tally, workspace, slicesAt } = watched;
    const { when, then } = program;
    return new PropertyWatch({
      ...{ program, workspace, contexts, slicesAt },
      ...{ joinedAtMs: association.unknownUntilMs, maxOpen: this.#maxOpen },
      onSure: (truths, self) => {
        const asked = truths[when] ?? 0;
        const truth = Math.max(-asked, truths[then] ?? 0);
        if (truth <= 0) return false;
        if (truth === TRUTH.bySilence && (awaitedBy(program, self, truth) & ~(1 << self)) !== 0) return false;
        if (asked > 0) tally.held();
        return true;
      },
      onDecided: (obligation, { atMs, side }) => {
        const truth = outcomeOf(program, obligation);
        const shownBy = side === undefined ? 0 : 1 << side;
        const awaits = awaitedBy(program, obligation.self, truth) & ~shownBy;
        const isSure = Math.abs(truth) !== TRUTH.bySilence || awaits === 0;
        this.#decided(association, { watched, obligation, truth, atMs, awaits }, isSure);
      },
    });
  }

  #decided(association: Association, provisional: Provisional, isSure: boolean): void {
    if (isSure) this.#settle(provisional);
    else if (association.provisional.length < MAX_PROVISIONAL) {
      association.provisional.push(provisional);
      association.awaited |= provisional.awaits;
    } else this.#settle({ ...provisional, truth: TRUTH.unknown });
  }

  /** A message has come with nothing missing before it. */
  #confirm(association: Association, side: Side): void {
    const bit = 1 << side;
    if ((association.awaited & bit) === 0) return;
    association.awaited &= ~bit;
    association.provisional = association.provisional.filter((one) => {
      one.awaits &= ~bit;
      if (one.awaits !== 0) return true;
      this.#settle(one);
      return false;
    });
  }

  /** A message that cannot be read may be any. */
  #unread(association: Association, { side, atMs }: JudgedMessage, properties: readonly number[]): void {
    for (const index of properties) association.watches[index]?.gap({ side, atMs });
  }

  #end(number: number, association: Association, atMs: number): void {
    for (const watch of association.watches) watch?.end(atMs);
    for (const contexts of association.contexts) contexts?.clear();
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

/** Time limits that have passed. */
function expire(association: Association, nowMs: number): void {
  if (nowMs <= association.dueMs) return;
  let dueMs = Infinity;
  for (const watch of association.watches) {
    if (watch === undefined) continue;
    watch.expire(nowMs);
    dueMs = Math.min(dueMs, watch.dueMs);
  }
  association.dueMs = dueMs;
}

function addTo(map: Map<string, readonly number[]>, key: string, index: number): void {
  map.set(key, [...(map.get(key) ?? []), index]);
}

/** Sides whose silence decides, as bits. */
function awaitedBy({ hidden }: Program, self: Side, truth: number): number {
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
