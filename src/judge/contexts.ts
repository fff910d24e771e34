import type { Side } from './happening.ts';
import type { Ids } from './message-ids.ts';
import type { Obligation } from './obligation.ts';
import type { Kept, Recency } from './recency.ts';

/** What a property knows of a context, seen from one end. */
export interface Slice {
  readonly self: Side;
  readonly ids: Ids;
  readonly memory: number[];
  open: readonly Obligation[];
}

/** Whoever keeps slices. */
export interface SliceOwner {
  /** There is no room for a slice: what it was is not known any more. */
  letGo(slice: Slice): void;
}

/** All messages of an association with the same ids, such as those of a UE: a slice for each property and end that has something to remember. */
export class Context implements Kept {
  readonly ids: Ids;
  readonly #home: Contexts;
  readonly #slices: (Slice | undefined)[] = [];
  #count = 0;
  older: Kept | undefined;
  newer: Kept | undefined;

  constructor(ids: Ids, home: Contexts) {
    this.ids = ids;
    this.#home = home;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** @param place of the property among those that are judged for the same ids */
  slice(place: number, self: Side): Slice | undefined {
    return this.#slices[2 * place + self];
  }

  set(place: number, self: Side, slice: Slice | undefined): void {
    const at = 2 * place + self;
    // No holes: an array with holes is slow for ever.
    while (this.#slices.length <= at) this.#slices.push(undefined);
    const before = this.#slices[at];
    this.#slices[at] = slice;
    this.#count += (slice === undefined ? 0 : 1) - (before === undefined ? 0 : 1);
  }

  letGo(): void {
    this.#home.remove(this);
    for (const [at, slice] of this.#slices.entries())
      if (slice !== undefined) this.#home.ownerOf(at >> 1)?.letGo(slice);
    this.#slices.length = 0;
    this.#count = 0;
  }
}

/** The contexts of an association that are told apart by the same kind of ids. */
export class Contexts {
  readonly #recency: Recency;
  readonly #owners: SliceOwner[] = [];
  readonly #contexts = new Map<Ids['key'], Context>();

  /** @param recency shared with all others */
  constructor(recency: Recency) {
    this.#recency = recency;
  }

  /** Another property that is judged for these ids; its place among them. */
  register(owner: SliceOwner): number {
    return this.#owners.push(owner) - 1;
  }

  ownerOf(place: number): SliceOwner | undefined {
    return this.#owners[place];
  }

  /** The one with these ids; a new one is not kept before {@link settle}. */
  open(ids: Ids): Context {
    return this.#contexts.get(ids.key) ?? new Context(ids, this);
  }

  find(ids: Ids): Context | undefined {
    return this.#contexts.get(ids.key);
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
