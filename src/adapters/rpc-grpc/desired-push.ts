import type { Log } from '../../campaigns/ports.ts';
import type { Desired, RunnerStore } from '../../campaigns/store-ports.ts';
import type { Want } from '../../contract/enums.ts';
import type { DesiredRun } from '../../contract/runner-messages.ts';
import type { RunId, TestbedId } from '../../domain/ids.ts';
import type { RunState } from '../../domain/run.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Line } from './line.ts';
import type { Lines } from './lines.ts';

interface PushDeps {
  readonly store: Pick<RunnerStore, 'desired'>;
  readonly lines: Lines;
  readonly log: Log;
}

/** Nudges that come within this time are answered by one look at the store. */
const DEBOUNCE_MS = 3;
const RETRY_MS = 500;

/** Tells runners what is wanted of them: the whole list, whenever it may have changed. */
export class DesiredPush implements Disposable {
  readonly #deps: PushDeps;
  #dirty = new Set<TestbedId>();
  #timer: NodeJS.Timeout | null = null;
  #looking = false;
  #closed = false;

  constructor(deps: PushDeps) {
    this.#deps = deps;
  }

  nudge(testbeds: readonly TestbedId[]): void {
    for (const testbed of testbeds) {
      if (this.#deps.lines.of(testbed) !== undefined) this.#dirty.add(testbed);
    }
    this.#schedule(DEBOUNCE_MS);
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #schedule(ms: number): void {
    if (this.#timer !== null || this.#looking || this.#closed || this.#dirty.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#look();
    }, ms);
  }

  async #look(): Promise<void> {
    this.#looking = true;
    const testbeds = [...this.#dirty];
    this.#dirty = new Set();
    let again = DEBOUNCE_MS;
    try {
      this.#tell(testbeds, await this.#deps.store.desired(testbeds));
    } catch (cause) {
      const err = HarnessError.from(cause);
      this.#deps.log.warn({ event: 'desired.unknown', code: err.code, err }, 'desired states cannot be read');
      for (const testbed of testbeds) this.#dirty.add(testbed);
      again = RETRY_MS;
    }
    this.#looking = false;
    this.#schedule(again);
  }

  #tell(testbeds: readonly TestbedId[], desired: readonly Desired[]): void {
    const lists = new Map<TestbedId, Desired[]>(testbeds.map((testbed) => [testbed, []]));
    for (const entry of desired) lists.get(entry.assignment.testbed)?.push(entry);
    for (const [testbed, list] of lists) {
      const line = this.#deps.lines.of(testbed);
      if (line !== undefined) tellDesired(line, list);
    }
  }
}

/** Sends the list unless the runner has been told the same already. */
export function tellDesired(line: Line, list: readonly Desired[]): void {
  const held = new Map(list.map((entry) => [entry.run, entry]));
  const runs = [...list.map((entry) => toWire(line, entry)), ...forgotten(line, held)];
  line.held = held;
  for (const run of line.accepted) if (!held.has(run)) line.accepted.delete(run);
  for (const run of line.assigned.keys()) if (!held.has(run)) line.assigned.delete(run);
  line.known = line.known.filter(({ run }) => held.has(run));
  const said = runs.map(({ run, fence, want }) => `${run} ${fence} ${want}`).join('\n');
  if (said === line.told) return;
  line.told = said;
  line.send({ kind: 'desired', runs });
  for (const { run, fence, assignment } of runs) if (assignment !== null) line.assigned.set(run, fence);
}

function toWire(line: Line, { run, fence, slot, state, assignment }: Desired): DesiredRun {
  const want = WANT[state];
  const isNews = want === 'run' && line.assigned.get(run) !== fence;
  return { run, fence, slot, want, assignment: isNews ? assignment : null };
}

/** Runs that the runner still has and that hold nothing any more: all that could be stored of them is. */
function forgotten(line: Line, held: ReadonlyMap<RunId, Desired>): readonly DesiredRun[] {
  const before = [...line.held.values()].filter(({ run }) => !held.has(run));
  const known = line.known.filter(({ run }) => !held.has(run) && !before.some((entry) => entry.run === run));
  return [...before, ...known].map(({ run, fence, slot }) => ({
    run,
    fence,
    slot,
    want: 'forget',
    assignment: null,
  }));
}

/**
 * Only a run that no runner has accepted yet is to be started. From then on it is to be gone on with: a runner that
 * lost its memory of it must not start it a second time.
 */
const WANT = {
  queued: 'forget',
  leasing: 'forget',
  preparing: 'run',
  running: 'continue',
  lost: 'continue',
  cancelling: 'cancel',
  aborting: 'abort',
  collecting: 'continue',
  judging: 'continue',
  final: 'forget',
} as const satisfies Record<RunState, Want>;
