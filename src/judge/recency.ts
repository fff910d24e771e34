/** Something that is kept while there is room, by how long ago it was used. */
export interface Kept {
  older: Kept | undefined;
  newer: Kept | undefined;
  /** It has to give way. */
  letGo(): void;
}

/** Keeps a number of things; what was not used for the longest time gives way. */
export class Recency {
  readonly #max: number;
  #count = 0;
  #oldest: Kept | undefined;
  #newest: Kept | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  add(kept: Kept): void {
    this.#append(kept);
    this.#count += 1;
    if (this.#count > this.#max) this.#oldest?.letGo();
  }

  used(kept: Kept): void {
    if (this.#newest === kept) return;
    this.#unlink(kept);
    this.#append(kept);
  }

  remove(kept: Kept): void {
    this.#unlink(kept);
    this.#count -= 1;
  }

  #append(kept: Kept): void {
    kept.older = this.#newest;
    kept.newer = undefined;
    if (this.#newest === undefined) this.#oldest = kept;
    else this.#newest.newer = kept;
    this.#newest = kept;
  }

  #unlink({ older, newer }: Kept): void {
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }
}
