import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeMessage } from '../../../runners/interfaces/e2/codec.ts';
import type { JudgedCapture } from '../../../runners/interfaces/trace/capture-judge.ts';
import { judgeByPlan, judgeCapture, verdictsOf } from '../../../src/app/judge-trace.ts';
import { framesOf, type TestFrame } from '../../support/capture/files.ts';
import { ownFile } from '../../support/capture/read.ts';
import { aTalk, type TalkPacket } from '../../support/capture/talk.ts';
import type { Program } from '../../../src/judge/program.ts';
import { shippedProperties } from '../../support/judge/catalogue.ts';
import { pick, randomFrom } from '../../support/judge/random-trace.ts';

const PPID = 70;
let programs: readonly Program[] = [];

function reset(transaction: number): Uint8Array {
  return encodeMessage('ResetRequest', { TransactionID: transaction, Cause: { misc: 'om-intervention' } });
}

function done(transaction: number): Uint8Array {
  return encodeMessage('ResetResponse', { TransactionID: transaction });
}

/** Resets, each answered but those that are left out, a second apart. */
function resets(count: number, { unanswered = [] as readonly number[] } = {}): readonly TestFrame[] {
  const talk = aTalk();
  const packets: TalkPacket[] = [...talk.open()];
  let [tsnA, tsnB] = [100, 500];
  for (let index = 0; index < count; index += 1) {
    packets.push(talk.data('a', { tsn: tsnA, ssn: tsnA - 100, ppid: PPID, bytes: reset(index) }));
    tsnA += 1;
    if (unanswered.includes(index)) continue;
    packets.push(talk.data('b', { tsn: tsnB, ssn: tsnB - 500, ppid: PPID, bytes: done(index) }));
    tsnB += 1;
  }
  return framesOf(packets).map((frame, index) => ({ ...frame, timeNs: BigInt(index) * 1_000_000_000n }));
}

beforeAll(async () => {
  programs = [...(await shippedProperties()).values()].filter(({ property }) => property.protocol === 'E2AP');
});

async function judged(frames: readonly TestFrame[], { isComplete = false } = {}): Promise<JudgedCapture> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-judge-'));
  const file = join(folder, 'trace.pcapng');
  await writeFile(file, ownFile(frames));
  const { signal } = new AbortController();
  return judgeCapture(file, { programs, isComplete, signal }).finally(() => rm(folder, { recursive: true }));
}

function verdictOf({ findings }: JudgedCapture, id: string): string | undefined {
  return findings.find(({ property }) => property.id === id)?.verdict;
}

describe('a capture', () => {
  it('passes where each request has its answer', async () => {
    const trace = await judged(resets(5));
    expect(verdictsOf(trace)).toEqual(['pass', 'pass']);
    expect(trace.messages).toBe(10);
  });

  it('names the property, the message and the end where one has none', async () => {
    const trace = await judged(resets(8, { unanswered: [1] }));
    const broken = trace.findings.filter(({ verdict }) => verdict === 'fail');
    expect(broken.map(({ property }) => property.id)).toEqual(['e2ap/reset-answered']);
    expect(broken[0]?.violations).toMatchObject([
      { trigger: { name: 'ResetRequest' }, ids: { TransactionID: 1 }, blamed: '192.0.2.2:36421' },
    ]);
  });

  it('blames nobody whatever it lacks, wherever it begins and ends', async () => {
    const frames = resets(12);
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = randomFrom(seed);
      const share = pick(random, [0.05, 0.2, 0.5]);
      const [from, to] = [Math.floor(random() * 12), frames.length - Math.floor(random() * 12)];
      const left = frames.slice(from, to).filter(() => random() >= share);
      const trace = await judged(left);
      expect([seed, ...trace.findings.filter(({ verdict }) => verdict === 'fail')]).toEqual([seed]);
    }
  });

  it('proves nothing by its end, unless it is known to be complete and looks so', async () => {
    const frames = resets(8, { unanswered: [1, 2, 3, 4, 5, 6, 7] });
    expect(verdictOf(await judged(frames), 'e2ap/reset-answered')).toBe('inconc');
    expect(verdictOf(await judged(frames, { isComplete: true }), 'e2ap/reset-answered')).toBe('fail');
    const lossy = frames.filter((_, index) => index !== 6);
    expect(verdictOf(await judged(lossy, { isComplete: true }), 'e2ap/reset-answered')).toBe('inconc');
  });
});

it('refuses a plan that is not there, or states nothing', async () => {
  const { signal } = new AbortController();
  await expect(judgeByPlan('none', { plan: 'e2-pear', signal })).rejects.toMatchObject({ code: 'WRONG_USE' });
  await expect(judgeByPlan('none', { plan: 'a1-pair', signal })).rejects.toMatchObject({ code: 'WRONG_USE' });
  await expect(judgeByPlan('none', { plan: 'e2-pair', signal })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
