import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  aRecord,
  BROKEN,
  type CampaignHouse,
  FAIL,
  openCampaignHouse,
  PASS,
} from '../../support/campaign-house.ts';
import { aPlan, aPlanCase } from '../../support/plans.ts';
import { anEquipment, aTestbed, BED, LAB } from '../../support/things.ts';
import { findingOf } from '../../../src/domain/case-record.ts';
import type { CampaignId, CaseId, Digest, PlanId, RunId } from '../../../src/domain/ids.ts';
import type { Run } from '../../../src/domain/run.ts';

let house: CampaignHouse;
afterEach(() => house[Symbol.asyncDispose]());

const only = async (campaign: CampaignId): Promise<Run> => {
  const [run, ...others] = await house.runs(campaign);
  if (run === undefined || others.length > 0) throw new Error(`${1 + others.length} runs`);
  return run;
};
const reread = async (run: { id: RunId }): Promise<Run> => {
  const found = await house.store.run(run.id);
  if (found === null) throw new Error('gone');
  return found;
};
const findings = async (run: { id: RunId }): Promise<Record<string, string>> =>
  Object.fromEntries((await house.store.records(run.id)).map((record) => [record.case, findingOf(record)]));
const slot = async () => (await house.store.testbed(BED))?.slots[0];
const state = async (id: CampaignId) => (await house.store.campaign(id))?.life.state;

