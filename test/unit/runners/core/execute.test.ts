import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Blocked } from '../../../../runners/procedures/procedure.ts';
import type { Equipment } from '../../../../src/domain/equipment.ts';
import type { CaseId, OrganisationId } from '../../../../src/domain/ids.ts';
import type { Verdict } from '../../../../src/domain/verdict.ts';
import { pause } from '../../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../../src/kernel/errors.ts';
import { aCase, anEquipment, aProcedure, judgedAs } from '../../../support/a-procedure.ts';
import {
  after,
  before,
  endExecution,
  execute,
  type Given,
  outcomeOf,
  records,
} from '../../../support/an-execution.ts';

afterEach(endExecution);

const id = (text: string): CaseId => text as CaseId;
const broke = () => Promise.reject(new HarnessError('SIMULATOR_FAILED', 'it broke'));

describe('a case that was driven to its end', () => {
  it.each<[Verdict, string]>([
    ['pass', 'undetermined'],
    ['fail', 'product'],
    ['inconc', 'undetermined'],
    ['none', 'undetermined'],
    ['error', 'harness'],
  ])('has the verdict of its clauses: %s', async (verdict, cause) => {
    const procedure = aProcedure(undefined, () => judgedAs({ status: verdict }));
    const outcome = await outcomeOf({ procedure });
    expect(outcome).toMatchObject({ kind: 'judged', verdict, cause });
    expect(outcome.reason === undefined).toBe(verdict !== 'inconc' && verdict !== 'error');
  });

  it('drops the clauses that the plan does not list', async () => {
    const procedure = aProcedure(undefined, () => judgedAs({ status: 'pass', other: 'fail' }));
    expect(await outcomeOf({ procedure })).toMatchObject({ verdict: 'pass', clauses: [{ id: 'status' }] });
  });

  it('is an error of the plan when the procedure does not judge one of its clauses', async () => {
    const clauses = [
      { id: 'status', expects: 'x' },
      { id: 'more', expects: 'y' },
    ];
    const outcome = await outcomeOf({ cases: [aCase({ clauses })] });
    expect(outcome).toMatchObject({ verdict: 'error', reason: { code: 'PLAN_INVALID' }, cause: 'harness' });
  });

  it('is an error when judging breaks', async () => {
    const procedure = aProcedure(undefined, () => {
      throw new TypeError('cannot read');
    });
    const outcome = await outcomeOf({ procedure });
    expect(outcome).toMatchObject({ verdict: 'error', reason: { code: 'UNEXPECTED' } });
    expect(outcome).toMatchObject({ clauses: [{ id: 'status', verdict: 'none' }] });
  });

  it('has none for a clause that does not apply, and says why', async () => {
    const clauses = [
      { id: 'status', expects: 'x' },
      { id: 'secure', expects: 'y', appliesWhen: { tls: true } },
    ];
    const procedure = aProcedure(undefined, () => judgedAs({ status: 'pass', secure: 'fail' }));
    expect(await outcomeOf({ procedure, cases: [aCase({ clauses })] })).toMatchObject({
      verdict: 'pass',
      clauses: [
        { verdict: 'pass' },
        { verdict: 'none', saw: 'does not apply: the end point does not speak TLS' },
      ],
    });
  });

  it('never fails a product that no stimulus is proven to have reached', async () => {
    const procedure = aProcedure(
      (bench) => Promise.resolve(void bench.observe('send', 'note', 1)),
      () => judgedAs({ status: 'fail' }),
    );
    expect(await outcomeOf({ procedure })).toMatchObject({
      verdict: 'inconc',
      reason: { code: 'CASE_OUTCOME_UNDECIDED' },
      cause: 'undetermined',
    });
  });

  it('blames the product that the judge names', async () => {
    const second = anEquipment({ id: 'other/b' as Equipment['id'], organisation: 'other' as OrganisationId });
    const procedure = aProcedure(undefined, () => ({ ...judgedAs({ status: 'fail' }), attributedTo: 1 }));
    await execute({ procedure, assignment: { subjects: [anEquipment(), second] } });
    expect(records()[0]?.cause).toEqual({ kind: 'product', attributedTo: 'other/b' });
    expect(records()[0]?.peers.map(({ filledBy }) => filledBy)).toEqual(['tester', 'equipment', 'equipment']);
  });
});

