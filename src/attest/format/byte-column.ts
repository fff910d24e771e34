const PAGE_BYTES = 64 * 1024;
const MAX_ITEM_BYTES = 255;
const FIRST_SLOTS = 1024;
const NO_BYTES = new Uint8Array(0);

/** Many short byte strings, in little more memory than their bytes, and whether one of them is there twice. */
export class ByteColumn {
  /** Growing copies nothing. Each string stands behind one byte with its length and lies in one page. */
  readonly #pages: Uint8Array[] = [];
  #starts = new Uint32Array(FIRST_SLOTS / 2 + 1);
  #length = 0;
  #end = 0;
  /** A hash table, at most half full: the index of a string plus 1, at the slot of its hash or behind that. */
  #slots = new Uint32Array(FIRST_SLOTS);
  #repeated: number | undefined;

  get length(): number {
    return this.#length;
  }

  /** The first one that had been there before. */
  get repeated(): Uint8Array | undefined {
    return this.#repeated === undefined ? undefined : this.at(this.#repeated);
  }

  /** Not a copy; empty beyond the end. */
  at(index: number): Uint8Array {
    const start = this.#starts[index] ?? 0;
    const page = this.#pages[Math.floor(start / PAGE_BYTES)] ?? NO_BYTES;
    const from = start % PAGE_BYTES;
    return page.subarray(from + 1, from + 1 + (page[from] ?? 0));
  }

  has(bytes: Uint8Array): boolean {
    return this.#slots[this.#find(bytes)] !== 0;
  }

  /** Adds bytes that are to be written where `place` says. Throws a `RangeError` for more than 255. */
  push(length: number, write: (place: Uint8Array) => void): void {
    if (length > MAX_ITEM_BYTES) throw new RangeError(`${length} bytes are no short string`);
    const left = this.#pages.length * PAGE_BYTES - this.#end;
    if (left < length + 1) {
      this.#end += left;
      this.#pages.push(new Uint8Array(PAGE_BYTES));
    }
    const at = this.#end % PAGE_BYTES;
    const page = this.#pages.at(-1) ?? NO_BYTES;
    page[at] = length;
    write(page.subarray(at + 1, at + 1 + length));
    this.#starts[this.#length] = this.#end;
    this.#length += 1;
    this.#end += length + 1;
    if (this.length * 2 > this.#slots.length) this.#grow();
    else this.#place(this.length - 1);
  }

  #grow(): void {
    const starts = new Uint32Array(this.#slots.length + 1);
    starts.set(this.#starts);
    this.#starts = starts;
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let index = 0; index < this.length; index += 1) this.#place(index);
  }

  #place(index: number): void {
    const slot = this.#find(this.at(index));
    if (this.#slots[slot] === 0) this.#slots[slot] = index + 1;
    else this.#repeated ??= index;
  }

  /** The slot of an equal string, or the free one where it belongs. */
  #find(bytes: Uint8Array): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(bytes) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const index = (this.#slots[slot] ?? 0) - 1;
      if (index < 0 || areSame(this.at(index), bytes)) return slot;
    }
  }
}

/** FNV-1a, 32 bits. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < bytes.length; index += 1) {
    hash = Math.imul(hash ^ (bytes[index] ?? 0), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}

function areSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