describe('a campaign of one run', () => {
  beforeEach(async () => {
    house = await openCampaignHouse();
  });

  it('goes from request to signed report', async () => {
    const id = await house.submit();
    const run = await only(id);
    expect(run.life).toMatchObject({ state: 'preparing', hold: { testbed: BED, slot: 0, fence: 1 } });
    await house.play(run.id, { 'T-001': PASS, 'T-002': PASS });
    expect((await reread(run)).life).toMatchObject({
      state: 'final',
      end: 'completed',
      finding: 'pass',
      reason: null,
    });
    expect(await state(id)).toBe('final');
    expect(await slot()).toMatchObject({ state: 'free', fence: 1, lease: null });
    const reports = await house.store.reports(id);
    expect(reports).toMatchObject([{ sut: 'acme.ric-1', revision: 1 }]);
    expect(Object.keys(reports[0]?.files ?? {})).toEqual(
      expect.arrayContaining(['report.dsse.json', 'report.html', 'junit.xml']),
    );
  });

  it('is the same campaign when it is asked for twice, and refuses another of that name', async () => {
    const first = await house.submit({ id: `${LAB}/once` as CampaignId });
    await house.submit({ id: first });
    expect(await house.runs(first)).toHaveLength(1);
    await expect(house.submit({ id: first, priority: 'high' })).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
    });
  });

  it('waits for a runner, with the reason', async () => {
    house.clock.pass(house.limits.silentMs + 1);
    const run = await only(await house.submit());
    expect(run.life).toMatchObject({ state: 'leasing', waitsFor: { code: 'RUNNER_OFFLINE' } });
    await house.runnerSeen();
    await house.sweep();
    expect((await reread(run)).life.state).toBe('preparing');
  });

  it('ends without a start when its window closes, with a record for every case', async () => {
    house.clock.pass(house.limits.silentMs + 1);
    const from = house.clock.now();
    const id = await house.submit({ window: { from, to: (from + 36_000_000) as never } });
    house.clock.pass(36_000_001);
    await house.sweep();
    const run = await only(id);
    expect(run.life).toMatchObject({
      state: 'final',
      end: 'neverStarted',
      reason: { code: 'WINDOW_CLOSED' },
    });
    expect(await findings(run)).toEqual({ 'T-001': 'notRun', 'T-002': 'notRun' });
    expect(await state(id)).toBe('final');
  });

  it('loses a silent runner and takes it back under the same fence', async () => {
    const run = await only(await house.submit());
    const fence = await house.accept(run.id);
    house.clock.pass(house.limits.silentMs + 1);
    await house.sweep();
    expect((await reread(run)).life.state).toBe('lost');
    await house.events.back(BED, [{ run: run.id, fence: fence + 1 }]);
    expect((await reread(run)).life.state).toBe('lost');
    await house.runnerSeen();
    await house.events.back(BED, [{ run: run.id, fence }]);
    expect((await reread(run)).life.state).toBe('running');
  });

  it('gives a lost run up after its grace: started cases error, others notRun, slot quarantined, one retry', async () => {
    const id = await house.submit();
    const run = await only(id);
    const fence = await house.accept(run.id);
    await house.send(run.id, fence, [
      { seq: 1, at: house.clock.now(), kind: 'caseStarted', case: 'T-001' as CaseId },
    ]);
    house.clock.pass(house.limits.silentMs + 1);
    await house.sweep();
    house.clock.pass(house.limits.graceMs);
    await house.sweep();
    expect((await reread(run)).life).toMatchObject({ state: 'aborting', stop: { by: 'lost' } });
    house.clock.pass(house.limits.abortingMs);
    await house.sweep();
    expect((await reread(run)).life).toMatchObject({ state: 'final', end: 'aborted', finding: 'error' });
    expect(await findings(run)).toEqual({ 'T-001': 'error', 'T-002': 'notRun' });
    expect(await slot()).toMatchObject({ state: 'quarantined', fence: 1 });
    expect(await house.runs(id)).toHaveLength(2);
    const retry = await house.retryOf(run);
    expect(retry).toMatchObject({ retryOf: run.id, life: { state: 'leasing' } });

    await house.runnerSeen();
    await house.sweep();
    expect((await reread(retry)).life).toMatchObject({ waitsFor: { code: 'SLOT_QUARANTINED' } });
    expect(await house.store.clearSlotAfter(BED, 0, fence)).toBe(true);
    await house.sweep();
    expect((await reread(retry)).life).toMatchObject({ state: 'preparing', hold: { fence: 2 } });
    await house.play(retry.id, { 'T-001': BROKEN });
    expect(await house.runs(id)).toHaveLength(2);
    expect(await state(id)).toBe('final');
  });

  it('refuses what is said under an old fence, or too early', async () => {
    const run = await only(await house.submit());
    const fence = await house.accept(run.id);
    const end = { lastSeq: 0, tearDownFailure: null, gaveUp: null };
    await expect(house.events.finished(run.id, fence - 1, end)).rejects.toMatchObject({
      code: 'STALE_FENCE',
    });
    await expect(house.events.accepted(run.id, fence + 1)).rejects.toMatchObject({ code: 'STALE_FENCE' });
    await expect(house.events.finished(run.id, fence, { ...end, lastSeq: 3 })).rejects.toMatchObject({
      code: 'EVIDENCE_GAP',
    });
    await house.events.accepted(run.id, fence);
    expect((await reread(run)).life.state).toBe('running');
  });

  it('cancels gracefully, and by force', async () => {
    const id = await house.submit();
    const run = await only(id);
    const fence = await house.accept(run.id);
    await house.useCases.cancelCampaign(id, { force: false, text: 'not needed' });
    await house.settle();
    expect((await reread(run)).life).toMatchObject({
      state: 'cancelling',
      stop: { reason: { code: 'CANCELLED' } },
    });
    await house.useCases.cancelRun(run.id, { force: true, text: 'now' });
    expect((await reread(run)).life).toMatchObject({ state: 'aborting' });
    await house.events.finished(run.id, fence, { lastSeq: 0, tearDownFailure: null, gaveUp: null });
    await house.settle();
    expect((await reread(run)).life).toMatchObject({
      state: 'final',
      end: 'aborted',
      reason: { code: 'ABORTED' },
    });
    expect(await house.runs(id)).toHaveLength(1);
    expect(await state(id)).toBe('final');
    expect(await slot()).toMatchObject({ state: 'free' });
  });

  it('retries a fault of the harness once, a fault of the product never', async () => {
    const id = await house.submit();
    const run = await only(id);
    await house.play(run.id, { 'T-001': PASS, 'T-002': BROKEN });
    const retry = await house.retryOf(run);
    await house.play(retry.id, { 'T-001': PASS, 'T-002': FAIL });
    expect(await house.runs(id)).toHaveLength(2);
    expect((await reread(retry)).life).toMatchObject({ finding: 'fail' });
  });

  it('quarantines a slot whose tear-down failed until somebody releases it', async () => {
    const run = await only(await house.submit());
    await house.play(run.id, { 'T-001': PASS, 'T-002': PASS }, { dirty: true });
    expect((await reread(run)).life).toMatchObject({ state: 'final', finding: 'pass' });
    expect(await slot()).toMatchObject({ state: 'quarantined', reason: { code: 'TEARDOWN_FAILED' } });
    const next = await only(await house.submit());
    expect(next.life).toMatchObject({ state: 'leasing', waitsFor: { code: 'SLOT_QUARANTINED' } });
    await house.useCases.releaseSlot(BED, 0);
    await house.settle();
    expect((await reread(next)).life).toMatchObject({ state: 'preparing', hold: { fence: 2 } });
  });

  it('waits for evidence, then says that it never came', async () => {
    const run = await only(await house.submit());
    const fence = await house.accept(run.id);
    const item = {
      digest: `sha256:${'0'.repeat(64)}` as Digest,
      mediaType: 'text/plain',
      role: 'exchange',
      bytes: 1,
    };
    const record = {
      ...aRecord({ run: run.id, fence, id: 'T-001', outcome: PASS }, house.clock),
      evidence: [item],
    };
    await house.send(run.id, fence, [
      { seq: 1, at: house.clock.now(), kind: 'caseStarted', case: 'T-001' as CaseId },
      { seq: 2, at: house.clock.now(), kind: 'caseRecord', record },
    ]);
    await house.events.finished(run.id, fence, { lastSeq: 2, tearDownFailure: null, gaveUp: null });
    await house.settle();
    expect((await reread(run)).life.state).toBe('collecting');
    house.clock.pass(house.limits.collectingMs);
    await house.sweep();
    expect((await reread(run)).life).toMatchObject({ state: 'final', reason: { code: 'EVIDENCE_MISSING' } });
  });

  it('notices that a run makes no progress, and one that was never taken', async () => {
    const run = await only(await house.submit());
    house.clock.pass(house.limits.preparingMs);
    await house.runnerSeen();
    await house.sweep();
    expect((await reread(run)).life).toMatchObject({
      state: 'aborting',
      stop: { reason: { code: 'RUN_TIMEOUT' } },
    });
  });
});

