import type { Side } from './happening.ts';
import type { Ids } from './message-ids.ts';
import type { Obligation } from './obligation.ts';
import type { Kept, Recency } from './recency.ts';

/** Whoever keeps slices: what a property knows of a context, seen from one end. */
export interface SliceOwner {
  /** Where in the memory of a context its slices begin, by their end. */
  readonly slicesAt: readonly [number, number];
  /** There is no room for a slice: what it was is not known any more. */
  letGo(slice: { readonly self: Side; readonly open: readonly Obligation[] }): void;
}

const KEPT = 1;
const NONE_OPEN: readonly Obligation[] = [];

/**
 * All messages of an association with the same ids, such as those of a UE. There are tens of thousands of them, so all slices stand in
 * one list of numbers: each is whether there is anything to remember, and then what.
 */
export class Context implements Kept {
  readonly ids: Ids;
  readonly #home: Contexts;
  #memory: number[] | undefined;
  #kept = 0;
  #open: Obligation[] | undefined;
  older: Kept | undefined;
  newer: Kept | undefined;

  constructor(ids: Ids, home: Contexts) {
    this.ids = ids;
    this.#home = home;
  }

  get isEmpty(): boolean {
    return this.#kept === 0;
  }

  /** Whether there is something to remember of a slice. */
  keeps(at: number): boolean {
    return this.#memory?.[at] === KEPT;
  }

  /** The numbers of all slices; those of one begin behind its place. */
  get memory(): number[] {
    this.#memory ??= this.#home.emptyMemory();
    return this.#memory;
  }

  /** The numbers of a slice. @param numbers so many of these */
  write(at: number, numbers: readonly number[], count: number): void {
    const { memory } = this;
    for (let index = 0; index < count; index += 1) memory[at + 1 + index] = numbers[index] ?? 0;
  }

  /** There is something to remember of a slice: its numbers. */
  keep(at: number): void {
    const { memory } = this;
    if (memory[at] === KEPT) return;
    memory[at] = KEPT;
    this.#kept += 1;
  }

  drop(at: number): void {
    if (this.#memory?.[at] !== KEPT) return;
    this.#memory[at] = 0;
    this.#kept -= 1;
  }

  /** Of all slices, in the order of their triggers. */
  get open(): readonly Obligation[] {
    return this.#open ?? NONE_OPEN;
  }

  hasOpen(at: number): boolean {
    for (const { slice } of this.open) if (slice === at) return true;
    return false;
  }

  add(obligation: Obligation): void {
    this.#open ??= [];
    this.#open.push(obligation);
  }

  /** Lets go of those that are decided. */
  forgetDecided(): void {
    const open = this.#open;
    if (open === undefined) return;
    let left = 0;
    for (const each of open) {
      if (each.isDecided) continue;
      open[left] = each;
      left += 1;
    }
    open.length = left;
  }

  letGo(): void {
    this.#home.remove(this);
    for (const owner of this.#home.owners)
      for (const self of [0, 1] as const) {
        const at = owner.slicesAt[self];
        if (this.keeps(at)) owner.letGo({ self, open: this.open.filter(({ slice }) => slice === at) });
      }
    this.#memory = undefined;
    this.#open = undefined;
    this.#kept = 0;
  }
}

/** The contexts of an association that are told apart by the same kind of ids. */
export class Contexts {
  readonly owners: SliceOwner[] = [];
  readonly #recency: Recency;
  readonly #empty: readonly number[];
  readonly #contexts = new Map<Ids['key'], Context>();

  /**
   * @param recency shared with all others
   * @param numbers that all slices of a context have
   */
  constructor(recency: Recency, numbers: number) {
    this.#recency = recency;
    this.#empty = Array.from({ length: numbers }, () => -Infinity);
  }

  emptyMemory(): number[] {
    return this.#empty.slice();
  }

  /** The one with these ids; a new one is not kept before {@link settle}. */
  open(ids: Ids): Context {
    return this.#contexts.get(ids.key) ?? new Context(ids, this);
  }

  find(key: Ids['key']): Context | undefined {
    return this.#contexts.get(key);
  }

  all(): Iterable<Context> {
    return this.#contexts.values();
  }

  /** Keeps a context that has something to remember, and no other. */
  settle(context: Context): void {
    const isKept = this.#contexts.get(context.ids.key) === context;
    if (context.isEmpty) {
      if (isKept) this.remove(context);
    } else if (isKept) this.#recency.used(context);
    else {
      this.#contexts.set(context.ids.key, context);
      this.#recency.add(context);
    }
  }

  remove(context: Context): void {
    this.#contexts.delete(context.ids.key);
    this.#recency.remove(context);
  }

  clear(): void {
    for (const context of this.#contexts.values()) this.#recency.remove(context);
    this.#contexts.clear();
  }
}
