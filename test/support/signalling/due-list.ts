interface Due<T> {
  readonly atMs: number;
  readonly item: T;
}

/** What is due, the earliest first (a binary heap). */
export class DueList<T> {
  readonly #heap: Due<T>[] = [];

  add(atMs: number, item: T): void {
    const heap = this.#heap;
    let at = heap.length;
    const due = { atMs, item };
    heap.push(due);
    for (let above = (at - 1) >> 1; at > 0 && timeAt(heap, above) > atMs; above = (at - 1) >> 1) {
      heap[at] = heap[above] ?? due;
      at = above;
    }
    heap[at] = due;
  }

  take(): Due<T> | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const below = timeAt(heap, left + 1) < timeAt(heap, left) ? left + 1 : left;
      if (timeAt(heap, below) >= last.atMs) break;
      heap[at] = heap[below] ?? last;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

function timeAt<T>(heap: readonly Due<T>[], at: number): number {
  return heap[at]?.atMs ?? Infinity;
}
