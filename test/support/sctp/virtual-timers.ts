import type { Timers } from '../../../runners/interfaces/sctp/carrier.ts';

interface Entry {
  readonly at: number;
  readonly run: () => void;
}

/** Time that jumps to the next timer as soon as nothing else is to do. */
export function virtualTimers(): Timers {
  let now = 0;
  let entries: Entry[] = [];
  let turning = false;
  const turn = (): void => {
    const [next, ...rest] = entries;
    turning = next !== undefined;
    if (next === undefined) return;
    entries = rest;
    now = Math.max(now, next.at);
    setImmediate(turn);
    next.run();
  };
  const add = (entry: Entry): void => {
    let index = entries.length;
    while (index > 0 && (entries[index - 1]?.at ?? 0) > entry.at) index -= 1;
    entries.splice(index, 0, entry);
    if (turning) return;
    turning = true;
    setImmediate(turn);
  };
  return {
    now: () => now,
    after: (ms, run) => {
      const entry = { at: now + ms, run };
      add(entry);
      return () => {
        entries = entries.filter((other) => other !== entry);
      };
    },
    soon: (run) => add({ at: now, run }),
  };
}
