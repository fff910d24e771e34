import { cp, mkdtemp, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { enrolRunner } from '../../../runners/core/enrol.ts';
import type { RunId } from '../../../src/domain/ids.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { aPass, openWireHouse, passAll, type WireHouse } from '../../support/wire-house.ts';

const signal = AbortSignal.timeout(120_000);
const SOON = { timeout: 10_000, interval: 25 };
let house: WireHouse;

beforeAll(async () => {
  house = await openWireHouse();
});
afterAll(() => house[Symbol.asyncDispose]());

const stateOf = async (run: RunId) => (await house.store.run(run))?.life.state;
const recordsOf = async (run: RunId) =>
  (await house.store.records(run)).map(({ case: id, outcome }) => [
    id,
    outcome.kind === 'judged' ? outcome.verdict : outcome.disposition,
  ]);
const untilCollecting = (run: RunId) =>
  vi.waitFor(async () => expect(await stateOf(run)).toBe('collecting'), SOON);

describe('enrolment', () => {
  const enrol = async (token: string) =>
    enrolRunner(
      {
        endpoint: `127.0.0.1:${house.gateway.enrolmentPort}`,
        token,
        stateDir: await mkdtemp(join(house.dir, 'enrol-')),
      },
      { signal },
    );

  it('turns a token into an identity of its testbed, once', async () => {
    const testbed = await house.aTestbed();
    const token = await house.aToken(testbed);
    await expect(enrol(token)).resolves.toMatchObject({ testbed, organisation: 'lab' });
    await expect(enrol(token)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it('refuses a token that has expired', async () => {
    const token = await house.aToken(await house.aTestbed(), -1);
    await expect(enrol(token)).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });

  it('does not tell its token to somebody with another CA', async () => {
    const [head, secret] = (await house.aToken(await house.aTestbed())).split('.');
    await expect(enrol(`${head}.${secret}.${'A'.repeat(43)}`)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  it('slows down whoever guesses', async () => {
    const guess = () => enrol(`pbe1.${'x'.repeat(43)}.${house.ca.fingerprint}`);
    await vi.waitFor(async () => {
      await expect(guess()).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
    }, SOON);
    await house.restartGateway();
  });

  it('keeps key and certificate for its owner only', async () => {
    const testbed = await house.aTestbed();
    await using runner = await house.runner(testbed);
    expect((await stat(join(runner.stateDir, 'credentials.json'))).mode & 0o077).toBe(0);
    expect((await stat(runner.stateDir)).mode & 0o077).toBe(0);
  });
});

describe('a run', () => {
  it('goes over the wire: accepted, recorded, evidence stored, finished', async () => {
    const testbed = await house.aTestbed();
    await using runner = await house.runner(testbed);
    await vi.waitFor(() => expect(runner.attached()).toBe(true), SOON);
    const { run } = await house.aHeldRun(testbed);
    await untilCollecting(run);
    expect(await recordsOf(run)).toEqual([
      ['T-001', 'pass'],
      ['T-002', 'pass'],
    ]);
    await vi.waitFor(async () => expect(await house.store.evidenceOf(run)).toHaveLength(2), SOON);
    for (const { digest, bytes } of await house.store.evidenceOf(run)) {
      expect((await house.evidence.get(digest)).length).toBe(bytes);
    }
  });

  it('is spooled while the orchestrator is away, and told when it is back', async () => {
    const testbed = await house.aTestbed();
    const gate = makeGate();
    await using runner = await house.runner(testbed, {
      execute: async (assignment, io, signals) => {
        await io.sink.caseStarted(assignment.plan.cases[0]!.id);
        await gate.opened;
        await io.sink.caseRecord(aPass(assignment, assignment.plan.cases[0]!.id));
        await io.sink.caseStarted(assignment.plan.cases[1]!.id);
        await io.sink.caseRecord(aPass(assignment, assignment.plan.cases[1]!.id));
        return passAll({ ...assignment, plan: { ...assignment.plan, cases: [] } }, io, signals);
      },
    });
    const { run } = await house.aHeldRun(testbed);
    await vi.waitFor(async () => expect((await house.store.progress(run)).startedCase).toBe('T-001'), SOON);
    await house.stopGateway();
    gate.open();
    await vi.waitFor(() => expect(runner.attached()).toBe(false), SOON);
    await house.restartGateway();
    await untilCollecting(run);
    expect(await recordsOf(run)).toHaveLength(2);
    expect((await house.store.progress(run)).lastSeq).toBe(4);
  });

  it('is stopped gracefully on cancel and at once on abort', async () => {
    const testbed = await house.aTestbed();
    const seen: string[] = [];
    await using runner = await house.runner(testbed, {
      execute: async (assignment, io, { signal: aborted, cancel }) => {
        await io.sink.caseStarted(assignment.plan.cases[0]!.id);
        const any = AbortSignal.any([aborted, ...(cancel === undefined ? [] : [cancel])]);
        await pause(60_000, { signal: any }).catch(() => undefined);
        seen.push(aborted.aborted ? 'abort' : 'cancel');
        return { tearDown: { clean: true }, gaveUp: null };
      },
    });
    const { run } = await house.aHeldRun(testbed);
    await vi.waitFor(async () => expect(await stateOf(run)).toBe('running'), SOON);
    const current = (await house.store.run(run))!;
    if (current.life.state !== 'running') throw new Error('not running');
    const why = { code: 'CANCELLED', text: 'test' } as const;
    const life = {
      state: 'cancelling',
      since: current.life.since,
      hold: current.life.hold,
      stop: { by: 'cancel', reason: why },
    } as const;
    await house.store.commit({ runs: [{ ...current, life }] });
    house.gateway.nudge(testbed);
    await untilCollecting(run);
    expect(seen).toEqual(['cancel']);
    expect(runner.attached()).toBe(true);
  });

  it('with an inconsistent record is given up, and nothing of the record is stored', async () => {
    const testbed = await house.aTestbed();
    await using runner = await house.runner(testbed, {
      execute: async (assignment, io, { signal: aborted }) => {
        const id = assignment.plan.cases[0]!.id;
        await io.sink.caseStarted(id);
        const wrong = aPass(assignment, id);
        await io.sink.caseRecord({ ...wrong, outcome: { ...wrong.outcome, verdict: 'fail' } as never });
        await pause(60_000, { signal: aborted }).catch(() => undefined);
        return { tearDown: { clean: true }, gaveUp: null };
      },
    });
    const { run } = await house.aHeldRun(testbed);
    await untilCollecting(run);
    expect(runner.attached()).toBe(true);
    expect(await recordsOf(run)).toEqual([]);
    expect((await house.store.run(run))?.life).toMatchObject({
      stop: { reason: { code: 'RECORD_INCONSISTENT' } },
    });
  });

  it('that a restart of the runner interrupted is ended, not begun again', async () => {
    const testbed = await house.aTestbed();
    let begun = 0;
    const execute: typeof passAll = async (assignment, io) => {
      begun += 1;
      await io.evidence.put(Buffer.from('seen before the crash'), {
        mediaType: 'text/plain',
        role: 'exchange',
      });
      await io.sink.caseStarted(assignment.plan.cases[0]!.id);
      return new Promise(() => undefined);
    };
    const first = await house.runner(testbed, { execute });
    const { run } = await house.aHeldRun(testbed);
    await vi.waitFor(async () => expect((await house.store.progress(run)).startedCase).toBe('T-001'), SOON);
    const stateDir = await crash(first.stateDir);
    await using runner = await house.runner(testbed, { execute, stateDir, enrolment: undefined as never });
    await untilCollecting(run);
    expect(runner.identity).toEqual(first.identity);
    expect(begun).toBe(1);
    expect(await recordsOf(run)).toEqual([
      ['T-001', 'error'],
      ['T-002', 'notRun'],
    ]);
    expect((await house.store.run(run))?.life).toMatchObject({
      stop: { reason: { code: 'RUNNER_RESTARTED' } },
    });
    await vi.waitFor(async () => expect(await house.store.evidenceOf(run)).toHaveLength(1), SOON);
  });
});

function makeGate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** What a kill leaves: the folder as it is, under another name, since the old process of this test still has its lock. */
async function crash(stateDir: string): Promise<string> {
  const copy = `${stateDir}-after-crash`;
  await cp(stateDir, copy, { recursive: true });
  return copy;
}