describe('a case that broke', () => {
  it.each([
    [
      'before the first stimulus',
      before(new HarnessError('SUT_UNREACHABLE', 'refused')),
      'SUT_UNREACHABLE',
      'testbed',
    ],
    ['before it, unexpectedly', before(new TypeError('x')), 'UNEXPECTED', 'harness'],
    [
      'before it, for want of a parameter',
      aProcedure((bench) => Promise.resolve(void bench.number('no'))),
      'PLAN_INVALID',
      'harness',
    ],
  ] as const)('%s is blocked', async (_, procedure, ...expected) => {
    const [code, cause] = expected;
    const outcome = await outcomeOf({ procedure });
    expect(outcome).toMatchObject({ kind: 'notJudged', disposition: 'blocked', reason: { code }, cause });
  });

  it('after the first stimulus is an error, whatever its clauses would say', async () => {
    const outcome = await outcomeOf({ procedure: after(broke) });
    expect(outcome).toMatchObject({
      verdict: 'error',
      reason: { code: 'SIMULATOR_FAILED' },
      cause: 'harness',
    });
    expect(outcome).toMatchObject({ clauses: [{ verdict: 'none' }] });
  });

  it('because it found itself blocked is not judged, with its own disposition', async () => {
    const blocked = new Blocked({ code: 'ICS_NOT_CLAIMED', text: 'x' }, 'notSupportedByDut');
    const outcome = await outcomeOf({ procedure: before(blocked) });
    expect(outcome).toMatchObject({ disposition: 'notSupportedByDut', cause: 'undetermined' });
  });

  it('has no secret in its reason', async () => {
    const outcome = await outcomeOf({ procedure: before(new Error('got password=swordfish')) });
    expect(JSON.stringify(outcome)).not.toContain('swordfish');
  });
});

describe('a case beyond its limits', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  const forever = (signal: AbortSignal) => pause(1e9, { signal });
  const run = async (given: Given) => {
    const done = outcomeOf(given);
    while (records().length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(1000);
    }
    return done;
  };
  const judged = (verdict: Verdict) => ({ ...after(forever), judge: () => judgedAs({ status: verdict }) });

  it.each<[Verdict, Verdict, string]>([
    ['pass', 'inconc', 'NO_PROGRESS'],
    ['none', 'inconc', 'NO_PROGRESS'],
    ['fail', 'fail', ''],
    ['error', 'error', 'UNEXPECTED'],
  ])('with %s clauses is %s', async (seen, verdict, code) => {
    const outcome = await run({ procedure: judged(seen) });
    expect(outcome).toMatchObject({ verdict, ...(code === '' ? {} : { reason: { code } }) });
  });

  it('is ended by its deadline even when it keeps observing', async () => {
    const procedure = aProcedure(async (bench, { signal }) => {
      bench.stimulated();
      for (;;) {
        bench.observe('wait', 'note', 1);
        await pause(5000, { signal });
      }
    });
    expect(await run({ procedure })).toMatchObject({ verdict: 'inconc', reason: { code: 'DEADLINE' } });
  });

  it('is blocked when nothing had reached the SUT', async () => {
    const procedure = aProcedure((_, { signal }) => forever(signal));
    expect(await run({ procedure })).toMatchObject({
      disposition: 'blocked',
      reason: { code: 'NO_PROGRESS' },
    });
  });

  it('ends the run, unclean, when its procedure does not stop', async () => {
    const deaf = aProcedure(async (bench) => {
      bench.stimulated();
      await new Promise(() => {});
    });
    const done = execute({ procedure: deaf, cases: [aCase(), aCase({ id: id('C-2') })] });
    while (records().length < 2) {
      await new Promise((resolve) => setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(await done).toMatchObject({ tearDown: { clean: false }, gaveUp: { code: 'UNEXPECTED' } });
    expect(records().map(({ outcome }) => outcome)).toMatchObject([
      { verdict: 'inconc' },
      { disposition: 'notRun', reason: { code: 'NOT_REACHED' } },
    ]);
  });
});
