import { describe, expect, it } from 'vitest';
import { keepAsking } from '../../../../runners/simulators/setting-up.ts';

const pauseMs = (): number => 0;

/** Whoever is asked says one of these after the other. */
function saying(...kinds: readonly string[]): {
  readonly ask: () => Promise<{ readonly kind: string }>;
  asked: number;
} {
  const whom = {
    asked: 0,
    ask: () => {
      const kind = kinds[whom.asked] ?? 'ended';
      whom.asked += 1;
      return Promise.resolve({ kind });
    },
  };
  return whom;
}

describe('who sets an interface up', () => {
  it('asks again until that is granted, or the association is over', async () => {
    const { signal } = new AbortController();
    const granted: string[] = [];
    const willing = saying('unsuccessful', 'silent', 'successful', 'successful');
    await keepAsking({ ask: willing.ask, granted: () => granted.push('yes'), pauseMs }, { signal });
    expect([willing.asked, granted]).toEqual([3, ['yes']]);
    const gone = saying('unsuccessful', 'ended');
    await keepAsking({ ask: gone.ask, granted: () => granted.push('no'), pauseMs }, { signal });
    expect([gone.asked, granted]).toEqual([2, ['yes']]);
  });

  it('is set up before anything else that the answer has waiting', async () => {
    const order: string[] = [];
    const answer = Promise.resolve({ kind: 'successful' });
    const asking = keepAsking(
      { ask: () => answer, granted: () => order.push('granted'), pauseMs },
      { signal: new AbortController().signal },
    );
    void answer.then(() => order.push('next message'));
    await asking;
    expect(order).toEqual(['granted', 'next message']);
  });

  it('ends quietly when it is told to, and with nothing else', async () => {
    const stop = new AbortController();
    const reason = new Error('told to go');
    const ask = (): Promise<never> => {
      stop.abort(reason);
      return Promise.reject(reason);
    };
    const told = { granted: () => undefined, pauseMs };
    await expect(keepAsking({ ...told, ask }, stop)).resolves.toBeUndefined();
    const broken = (): Promise<never> => Promise.reject(new TypeError('something of ours'));
    await expect(keepAsking({ ...told, ask: broken }, stop)).rejects.toThrow(TypeError);
  });
});
