import type { RunnerStore, DocumentStore } from '../../campaigns/store-ports.ts';
import type { RunnerId, TestbedId } from '../../domain/ids.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Caller } from './caller.ts';
import type { Line } from './line.ts';

interface LinesDeps {
  readonly store: RunnerStore & DocumentStore;
  readonly clock: { now(): number };
  /** A runner seen elsewhere this recently still lives there. */
  readonly aliveMs: number;
}

/**
 * The attached runners of this orchestrator: exactly one per testbed.
 *
 * The same runner again replaces its older line, which is a broken one that nobody has noticed. Another runner is
 * refused for as long as the first is there, here or at another orchestrator: two runners on one testbed would both
 * touch the equipment.
 */
export class Lines {
  readonly #deps: LinesDeps;
  readonly #byTestbed = new Map<TestbedId, Line>();
  /** When runners left this orchestrator; what the store saw of them before is no sign of life. */
  readonly #leftAt = new Map<RunnerId, number>();

  constructor(deps: LinesDeps) {
    this.#deps = deps;
  }

  get all(): readonly Line[] {
    return [...this.#byTestbed.values()];
  }

  of(testbed: TestbedId): Line | undefined {
    return this.#byTestbed.get(testbed);
  }

  /** `TESTBED_TAKEN` when another runner is there; `CERTIFICATE_WRONG_TESTBED` when there is no such testbed. */
  async checkFree(caller: Caller): Promise<void> {
    const view = await this.#deps.store.testbed(caller.testbed);
    if (view === null) {
      throw new HarnessError('CERTIFICATE_WRONG_TESTBED', `there is no testbed ${caller.testbed}`);
    }
    const since = this.#deps.clock.now() - this.#deps.aliveMs;
    const other = view.runners.find(
      ({ id, lastSeenAt, revokedAt }) =>
        id !== caller.runner &&
        revokedAt === null &&
        (lastSeenAt ?? 0) > Math.max(since, this.#leftAt.get(id) ?? 0),
    );
    if (other !== undefined) throw taken(caller.testbed, other.id);
  }

  /** Takes the line in, unless another runner came first. */
  add(line: Line): void {
    const { testbed, runner } = line.caller;
    const before = this.#byTestbed.get(testbed);
    if (before !== undefined && before.caller.runner !== runner) throw taken(testbed, before.caller.runner);
    this.#byTestbed.set(testbed, line);
    this.#leftAt.delete(runner);
    before?.close(new HarnessError('LINE_DOWN', 'the runner attached anew'));
  }

  remove(line: Line): void {
    const { testbed, runner } = line.caller;
    if (this.#byTestbed.get(testbed) !== line) return;
    this.#byTestbed.delete(testbed);
    this.#leftAt.set(runner, this.#deps.clock.now());
  }
}

function taken(testbed: TestbedId, runner: RunnerId): HarnessError {
  return new HarnessError('TESTBED_TAKEN', `${runner} is attached for testbed ${testbed}`);
}
