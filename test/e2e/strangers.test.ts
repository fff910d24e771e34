import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTestPki } from '../../runners/interfaces/tls/test-pki.ts';
import type { CaseRecord } from '../../src/domain/case-record.ts';
import type { Equipment } from '../../src/domain/equipment.ts';
import type { Json } from '../../src/kernel/json.ts';
import { Teardown } from '../../src/kernel/teardown.ts';
import { type House, openHouse, shippedPlan, withParameters } from '../support/e2e-house.ts';
import { scratchFolder } from '../support/scratch.ts';
import { startStranger, type StrangerName, STRANGERS } from '../support/stranger.ts';
import { anEquipment } from '../support/things.ts';

const WITHIN_MS = 240_000;
const PYTHON = spawnSync('python3', ['--version']).status === 0;
const BODIES: Readonly<Record<StrangerName, Json>> = {
  python: {
    valid: { scope: { slice: 'slice-1' }, rate: 10, note: 'ü' },
    update: { scope: { slice: 'slice-1' }, rate: 20.5 },
    invalid: { scope: { slice: 'slice-1' }, rate: 'fast' },
  },
  node: {
    valid: { ueId: 'ue-0001', allow: true },
    update: { ueId: 'ue-0001', allow: false, cells: [7] },
    invalid: { ueId: 'ue-0001' },
  },
};

interface Row {
  readonly name: string;
  readonly fault?: string;
  readonly basePath?: string;
  readonly https?: boolean;
  /** Without bodies in the equipment file they follow from the schema that the product shows. */
  readonly bodies?: false;
  /** `case/clause` that must fail, and nothing else; with what must have been seen. */
  readonly fails: readonly (readonly [clause: string, saw: RegExp])[];
  /** Cases that are not judged. */
  readonly blocked?: readonly string[];
}

const ALL = ['A1-001', 'A1-002', 'A1-003', 'A1-004', 'A1-005', 'A1-006', 'A1-007', 'A1-008'];

const RIGHT: readonly Row[] = [
  { name: 'right', fails: [] },
  { name: 'right, with nothing but the schema to go by', bodies: false, fails: [] },
  { name: 'right, over HTTPS with a CA of its own', https: true, basePath: '/ric/v1/A1-P/v2', fails: [] },
  { name: 'right, at the root', basePath: '/', fails: [] },
];

const FAULTS: readonly Row[] = [
  fault('200-for-created', ['A1-003/status', /HTTP 200/u], ['A1-008/created', /HTTP 200/u]),
  fault('no-location', ['A1-003/location', /no Location/u]),
  fault('wrong-location', ['A1-003/location', /something else/u]),
  fault('no-body', ['A1-003/body', /no body/u], ['A1-006/body', /no body/u]),
  fault(
    'accepts-bad',
    ['A1-004/schema-error', /HTTP 201/u],
    ['A1-004/nothing-created', /in the list/u],
    ['A1-006/refused', /HTTP 200/u],
    ['A1-006/kept', /not the policy as before/u],
  ),
  fault(
    'keeps-bad',
    ['A1-004/nothing-created', /in the list/u],
    ['A1-006/kept', /not the policy as before/u],
  ),
  fault('422-for-bad', ['A1-004/schema-error', /HTTP 422/u], ['A1-006/refused', /HTTP 422/u]),
  fault('update-ignored', ['A1-006/readback', /another policy/u]),
  fault(
    'loses-a-member',
    ['A1-003/readback', /another/u],
    ['A1-005/read', /another/u],
    ['A1-006/readback', /another/u],
  ),
  fault('deletes-but-lists', ['A1-007/unlisted', /is in the list/u]),
  fault('delete-200', ['A1-007/status', /HTTP 200/u], ['A1-007/empty-body', /a body of/u]),
  fault(
    '500-for-unknown',
    ['A1-002/unknown-status', /HTTP 500/u],
    ['A1-004/unknown-type', /HTTP 500/u],
    ['A1-005/list-unknown-type', /HTTP 500/u],
    ['A1-005/read-unknown', /HTTP 500/u],
    ['A1-005/status-unknown', /HTTP 500/u],
    ['A1-007/gone', /HTTP 500/u],
    ['A1-007/again', /HTTP 500/u],
  ),
  fault('list-of-objects', ['A1-001/shape', /array of ids/u], ['A1-001/all', /array of ids/u]),
  fault('status-is-text', ['A1-005/status', /no JSON object/u]),
  fault('status-without-state', ['A1-005/status', /status schema refuses|unknown enforceStatus/u]),
  fault(
    'wrong-content-type',
    ['A1-001/shape', /text\/html/u],
    ['A1-002/known-body', /text\/html/u],
    ['A1-003/body', /text\/html/u],
    ['A1-003/readback', /text\/html/u],
    ['A1-005/list-none', /text\/html/u],
    ['A1-005/list-one', /text\/html/u],
    ['A1-005/list-many', /text\/html/u],
    ['A1-005/read', /text\/html/u],
    ['A1-005/status', /text\/html/u],
    ['A1-006/body', /text\/html/u],
    ['A1-006/readback', /text\/html/u],
  ),
  fault('never-notifies', ['A1-008/to-a', /no notification/u], ['A1-008/to-b', /no notification/u]),
  fault('notifies-old', ['A1-008/to-b', /old destination/u]),
  fault('notifies-after-removal', ['A1-008/to-nowhere', /after the destination was removed/u]),
  fault('notifies-by-put', ['A1-008/notification', /PUT instead of POST/u]),
  fault('notifies-rubbish', ['A1-008/notification', /no JSON object|schema refuses/u]),
  fault('never-answers', ...ALL.map((id) => [`${id}/answered`, /timeout/u] as const)),
  fault('cut-off', ...ALL.map((id) => [`${id}/answered`, /reset/u] as const)),
  {
    ...fault('dies-mid-case', ['A1-003/answered', /reset/u]),
    blocked: ['A1-004', 'A1-005', 'A1-006', 'A1-007', 'A1-008'],
  },
];

