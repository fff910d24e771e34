import { Worker } from 'node:worker_threads';

export interface Watchdog {
  /** A round has been done. */
  readonly alive: (done: number) => void;
  readonly stop: () => Promise<unknown>;
}

/** Looks from another thread, for one that hangs cannot say so: names the round and ends the process. */
const WATCHING = `
const { writeSync } = require('node:fs');
const { workerData } = require('node:worker_threads');
const done = new Int32Array(workerData.shared);
let [last, since] = [-1, Date.now()];
setInterval(() => {
  if (done[0] !== last) [last, since] = [done[0], Date.now()];
  else if (Date.now() - since > workerData.hangMs) {
    writeSync(2, 'round ' + String(last + 1) + ' hangs\\n');
    process.kill(process.pid, 'SIGKILL');
  }
}, 500);`;

/** @param hangMs how long one round may take */
export function startWatchdog(hangMs: number): Watchdog {
  const shared = new SharedArrayBuffer(4);
  const done = new Int32Array(shared);
  const worker = new Worker(WATCHING, { eval: true, workerData: { shared, hangMs } });
  return {
    alive: (count) => {
      done[0] = count;
    },
    stop: () => worker.terminate(),
  };
}
