import { describe, expect, it, vi } from 'vitest';
import { CODES, isCode } from '../../../src/kernel/codes.ts';
import { deadline, pause } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { sameJson } from '../../../src/kernel/json.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';

describe('deadline', () => {
  it('aborts with DEADLINE when the time is over', () => {
    vi.useFakeTimers();
    using limit = deadline(new AbortController().signal, 50, 'hand-shake');
    vi.advanceTimersByTime(51);
    expect(limit.signal.reason).toMatchObject({ code: 'DEADLINE' });
    vi.useRealTimers();
  });

  it('passes on the reason of its parent', () => {
    const parent = new AbortController();
    using limit = deadline(parent.signal, 60_000, 'hand-shake');
    const why = new HarnessError('CANCELLED', 'enough');
    parent.abort(why);
    expect(limit.signal.reason).toBe(why);
  });
});

describe('pause', () => {
  it('rejects with the own reason of its signal', async () => {
    const stop = new AbortController();
    const waiting = pause(60_000, { signal: stop.signal });
    stop.abort(new HarnessError('ABORTED', 'now'));
    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(pause(1, { signal: stop.signal })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});

describe('Teardown', () => {
  it('undoes in reverse order, all of it, and reports every failure', async () => {
    const done: string[] = [];
    const undo = new Teardown();
    for (const name of ['core', 'ric', 'ue']) {
      undo.defer(() => {
        done.push(name);
        if (name !== 'core') throw new Error(name);
      });
    }
    await expect(undo[Symbol.asyncDispose]()).rejects.toMatchObject({
      errors: [{ message: 'ue' }, { message: 'ric' }],
    });
    expect(done).toEqual(['ue', 'ric', 'core']);
  });

  it('gives its steps away once', async () => {
    let undone = 0;
    const first = new Teardown();
    first.defer(() => {
      undone += 1;
    });
    const owner = first.move();
    await first[Symbol.asyncDispose]();
    expect(undone).toBe(0);
    await owner[Symbol.asyncDispose]();
    await owner[Symbol.asyncDispose]();
    expect(undone).toBe(1);
  });
});

describe('HarnessError', () => {
  it('keeps its code, and gives one to anything else', () => {
    const coded = new HarnessError('LEASE_LOST', 'gone');
    expect(HarnessError.from(coded, 'UNEXPECTED')).toBe(coded);
    expect(HarnessError.from('text').code).toBe('UNEXPECTED');
    expect(coded.fault).toBe('testbed');
  });

  it('knows its codes and no inherited names', () => {
    expect(Object.keys(CODES).every(isCode)).toBe(true);
    expect(isCode('toString')).toBe(false);
  });
});

describe('sameJson', () => {
  it('ignores the order of members but not of items', () => {
    expect(sameJson({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true);
    expect(sameJson([1, 2], [2, 1])).toBe(false);
    expect(sameJson({ a: 1 }, { a: 1, b: 2 })).toBe(false);
    expect(sameJson({ toString: 1 }, {})).toBe(false);
    expect(sameJson([], {})).toBe(false);
  });
});
