import { describe, expect, it } from 'vitest';
import { makeDigests, makeIds, makeSteadyClock } from '../../../src/app/system.ts';
import { instant } from '../../../src/domain/ids.ts';

const START_MS = Date.parse('2026-11-24T12:00:00Z');
const DAY_MS = 86_400_000;

describe('a steady clock', () => {
  it('starts at the time of the wall and goes on by itself, whatever is done to the wall', () => {
    const wall = { ms: START_MS };
    const monotonic = { ms: 5_000.25 };
    const clock = makeSteadyClock(
      () => wall.ms,
      () => monotonic.ms,
    );
    expect(clock.now()).toBe(START_MS);
    for (const jump of [DAY_MS, -2 * DAY_MS, Number.NaN]) {
      wall.ms += jump;
      const before = clock.now();
      monotonic.ms += 1_500;
      expect(clock.now() - before).toBe(1_500);
    }
  });

  it('says whole milliseconds and never goes back', () => {
    const monotonic = { ms: 0.1 };
    const clock = makeSteadyClock(
      () => START_MS,
      () => monotonic.ms,
    );
    const said: number[] = [];
    for (let n = 0; n < 50; n += 1, monotonic.ms += 0.3) said.push(clock.now());
    expect(said.every(Number.isInteger)).toBe(true);
    expect(said).toEqual([...said].sort((a, b) => a - b));
    expect(said.at(-1)).toBe(START_MS + 14);
  });
});

describe('ids', () => {
  it('sort by the time they were made at, over a change of every digit', () => {
    const times = [0, 1, 31, 32, 1_023, 1_024, START_MS, START_MS + 1, START_MS + 40 * 365 * DAY_MS];
    const made = times.map((ms) => makeIds({ now: () => instant(ms) }).next('run'));
    expect([...made].sort()).toEqual(made);
  });

  it('are unique within a millisecond, and can stand in a path and a label', () => {
    const ids = makeIds({ now: () => instant(START_MS) });
    const made = Array.from({ length: 5_000 }, () => ids.next('run'));
    expect(new Set(made).size).toBe(made.length);
    // 10 digits of time and 16 of chance, of 5 bits each.
    expect(made.every((id) => /^run-[0-9a-hjkmnp-tv-z]{26}$/u.test(id))).toBe(true);
    expect(new Set(made.map((id) => id.slice(0, 'run-'.length + 10))).size).toBe(1);
  });

  it('has random texts of as many bytes as were asked for', () => {
    const ids = makeIds({ now: () => instant(0) });
    const texts = Array.from({ length: 100 }, () => ids.random(32));
    expect(new Set(texts).size).toBe(100);
    expect(texts.every((text) => Buffer.from(text, 'base64url').length === 32)).toBe(true);
  });
});

describe('digests', () => {
  it('are SHA-256, of bytes with their algorithm in front', () => {
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(makeDigests().ofText('')).toBe(empty);
    expect(makeDigests().ofBytes(new Uint8Array())).toBe(`sha256:${empty}`);
  });
});