/** What only one of them can do wrong. */
const OWN: Readonly<Record<StrangerName, readonly Row[]>> = {
  python: [fault('body-with-204', ['A1-007/empty-body', /a body of/u])],
  node: [],
};

function fault(name: string, ...fails: Row['fails']): Row {
  return { name, fault: name, fails };
}

let house: House;

beforeAll(async () => {
  house = await openHouse({ slots: 4 });
});

afterAll(async () => {
  await house[Symbol.asyncDispose]();
});

/** In the suite the two share the faults; `npm run strangers` shows every fault to both. */
const EVERYTHING = process.env['PATCHBAY_STRANGERS'] === 'all';

describe.each(['python', 'node'] as const)('a1-producer on a stranger in %s (needs it)', (stranger) => {
  const share = FAULTS.filter((_, index) => EVERYTHING || index % 2 === (stranger === 'python' ? 0 : 1));
  const rows = [...RIGHT, ...share, ...OWN[stranger]];
  const runnable = stranger !== 'python' || PYTHON;
  let records: ReadonlyMap<string, readonly CaseRecord[]>;

  beforeAll(async () => {
    if (!runnable) return;
    await using undo = new Teardown();
    const { path } = undo.use(await scratchFolder());
    const { plan } = await shippedPlan('a1-producer');
    const short = { responseTimeMs: 1500, notificationWithinMs: 1500, settleMs: 400 };
    const suts = [];
    for (const [index, row] of rows.entries()) {
      const dir = join(path, String(index));
      await mkdir(dir);
      suts.push({ name: row.name, subjects: [await settle(stranger, { row, dir, index }, undo)] });
    }
    records = await house.test(withParameters(plan, short), suts);
  }, WITHIN_MS);

  it.skipIf(!runnable).each(rows)(
    '$name: fails exactly where it is wrong',
    ({ name, fails, blocked = [] }) => {
      const all = records.get(name) ?? [];
      const failed = all.flatMap(({ case: id, outcome }) =>
        outcome.kind === 'judged'
          ? outcome.clauses
              .filter(({ verdict }) => verdict !== 'pass' && verdict !== 'none')
              .map((clause) => `${id}/${clause.id} ${clause.verdict}: ${clause.saw ?? ''}`)
          : [],
      );
      expect(failed).toEqual(
        fails.map(
          ([clause, saw]) =>
            expect.stringMatching(new RegExp(`^${clause} fail: .*(?:${saw.source})`, 'u')) as string,
        ),
      );
      expect(all.filter(({ outcome }) => outcome.kind !== 'judged').map((record) => record.case)).toEqual(
        blocked,
      );
      expect(all.map((record) => record.case)).toEqual(ALL);
    },
  );

  it.skipIf(!runnable).each(RIGHT)('$name: leaves open only what nobody arranged', ({ name }) => {
    const open = (records.get(name) ?? []).flatMap(({ case: id, outcome }) =>
      outcome.kind === 'judged'
        ? outcome.clauses.filter(({ verdict }) => verdict === 'none').map((clause) => `${id}/${clause.id}`)
        : [`${id}: ${outcome.reason.text}`],
    );
    expect(open).toEqual(['A1-001/none', 'A1-001/one']);
  });
});

interface Settling {
  readonly row: Row;
  readonly dir: string;
  readonly index: number;
}

/** Starts the stranger and writes down what its vendor would say of it; states are arranged by hand, if at all. */
async function settle(name: StrangerName, { row, dir, index }: Settling, undo: Teardown): Promise<Equipment> {
  const { fault: wrong, https = false, basePath = '/A1-P/v2' } = row;
  const pki = https ? await makeCertificate(dir) : null;
  const { port } = undo.use(
    await startStranger(name, {
      dir,
      basePath,
      ...(wrong === undefined ? {} : { fault: wrong }),
      ...(pki === null ? {} : { tls: pki }),
    }),
  );
  const { type } = STRANGERS[name];
  return anEquipment(`vendor/${name}-${index}`, {
    interfaces: {
      a1: {
        endpoint: { url: `${https ? 'https' : 'http'}://127.0.0.1:${port}`, basePath },
        ...(pki === null ? {} : { tls: { serverCa: { path: 'ca.pem', text: pki.ca } } }),
      },
    },
    ics: { 'a1.policyTypes': [type], 'a1.statusNotification': true },
    ixit: {
      'a1.prepare': 'manual',
      'a1.notifiesOnCreate': true,
      ...(row.bodies === false ? {} : { 'a1.policies': { [type]: BODIES[name] } }),
    },
  });
}

async function makeCertificate(dir: string): Promise<{ ca: string; certificate: string; key: string }> {
  const { ca, server } = await makeTestPki({ now: Date.now() });
  const certificate = join(dir, 'server.pem');
  const key = join(dir, 'server.key');
  await writeFile(certificate, server.certificate);
  await writeFile(key, server.key);
  return { ca, certificate, key };
}
