import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { AttachCall } from '../../../../src/adapters/rpc-grpc/line.ts';
import { Line } from '../../../../src/adapters/rpc-grpc/line.ts';
import type { Caller } from '../../../../src/adapters/rpc-grpc/caller.ts';
import type { ToRunner } from '../../../../src/contract/runner-messages.ts';
import { HarnessError } from '../../../../src/kernel/errors.ts';
import type { RunId } from '../../../../src/domain/ids.ts';

/** The call of a runner that takes a message only when it is told to. */
class SlowCall extends EventEmitter {
  readonly cancelled = false;
  readonly written: ToRunner[] = [];
  readonly errors: Error[] = [];
  #taken: (() => void) | null = null;

  constructor() {
    super();
    this.on('error', (error: Error) => this.errors.push(error));
  }

  write(message: ToRunner, taken: () => void): boolean {
    this.written.push(message);
    this.#taken = taken;
    return true;
  }

  async take(): Promise<void> {
    this.#taken?.();
    await setImmediate();
  }
}

function lineOn(call: SlowCall): Line {
  return new Line({} as Caller, call as unknown as AttachCall);
}

const runId = (n: number) => `run-${n}` as RunId;

const acknowledged = (n: number, seq: number, finished = false): ToRunner => ({
  kind: 'acknowledged',
  run: runId(n),
  fence: 1,
  seq,
  finished,
});

describe('a line to a runner', () => {
  it('says one thing at a time', async () => {
    const call = new SlowCall();
    const line = lineOn(call);
    line.send(acknowledged(1, 1));
    line.send(acknowledged(2, 1));
    expect(call.written).toHaveLength(1);
    await call.take();
    expect(call.written).toHaveLength(2);
  });

  it('lets a later acknowledgement take the place of one that waits, and leaves the end of a run alone', async () => {
    const call = new SlowCall();
    const line = lineOn(call);
    for (const message of [
      acknowledged(1, 1),
      acknowledged(1, 2),
      acknowledged(2, 7, true),
      acknowledged(1, 3),
      acknowledged(2, 7),
    ]) {
      line.send(message);
    }
    for (let n = 0; n < 4; n += 1) await call.take();
    expect(call.written).toEqual([
      acknowledged(1, 1),
      acknowledged(2, 7, true),
      acknowledged(1, 3),
      acknowledged(2, 7),
    ]);
  });

  it('stays up however often runs are acknowledged while the runner is slow', () => {
    const call = new SlowCall();
    const line = lineOn(call);
    for (let seq = 1; seq <= 5_000; seq += 1) line.send(acknowledged(seq % 32, seq));
    expect(line.closed).toBe(false);
  });

  it('is cut, with a reason, when a thousand other things wait', async () => {
    const call = new SlowCall();
    const line = lineOn(call);
    for (let n = 0; n <= 1_025; n += 1) {
      line.refuse({ run: runId(n), fence: 1 }, new HarnessError('STALE_FENCE', 'no'));
    }
    expect(line.closed).toBe(true);
    await call.take();
    expect(call.errors.map(({ message }) => message)).toEqual([expect.stringContaining('does not read')]);
  });

  it('says why it ends after what is under way, not in the middle of it', async () => {
    const call = new SlowCall();
    const line = lineOn(call);
    line.send(acknowledged(1, 1));
    line.send(acknowledged(2, 1));
    line.close(new HarnessError('CERTIFICATE_REVOKED', 'revoked'));
    expect(call.errors).toEqual([]);
    await call.take();
    expect(call.errors).toHaveLength(1);
    expect(call.written).toHaveLength(1);
  });

  it('ends all the same when the runner takes nothing any more', () => {
    vi.useFakeTimers();
    try {
      const call = new SlowCall();
      const line = lineOn(call);
      line.send(acknowledged(1, 1));
      line.close(new HarnessError('LINE_DOWN', 'silent'));
      vi.advanceTimersByTime(5_000);
      expect(call.errors).toHaveLength(1);
    } finally {
      vi.useRealTimers();
    }
  });
});
