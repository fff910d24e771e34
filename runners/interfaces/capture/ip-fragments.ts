export interface Fragment {
  readonly id: number;
  /** In bytes. */
  readonly offset: number;
  readonly more: boolean;
  readonly bytes: Uint8Array;
}

interface Pile {
  readonly parts: Map<number, Uint8Array>;
  bytes: number;
  /** Known with the last fragment. */
  total: number | undefined;
}

const MAX_PILES = 128;
const MAX_PARTS = 1_024;
const MAX_BYTES = 65_535;

/** Puts fragments of IP packets together; a bounded number at a time, the oldest make place. */
export class FragmentStore {
  readonly #piles = new Map<string, Pile>();

  /** The whole payload, when this was the fragment that was missing. */
  add(key: string, { offset, more, bytes }: Fragment): Uint8Array | undefined {
    const pile = this.#piles.get(key) ?? this.#begin(key);
    if (!more) pile.total = offset + bytes.length;
    if (!pile.parts.has(offset)) {
      pile.parts.set(offset, new Uint8Array(bytes));
      pile.bytes += bytes.length;
    }
    if (pile.bytes > MAX_BYTES || pile.parts.size > MAX_PARTS || (pile.total ?? 0) > MAX_BYTES) {
      this.#piles.delete(key);
      return undefined;
    }
    if (pile.total === undefined || pile.bytes < pile.total) return undefined;
    this.#piles.delete(key);
    return assemble(pile.parts, pile.total);
  }

  #begin(key: string): Pile {
    const [oldest] = this.#piles.keys();
    if (this.#piles.size >= MAX_PILES && oldest !== undefined) this.#piles.delete(oldest);
    const pile: Pile = { parts: new Map(), bytes: 0, total: undefined };
    this.#piles.set(key, pile);
    return pile;
  }
}

/** `undefined` when fragments overlap: no honest sender makes such. @see RFC 5722 */
function assemble(parts: ReadonlyMap<number, Uint8Array>, total: number): Uint8Array | undefined {
  const whole = new Uint8Array(total);
  let at = 0;
  for (const [offset, bytes] of [...parts].sort(([a], [b]) => a - b)) {
    if (offset !== at || offset + bytes.length > total) return undefined;
    whole.set(bytes, offset);
    at += bytes.length;
  }
  return at === total ? whole : undefined;
}