describe('several runs', () => {
  it('never hold the same product at once', async () => {
    const second = aPlan({ id: 'b-plan' as PlanId });
    house = await openCampaignHouse({ plans: [aPlan(), second], testbeds: [aTestbed({ slots: 2 })] });
    const [one, two] = await house.runs(await house.submit());
    const busy = [one!, two!].filter(({ life }) => life.state === 'leasing');
    expect(busy).toMatchObject([{ life: { waitsFor: { code: 'RESOURCE_BUSY' } } }]);
    const running = [one!, two!].find(({ life }) => life.state === 'preparing');
    await house.play(running!.id, { 'T-001': PASS, 'T-002': PASS });
    expect((await reread(busy[0]!)).life.state).toBe('preparing');
  });

  it('start only behind an open gate', async () => {
    const gated = aPlan({ id: 'b-plan' as PlanId, gates: ['a-plan' as PlanId] });
    house = await openCampaignHouse({ plans: [aPlan(), gated], testbeds: [aTestbed({ slots: 2 })] });
    const id = await house.submit();
    const runOf = async (plan: string) => (await house.runs(id)).find((run) => run.plan.id === plan)!;
    expect((await runOf('b-plan')).life).toMatchObject({ state: 'queued', waitsFor: { code: 'GATE_WAITS' } });
    await house.play((await runOf('a-plan')).id, { 'T-001': PASS, 'T-002': FAIL });
    expect((await runOf('b-plan')).life).toMatchObject({ state: 'final', reason: { code: 'GATE_CLOSED' } });
    expect(await findings(await runOf('b-plan'))).toEqual({ 'T-001': 'blocked', 'T-002': 'blocked' });
    expect(await state(id)).toBe('final');
  });

  it('are recorded even when no testbed can host them', async () => {
    house = await openCampaignHouse({ plans: [aPlan({ capabilities: ['ptp'] })] });
    const id = await house.submit();
    const run = await only(id);
    expect(run.life).toMatchObject({
      state: 'final',
      end: 'neverStarted',
      reason: { code: 'CAPABILITY_MISSING' },
    });
    expect(await findings(run)).toEqual({
      'T-001': 'notSupportedByTestbed',
      'T-002': 'notSupportedByTestbed',
    });
    expect(await state(id)).toBe('final');
  });

  it('are decided beforehand where the product claims nothing', async () => {
    const cases = [
      aPlanCase(),
      aPlanCase({ id: 'T-002' as CaseId, requirement: 'O', appliesWhen: { ics: 'a1.ei' } }),
    ];
    house = await openCampaignHouse({ plans: [aPlan({ cases })], equipment: [anEquipment()] });
    const id = await house.submit();
    const run = await only(id);
    await house.play(run.id, { 'T-001': PASS });
    expect(await findings(run)).toEqual({ 'T-001': 'pass', 'T-002': 'notApplicable' });
  });

  it('come to nothing when nothing fits, and the campaign says why', async () => {
    house = await openCampaignHouse();
    const id = await house.submit({ equipment: { ids: ['acme/none' as never] } });
    expect((await house.store.campaign(id))?.life).toMatchObject({
      state: 'final',
      reason: { code: 'NOT_FOUND' },
    });
  });
});
