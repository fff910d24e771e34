import { readFile } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { A1_PROCEDURES } from '../../../runners/procedures/a1/procedures.ts';
import { A1_DEFECTS } from '../../../runners/simulators/near-rt-ric/defects.ts';
import { NEAR_RT_RIC } from '../../../runners/simulators/near-rt-ric/simulator.ts';
import type { Json } from '../../../src/kernel/json.ts';
import { aPlan, runCase } from '../../support/bench.ts';
import { equipmentOf } from '../../support/equipment.ts';

const LIMITS = { responseTimeMs: 400, notificationWithinMs: 400, settleMs: 60 };
const signal = new AbortController().signal;

interface Expected {
  readonly defects: Record<string, Record<string, { verdict: string; clauses?: Record<string, string> }>>;
}

async function findings(defects: readonly string[], settings: Record<string, Json>) {
  const plan = await aPlan('a1-producer');
  const dir = await mkdtemp(join(tmpdir(), 'patchbay-ric-'));
  await using running = await NEAR_RT_RIC.start({ defects, settings, dir }, { signal });
  const subjects = [equipmentOf(NEAR_RT_RIC, running)];
  const found: Record<string, unknown> = {};
  for (const one of plan.cases) {
    const procedure = A1_PROCEDURES.find(({ id }) => id === one.procedure)!;
    const { finding, clauses } = await runCase({ case: one, procedure, subjects, parameters: LIMITS });
    const notPassed = Object.entries(clauses).filter(([, verdict]) => verdict !== 'pass');
    if (finding !== 'pass' || notPassed.length > 0)
      found[one.id] = {
        verdict: finding,
        ...(notPassed.length > 0 ? { clauses: Object.fromEntries(notPassed) } : {}),
      };
  }
  return found;
}

describe('a1-producer against the near-RT RIC simulator', async () => {
  const file = new URL('../../../testplans/a1-producer/expected.yaml', import.meta.url);
  const expected = parse(await readFile(file, 'utf8')) as Expected;

  it.each([
    ['HTTP', {}],
    ['HTTPS', { tls: true }],
    ['mutual TLS', { tls: true, mutualTls: true }],
    ['another base path', { basePath: '/deep/er' }],
  ])('passes every clause over %s', async (_, settings) => {
    expect(await findings([], settings)).toEqual({});
  });

  it('expects something of every A1 defect mode', () => {
    expect(Object.keys(expected.defects).sort()).toEqual(Object.keys(A1_DEFECTS).sort());
  });

  it.each(Object.keys(A1_DEFECTS))('finds %s and nothing else', async (defect) => {
    expect(await findings([defect], { slowMs: 700 })).toEqual(expected.defects[defect]);
  });
});
