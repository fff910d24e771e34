import { openStore } from '../../src/adapters/store-sql/open-store.ts';
import { instant } from '../../src/domain/ids.ts';
import { silentLog, wallClock } from './pglite.ts';
import { aBatch, aRunningRun } from './store-things.ts';

/** Appends to the store in the folder named on the command line until it is killed; prints what was acknowledged. */
const [, , dir, template] = process.argv;
const store = await openStore({ dir, template, log: silentLog, clock: wallClock });
const { run, fence } = await aRunningRun(store);
for (let seq = 1; ; seq += 4) {
  const batch = aBatch(run, { fence, from: seq, to: seq + 3, records: [seq, seq + 2] });
  const [answer] = await store.append([batch], instant(Date.now()));
  if (answer?.ok === true) process.stdout.write(`${run} ${answer.seq}\n`);
}
