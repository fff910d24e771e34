import { describe, expect, it } from 'vitest';
import { oneAtATime } from '../../../src/campaigns/one-at-a-time.ts';

/** Work that ends when it is told to. */
function controlled() {
  const ends: ((error?: Error) => void)[] = [];
  const begun: string[] = [];
  const work = (id: string): Promise<void> => {
    begun.push(id);
    return new Promise((resolve, reject) => {
      ends.push((error) => (error === undefined ? resolve() : reject(error)));
    });
  };
  return { ends, begun, run: oneAtATime(work) };
}

describe('oneAtATime', () => {
  it('does the same once more, however many asked meanwhile', async () => {
    const { ends, begun, run } = controlled();
    const first = run('a');
    const others = [run('a'), run('a'), run('a')];
    const foreign = run('b');
    expect(begun).toEqual(['a', 'b']);
    ends[0]?.();
    await first;
    await Promise.resolve();
    expect(begun).toEqual(['a', 'b', 'a']);
    ends[1]?.();
    ends[2]?.();
    await Promise.all([...others, foreign]);
    expect(begun).toEqual(['a', 'b', 'a']);
    const later = run('a');
    ends[3]?.();
    await later;
    expect(begun).toHaveLength(4);
  });

  it('tells a failure to those who waited for it, and goes on', async () => {
    const { ends, run } = controlled();
    const first = run('a');
    const second = run('a');
    ends[0]?.(new Error('broken'));
    await expect(first).rejects.toThrow('broken');
    await Promise.resolve();
    ends[1]?.();
    await second;
  });
});
