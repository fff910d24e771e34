import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { rejudge } from '../../../../runners/core/execute-judge.ts';
import type { Assignment } from '../../../../src/domain/assignment.ts';
import type { Equipment } from '../../../../src/domain/equipment.ts';
import type { CaseId } from '../../../../src/domain/ids.ts';
import { HarnessError } from '../../../../src/kernel/errors.ts';
import { aCase, anEquipment, aPlan, aProcedure, aSimulator, judgedAs } from '../../../support/a-procedure.ts';
import {
  after,
  before,
  execute,
  type Given,
  outcomeOf,
  records,
  theRunner,
} from '../../../support/an-execution.ts';

const id = (text: string): CaseId => text as CaseId;

describe('a case that is not driven', () => {
  const only = (given: Given) => outcomeOf({ ...given, procedure: before(new Error('it was driven')) });

  it('was decided by the review', async () => {
    const reason = { code: 'ICS_NOT_CLAIMED', text: 'x' } as const;
    const decided = { 'C-1': { disposition: 'notApplicable', reason } } as unknown as Assignment['decided'];
    expect(await only({ assignment: { decided } })).toMatchObject({ disposition: 'notApplicable', reason });
    expect(theRunner().told).toEqual(['record C-1']);
  });

  it('has a procedure that the runner does not know', async () => {
    const cases = [aCase({ procedure: 'no.such' })];
    expect(await only({ cases })).toMatchObject({
      disposition: 'blocked',
      reason: { code: 'PROCEDURE_UNKNOWN' },
    });
  });

  it('does not apply to what is really there', async () => {
    const cases = [aCase({ appliesWhen: { tls: true } })];
    expect(await only({ cases })).toMatchObject({ disposition: 'notApplicable' });
  });

  it('requires one that did not pass, and names it', async () => {
    const procedure = aProcedure(undefined, () => judgedAs({ status: 'inconc' }));
    await execute({ procedure, cases: [aCase(), aCase({ id: id('C-2'), requires: [id('C-1')] })] });
    expect(records()[1]?.outcome).toMatchObject({
      disposition: 'blocked',
      reason: { code: 'PRECONDITION_FAILED', case: 'C-1' },
    });
  });

  it('is blocked when the testbed is unfit', async () => {
    const clock = { now: () => 0 as never, elapsedMs: () => 0 };
    const outcome = await execute({ deps: () => ({ clock }) });
    expect(outcome.gaveUp).toMatchObject({ code: 'TESTBED_UNFIT' });
    expect(records()[0]).toMatchObject({
      outcome: { disposition: 'blocked', reason: { code: 'TESTBED_UNFIT' } },
      cause: { kind: 'testbed' },
      fitness: { fit: false },
    });
  });
});

describe('a run that is stopped', () => {
  const three = [aCase(), aCase({ id: id('C-2') }), aCase({ id: id('C-3') })];
  const stopIn = (own: AbortController, reason?: Error) => {
    let driven = 0;
    return aProcedure((bench, { signal }) => {
      bench.stimulated();
      bench.observe('send', 'note', 1);
      if (++driven === 2) own.abort(reason);
      return signal.aborted ? Promise.reject(signal.reason) : Promise.resolve();
    });
  };
  const told = () =>
    records().map(({ outcome }) => (outcome.kind === 'judged' ? outcome.verdict : outcome.disposition));

  it('by a cancel finishes the case under way and starts no other', async () => {
    const own = new AbortController();
    const outcome = await execute({
      procedure: stopIn(own, new HarnessError('CANCELLED', 'by jane')),
      cases: three,
      signals: { cancel: own.signal },
    });
    expect(told()).toEqual(['pass', 'pass', 'notRun']);
    expect(records()[2]?.outcome.reason).toEqual({ code: 'CANCELLED', text: 'by jane' });
    expect(outcome).toEqual({ tearDown: { clean: true }, gaveUp: null });
  });

  it('by an abort stops the case under way, which is an error', async () => {
    const own = new AbortController();
    const outcome = await execute({
      procedure: stopIn(own, new HarnessError('LEASE_LOST', 'fence 8 was granted')),
      cases: three,
      signals: { signal: own.signal },
    });
    expect(told()).toEqual(['pass', 'error', 'notRun']);
    expect(records()[1]).toMatchObject({
      outcome: { reason: { code: 'LEASE_LOST' } },
      cause: { kind: 'testbed' },
    });
    expect(records()[2]?.outcome.reason?.code).toBe('LEASE_LOST');
    expect(outcome).toEqual({ tearDown: { clean: true }, gaveUp: null });
  });

  it('before it began has a record for every case', async () => {
    const signal = AbortSignal.abort(new HarnessError('ABORTED', 'x'));
    const simulator = aSimulator('ric');
    const subjects = [anEquipment({ simulator: { name: 'ric', defects: [] } })];
    await execute({
      cases: three,
      assignment: { subjects },
      deps: () => ({ simulators: new Map([['ric', simulator]]) }),
      signals: { signal },
    });
    expect(told()).toEqual(['notRun', 'notRun', 'notRun']);
    expect(simulator.calls).toEqual([]);
  });
});

