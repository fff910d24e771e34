import { describe, expect, it } from 'vitest';
import { Turns } from '../../../../runners/core/turns.ts';

describe('Turns', () => {
  it('keeps exclusive work apart from everything else', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const step = (name: string) => async (): Promise<string> => {
      log.push(`${name} begins`);
      for (let n = 0; n < 5; n += 1) await Promise.resolve();
      log.push(`${name} ends`);
      return name;
    };
    const all = [
      turns.shared(step('a')),
      turns.shared(step('b')),
      turns.exclusive(step('X')),
      turns.shared(step('c')),
      turns.exclusive(step('Y')),
    ];
    expect(await Promise.all(all)).toEqual(['a', 'b', 'X', 'c', 'Y']);
    for (const name of ['X', 'Y']) {
      expect(log[log.indexOf(`${name} begins`) + 1]).toBe(`${name} ends`);
    }
    expect(log.indexOf('X begins')).toBeGreaterThan(log.indexOf('b ends'));
    expect(log.indexOf('c begins')).toBeGreaterThan(log.indexOf('X ends'));
  });

  it('goes on after work that failed', async () => {
    const turns = new Turns();
    await expect(turns.exclusive(() => Promise.reject(new Error('disk')))).rejects.toThrow('disk');
    await expect(turns.shared(() => Promise.reject(new Error('disk')))).rejects.toThrow('disk');
    expect(await turns.exclusive(() => Promise.resolve('fine'))).toBe('fine');
  });
});
