import { describe, expect, it } from 'vitest';
import type { TraceProperty } from '../../../src/domain/trace-property.ts';
import { TraceJudge } from '../../../src/judge/judge.ts';
import { compileProperty } from '../../../src/judge/program.ts';
import { judgeTrace, programOf } from '../../support/judge/compare.ts';
import { aMessage } from '../../support/judge/random-trace.ts';
import type { Event } from '../../support/judge/reference.ts';

const ANSWERED: TraceProperty = {
  ...{ id: 'test/answered', protocol: 'TEST', says: 'each question is answered', references: [] },
  forEvery: ['id'],
  when: { message: 'Ask' },
  then: { answeredBy: ['Answer', 'Refuse'], withinMs: 2_000 },
  blames: 'peer',
};

function said(n: number, side: 0 | 1, [name, id, atMs]: readonly [string, number, number]): Event {
  return { kind: 'message', ...aMessage({ n, side, name, atMs, values: { id } }) };
}

function verdictOf(events: readonly Event[], changes: { isComplete?: boolean; isJoined?: boolean } = {}) {
  const { isComplete = false, isJoined = false } = changes;
  const joinedAtMs = isJoined ? events[0]?.atMs : undefined;
  return judgeTrace(ANSWERED, { events, endMs: 60_000, joinedAtMs, isComplete });
}

describe('a property', () => {
  it('is none when it never had its chance', () => {
    expect(verdictOf([said(1, 0, ['Tell', 1, 0])]).verdict).toBe('none');
  });

  it('holds when each question has its answer in time', () => {
    const found = verdictOf([said(1, 0, ['Ask', 1, 0]), said(2, 1, ['Refuse', 1, 2_000])]);
    expect(found).toMatchObject({ verdict: 'pass', held: 1 });
  });

  it('fails with the question, the time and whose doing it is when a later message shows that nothing is missing', () => {
    const found = verdictOf([
      said(1, 0, ['Ask', 1, 10]),
      said(2, 0, ['Ask', 2, 20]),
      said(3, 1, ['Answer', 2, 30]),
      said(4, 1, ['Answer', 1, 2_011]),
    ]);
    expect(found).toMatchObject({ verdict: 'fail', held: 1, broken: 1 });
    expect(found.violations).toMatchObject([
      { trigger: { n: 1, name: 'Ask' }, atMs: 2_010, ids: { id: 1 }, blamed: 'end 1' },
    ]);
  });

  it('is not decided by silence of which nothing shows that it was one', () => {
    expect(verdictOf([said(1, 0, ['Ask', 1, 0])]).verdict).toBe('inconc');
  });

  it('fails by silence in a trace that is known to be complete', () => {
    expect(verdictOf([said(1, 0, ['Ask', 1, 0])], { isComplete: true }).verdict).toBe('fail');
  });

  it('is not decided where the answer may be among messages that are missing', () => {
    const gap: Event = { kind: 'gap', association: 1, side: 1, atMs: 5_000 };
    const found = verdictOf([said(1, 0, ['Ask', 1, 0]), gap, said(2, 1, ['Tell', 1, 5_000])]);
    expect(found.verdict).toBe('inconc');
  });

  it('is decided in spite of missing messages of the end that was to ask', () => {
    const gap: Event = { kind: 'gap', association: 1, side: 0, atMs: 3_000 };
    const found = verdictOf([said(1, 0, ['Ask', 1, 0]), gap, said(2, 1, ['Tell', 1, 5_000])]);
    expect(found.verdict).toBe('fail');
  });

  it('is not decided by a message that cannot be read', () => {
    const found = verdictOf([
      said(1, 0, ['Ask', 1, 0]),
      said(2, 1, ['', 1, 100]),
      said(3, 1, ['Tell', 1, 5_000]),
    ]);
    expect(found.verdict).toBe('inconc');
  });
});

it('keeps a bounded number of what is open, and does not decide what it had to let go', () => {
  const judge = new TraceJudge({ programs: [programOf(ANSWERED)], isComplete: true, maxKept: 100 });
  judge.open(1, { atMs: 0, isJoined: false });
  for (let n = 1; n <= 1_000; n += 1) judge.message(aMessage({ n, side: 0, atMs: n, values: { id: n } }));
  judge.end(60_000);
  expect(judge.findings()[0]).toMatchObject({ broken: 100, undecided: 900, held: 0 });
});

it('decides while the trace goes on', () => {
  const judge = new TraceJudge({ programs: [programOf(ANSWERED)], isComplete: true });
  judge.message(aMessage({ n: 1, atMs: 0, values: { id: 1 } }));
  judge.message(aMessage({ n: 2, side: 1, name: 'Answer', atMs: 1, values: { id: 1 } }));
  expect(judge.findings()[0]).toMatchObject({ verdict: 'pass' });
});

it('refuses a statement about the future inside of one about time, and says where', () => {
  const compiled = compileProperty({
    ...ANSWERED,
    then: { eventually: { all: [{ message: 'Tell' }, { answeredBy: 'Answer', withinMs: 1 }] }, withinMs: 5 },
  });
  expect(compiled).toEqual({
    ok: false,
    error: [{ at: ['then', 'eventually'], what: 'cannot look ahead here' }],
  });
});