describe('simulators', () => {
  const asSubject = (simulator: ReturnType<typeof aSimulator>, defects: string[] = []): Given => ({
    assignment: { subjects: [anEquipment({ interfaces: {}, simulator: { name: simulator.name, defects } })] },
    deps: () => ({ simulators: new Map([[simulator.name, simulator]]) }),
  });
  const asPeer = (simulator: ReturnType<typeof aSimulator>): Given => ({
    assignment: {
      plan: aPlan({
        peers: [{ name: 'consumer', role: 'non-rt-ric', simulator: simulator.name }],
        cases: [aCase(), aCase({ id: id('C-2') })],
      }),
    },
    deps: () => ({ simulators: new Map([[simulator.name, simulator]]) }),
  });

  it('give a subject its end points, claims and logs, and are stopped', async () => {
    const simulator = aSimulator('ric');
    let seen: Equipment | undefined;
    const procedure = aProcedure((bench) => {
      [seen] = bench.subjects;
      bench.observe('look', 'note', 'the subject has an end point');
      return Promise.resolve();
    });
    await execute({ ...asSubject(simulator, ['slow']), procedure });
    expect(seen).toMatchObject({
      interfaces: { a1: { endpoint: { url: 'https://127.0.0.1:4711' } } },
      ics: { claimed: true },
      ixit: { told: 1 },
    });
    expect(simulator.calls).toEqual(['start slow', 'stop']);
    const items = records()[0]?.evidence ?? [];
    expect(items.map(({ role }) => role)).toEqual(['configuration', 'exchange', 'process-log', 'tools']);
    const all = items.map((item) => theRunner().text(item)).join('');
    expect(all).not.toMatch(/swordfish|abc\.def/u);
    expect(all).toContain('log of it');
  });

  it.each([
    {
      which: 'that do not start',
      simulator: aSimulator('ric', { start: () => Promise.reject(new Error('port taken')) }),
      code: 'SIMULATOR_FAILED',
    },
    {
      which: 'with a defect they do not have',
      simulator: aSimulator('ric', { defects: {} }),
      code: 'SIMULATOR_UNKNOWN',
    },
  ])('$which block every case', async ({ simulator, code }) => {
    const outcome = await execute({
      ...asSubject(simulator, ['slow']),
      cases: [aCase(), aCase({ id: id('C-2') })],
    });
    expect(records().map((record) => record.outcome)).toMatchObject([
      { disposition: 'blocked', reason: { code } },
      { disposition: 'blocked', reason: { code } },
    ]);
    expect(outcome).toMatchObject({ tearDown: { clean: true }, gaveUp: { code } });
  });

  it('that filled a peer and died make the case an error and block the next', async () => {
    const simulator = aSimulator('peer');
    const procedure = after(() => Promise.resolve(void (simulator.running.alive = false)));
    await execute({ ...asPeer(simulator), procedure });
    expect(records().map(({ outcome }) => outcome)).toMatchObject([
      { verdict: 'error', reason: { code: 'SIMULATOR_FAILED' } },
      { disposition: 'blocked', reason: { code: 'SIMULATOR_FAILED' } },
    ]);
    expect(records()[0]?.peers).toEqual([
      { name: 'consumer', filledBy: 'simulator', id: 'peer', version: '9.9' },
    ]);
  });

  it('are not needed where the runner itself is the peer: it says its name and version', async () => {
    await execute({
      assignment: { plan: aPlan({ peers: [{ name: 'consumer', role: 'non-rt-ric', simulator: 'tester' }] }) },
      deps: ({ tools }) => ({ tools: { ...tools, patchbay: '1.2.3' } }),
    });
    expect(records()[0]?.peers).toEqual([
      { name: 'consumer', filledBy: 'tester', id: 'patchbay', version: '1.2.3' },
    ]);
  });

  it('that are the product and died are judged like one', async () => {
    const simulator = aSimulator('ric');
    const procedure = after(() => Promise.resolve(void (simulator.running.alive = false)));
    procedure.judge = () => judgedAs({ status: 'fail' });
    expect(await outcomeOf({ ...asSubject(simulator), procedure })).toMatchObject({
      verdict: 'fail',
      cause: 'product',
    });
  });

  it('that do not stop make the tear-down unclean, with the reason', async () => {
    const simulator = aSimulator('ric', { dispose: () => Promise.reject(new Error('it stays')) });
    const { tearDown } = await execute(asSubject(simulator));
    expect(tearDown).toEqual({ clean: false, reason: { code: 'TEARDOWN_FAILED', text: 'it stays' } });
    expect(records()[0]?.outcome).toMatchObject({ verdict: 'pass' });
  });
});

