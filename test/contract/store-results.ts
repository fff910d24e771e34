import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Store, StoredReport } from '../../src/campaigns/store-ports.ts';
import type { EvidenceItem } from '../../src/domain/case-record.ts';
import type { CaseId, Digest, Instant, RunId } from '../../src/domain/ids.ts';
import { aBatch, aRecordOf, aRunningRun, aStoredCampaign, fresh, LAB, T0 } from '../support/store-things.ts';

const NOW = (T0 + 5000) as Instant;

/** What every store must do about observations, records, evidence and reports. */
export function resultContract(storeOf: () => Store): void {
  describe('append', () => {
    it('keeps what it acknowledged, byte for byte, hostile text included', async () => {
      const store = storeOf();
      const { run, fence } = await aRunningRun(store);
      const answers = await store.append([aBatch(run, { fence, from: 1, to: 4, records: [2, 4] })], NOW);
      expect(answers).toEqual([{ ok: true, run, seq: 4 }]);
      expect(await store.records(run)).toEqual([aRecordOf(run, 'case-2'), aRecordOf(run, 'case-4')]);
      expect((await store.runLog(run, 1, 10)).map(({ seq }) => seq)).toEqual([3]);
      expect(await store.progress(run)).toEqual({
        lastSeq: 4,
        startedCase: null,
        lastProgressAt: NOW,
        records: 2,
      });
    });

    it('remembers the case under way until its record comes', async () => {
      const store = storeOf();
      const { run, fence } = await aRunningRun(store);
      const started = { seq: 1, at: T0, kind: 'caseStarted', case: 'case-2' as CaseId } as const;
      await store.append([{ run, fence, observations: [started] }], NOW);
      expect((await store.progress(run)).startedCase).toBe('case-2');
      await store.append([aBatch(run, { fence, from: 2, to: 2, records: [2] })], NOW);
      expect((await store.progress(run)).startedCase).toBeNull();
    });

    it('refuses a gap, an old fence, a foreign fence and an unknown run; the others of the call are stored', async () => {
      const store = storeOf();
      const [good, gap, old] = [await aRunningRun(store), await aRunningRun(store), await aRunningRun(store)];
      const unknown = 'run-unknown' as RunId;
      const answers = await store.append(
        [
          aBatch(gap.run, { fence: gap.fence, from: 2, to: 3 }),
          aBatch(old.run, { fence: old.fence - 1, from: 1, to: 1 }),
          aBatch(good.run, { fence: good.fence, from: 1, to: 2, records: [1] }),
          aBatch(unknown, { fence: 1, from: 1, to: 1 }),
          aBatch(old.run, { fence: 4e15 + 0.5, from: 1, to: 1 }),
        ],
        NOW,
      );
      expect(answers.map((answer) => (answer.ok ? answer.seq : answer.reason.code))).toEqual([
        'EVIDENCE_GAP',
        'STALE_FENCE',
        2,
        'STALE_FENCE',
        'STALE_FENCE',
      ]);
      expect((await store.progress(gap.run)).lastSeq).toBe(0);
      expect(await store.records(good.run)).toHaveLength(1);
    });

    it('refuses a second record of a case, and only the batch it is in', async () => {
      const store = storeOf();
      const [one, two] = [await aRunningRun(store), await aRunningRun(store)];
      await store.append([aBatch(one.run, { fence: one.fence, from: 1, to: 1, records: [1] })], NOW);
      const record = aRecordOf(one.run, 'case-1');
      const again = {
        run: one.run,
        fence: one.fence,
        observations: [{ seq: 2, at: T0, kind: 'caseRecord', record }],
      };
      const answers = await store.append(
        [again as never, aBatch(two.run, { fence: two.fence, from: 1, to: 2, records: [1, 2] })],
        NOW,
      );
      expect(answers).toMatchObject([
        { ok: false, reason: { code: 'RECORD_INCONSISTENT' } },
        { ok: true, seq: 2 },
      ]);
      expect(await store.records(one.run)).toHaveLength(1);
      expect(await store.records(two.run)).toHaveLength(2);
    });

    it('refuses a run that is final', async () => {
      const store = storeOf();
      const { run, fence } = await aRunningRun(store);
      const now = await store.run(run);
      if (now?.life.state !== 'preparing') throw new Error('not preparing');
      const { hold } = now.life;
      await store.commit({
        runs: [
          {
            ...now,
            life: { state: 'final', since: T0, hold, end: 'aborted', reason: null, finding: 'error' },
          },
        ],
        records: [aRecordOf(run, 'case-9')],
      });
      const answers = await store.append([aBatch(run, { fence, from: 1, to: 1 })], NOW);
      expect(answers).toMatchObject([{ ok: false, reason: { code: 'STALE_FENCE' } }]);
      await expect(store.checkFence(run, fence)).rejects.toMatchObject({ code: 'STALE_FENCE' });
      expect(await store.records(run)).toHaveLength(1);
    });

    it('yields each item once, in order, however often and at once parts are sent', async () => {
      const store = storeOf();
      const piece = fc.record({
        from: fc.integer({ min: 1, max: 12 }),
        length: fc.integer({ min: 1, max: 6 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 12 }), async (pieces) => {
          const { run, fence } = await aRunningRun(store);
          const records = [2, 3, 5, 7, 11, 13, 17];
          const send = async (from: number, to: number) => {
            const [answer] = await store.append([aBatch(run, { fence, from, to, records })], NOW);
            if (answer?.ok === true) expect(answer.seq).toBeGreaterThanOrEqual(to);
            else expect(answer?.reason.code).toBe('EVIDENCE_GAP');
          };
          await Promise.all(pieces.map(({ from, length }) => send(from, from + length - 1)));
          const { lastSeq } = await store.progress(run);
          await send(Math.max(1, lastSeq), 18);
          expect((await store.records(run)).map((record) => record.case)).toEqual(
            records.map((seq) => `case-${seq}`),
          );
          const lines = (await store.runLog(run, 0, 100)).map(({ seq }) => seq);
          expect([...lines, ...records].sort((a, b) => a - b)).toEqual(
            Array.from({ length: 18 }, (_, index) => index + 1),
          );
          expect((await store.progress(run)).records).toBe(records.length);
        }),
        { numRuns: 8 },
      );
    });
  });

  it('skips a record of ours where one exists, and lists ours last', async () => {
    const store = storeOf();
    const { run, fence } = await aRunningRun(store);
    await store.append([aBatch(run, { fence, from: 1, to: 3, records: [1, 3] })], NOW);
    const ours = ['a-not-reached', 'case-1'].map((id) => aRecordOf(run, id, { planVersion: '9.9.9' }));
    await store.commit({ records: ours });
    const found = await store.records(run);
    expect(found.map((record) => record.case)).toEqual(['case-1', 'case-3', 'a-not-reached']);
    expect(found[0]?.planVersion).toBe('1.0.0');
  });

  it('keeps evidence of a run under its fence, once', async () => {
    const store = storeOf();
    const { run, fence } = await aRunningRun(store);
    const item: EvidenceItem = {
      digest: `sha256:${'a'.repeat(64)}` as Digest,
      mediaType: 'text/plain',
      role: 'exchange',
      bytes: 12,
    };
    await store.addEvidence(run, fence, item);
    await store.addEvidence(run, fence, item);
    await store.addEvidence(run, fence, { ...item, role: 'process-log' });
    await expect(store.addEvidence(run, fence - 1, item)).rejects.toMatchObject({ code: 'STALE_FENCE' });
    expect(await store.evidenceOf(run)).toEqual([item, { ...item, role: 'process-log' }]);
    await store.checkFence(run, fence);
    await expect(store.checkFence(run, fence + 1)).rejects.toMatchObject({ code: 'STALE_FENCE' });
  });

  it('keeps reports as they are', async () => {
    const store = storeOf();
    const campaign = await store.createCampaign(aStoredCampaign());
    const report: StoredReport = {
      id: fresh('report'),
      campaign: campaign.id,
      organisation: LAB,
      sut: 'acme.ric',
      revision: 1,
      payloadDigest: 'ab'.repeat(32),
      issuedAt: T0,
      files: { 'report.html': `sha256:${'b'.repeat(64)}` as Digest },
    };
    await store.putReport(report);
    await store.putReport(report);
    const other = { ...report, payloadDigest: 'cd'.repeat(32) };
    await expect(store.putReport(other)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    await expect(store.putReport({ ...other, id: fresh('report') })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
    expect(await store.reports(campaign.id)).toEqual([report]);
    expect(await store.report(report.id)).toEqual(report);
    expect(await store.report('none')).toBeNull();
  });
}