describe('evidence', () => {
  it('is complete in every record, and clauses point into it', async () => {
    await execute({});
    const [record] = records();
    const exchange = record?.evidence.find(({ role }) => role === 'exchange');
    expect(exchange?.mediaType).toBe('application/x-ndjson');
    const [clause] = record?.outcome.kind === 'judged' ? record.outcome.clauses : [];
    expect(clause?.evidence).toEqual([
      expect.stringMatching(new RegExp(`^${exchange?.digest ?? ''}#t=\\d+\\.\\d{3}$`, 'u')),
    ]);
    expect(await readdir(theRunner().deps.workDir)).toEqual([]);
  });

  it('that cannot be stored makes the case an error', async () => {
    const put = () => Promise.reject(new HarnessError('STORE_FULL', 'no space'));
    const deps: Given['deps'] = ({ evidence: real }) => ({
      evidence: { put: (bytes, about) => (about.role === 'exchange' ? put() : real.put(bytes, about)) },
    });
    await execute({ deps });
    expect(records()[0]?.outcome).toMatchObject({ verdict: 'error', reason: { code: 'STORE_FULL' } });
  });

  it('that cannot be stored at all blocks the run', async () => {
    const evidence = { put: () => Promise.reject(new HarnessError('STORE_FULL', 'no space')) };
    const { gaveUp } = await execute({ deps: () => ({ evidence }) });
    expect(gaveUp?.code).toBe('STORE_FULL');
    expect(records()[0]?.outcome).toMatchObject({ disposition: 'blocked', reason: { code: 'STORE_FULL' } });
  });

  it('is judged again with the same result', async () => {
    const procedure = aProcedure(
      (bench) => {
        bench.stimulated();
        bench.observe('send', 'http', { body: { text: '{"ueId":"001010123456789"}' } });
        return Promise.resolve();
      },
      ({ observations, subjects }) => {
        const sent = (observations[0]?.data as { body: { text: string } }).body.text;
        const known = (subjects[0]?.ixit['policy'] as { text: string }).text;
        return judgedAs({ status: sent === known ? 'pass' : 'fail' }, 1);
      },
    );
    const subjects = [anEquipment({ ixit: { policy: { path: '/x', text: '{"ueId":"001010123456789"}' } } })];
    await execute({ procedure, assignment: { subjects } });
    const [record] = records();
    const stored = (role: string) => record!.evidence.find((item) => item.role === role)!;
    const configuration = JSON.parse(theRunner().text(stored('configuration'))) as { subjects: Equipment[] };
    const again = rejudge(
      { planCase: aCase(), procedure, subjects: configuration.subjects, interfaces: ['a1'] },
      theRunner().bytes.get(stored('exchange').digest)!,
    );
    expect(record?.outcome).toMatchObject({ verdict: 'pass' });
    expect(again.clauses).toMatchObject([{ id: 'status', verdict: 'pass' }]);
    expect(theRunner().text(stored('exchange'))).not.toContain('001010123456789');
  });

  it('says that the wire was captured, or why not', async () => {
    const capture = { start: () => Promise.resolve({ impossible: 'not captured: no dumpcap' }) };
    await execute({ deps: () => ({ capture }) });
    expect(records()[0]?.fitness.checks).toContainEqual({
      id: 'capture',
      fit: true,
      saw: 'not captured: no dumpcap',
    });
  });
});

describe('the sink', () => {
  it('hears of the start of a case before anything is sent', async () => {
    const procedure = aProcedure((bench) => {
      bench.ask('push the button');
      return Promise.resolve();
    });
    await execute({ procedure });
    expect(theRunner().told).toEqual(['started C-1', 'info C-1: push the button', 'record C-1']);
  });

  it('that cannot keep the start ends the run before anything is sent', async () => {
    let driven = false;
    const procedure = aProcedure(() => Promise.resolve(void (driven = true)));
    const deps: Given['deps'] = ({ sink }) => ({
      sink: { ...sink, caseStarted: () => Promise.reject(new HarnessError('STORE_FULL', 'x')) },
    });
    const outcome = await execute({ procedure, deps });
    expect(outcome).toMatchObject({ gaveUp: { code: 'STORE_FULL' }, tearDown: { clean: true } });
    expect(driven).toBe(false);
  });

  it('that is asked to, notes a clock that jumped', async () => {
    let calls = 0;
    const clock = {
      now: () => (Date.UTC(2026, 0, 1) + (calls++ > 1 ? 3_600_000 : 0)) as never,
      elapsedMs: () => 0,
    };
    expect(await outcomeOf({ deps: () => ({ clock }) })).toMatchObject({
      remarks: ['the clock of the runner was moved by 3600000 ms'],
    });
  });
});
