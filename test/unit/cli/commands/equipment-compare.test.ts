import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../../../support/run-cli.ts';
import { scratchFolder } from '../../../support/scratch.ts';

const RIC = { id: 'ric-1', role: 'near-rt-ric' };
const NODE = { id: 'gnb-1', role: 'gnb' };

/** What `equipment compare` says of a RIC and a node with these versions of E2SM-KPM. */
async function compare(ricKpm: string, nodeKpm: string, ...options: readonly string[]) {
  await using folder = await scratchFolder();
  const files = await Promise.all(
    [
      { ...RIC, kpm: ricKpm },
      { ...NODE, kpm: nodeKpm },
    ].map(async ({ kpm, ...item }) => {
      const path = join(folder.path, `${item.id}.json`);
      const endpoint = { host: '192.0.2.1', port: 36_421 };
      const equipment = { apiVersion: 'patchbay/v1', kind: 'Equipment', organisation: 'acme', ...item };
      const rest = { product: { name: item.id }, interfaces: { e2: { endpoint } }, ics: { 'e2.kpm': kpm } };
      await writeFile(path, JSON.stringify({ ...equipment, ...rest }));
      return path;
    }),
  );
  return await runCli('equipment', 'compare', ...files, ...options);
}

it('refuses 4 octets of time where 8 are expected, and says what each side claims', async () => {
  const { stdout, code } = await compare('v2.03', 'v3.00');
  expect(code).toBe(1);
  expect(stdout).toMatch(/refuse +KPM_TIME_STAMP_MISMATCH/u);
  expect(stdout).toMatch(/RIC: .*4/u);
  expect(stdout).toMatch(/node: .*8/u);
});

it('finds nothing between products that fit', async () => {
  const { stdout, code } = await compare('v3.00', 'v3.00');
  expect(code).toBe(0);
  expect(stdout).toContain('acme/ric-1 and acme/gnb-1: nothing stands between them');
});

it('prints the same as JSON', async () => {
  const { stdout, code } = await compare('v2.03', 'v3.00', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{ ric: 'acme/ric-1', node: 'acme/gnb-1', messages: null },
    findings: expect.arrayContaining([
      expect.objectContaining({ severity: 'refuse', code: 'KPM_TIME_STAMP_MISMATCH' }),
    ]) as unknown,
  });
});

it('wants two files', async () => {
  await expect(runCli('equipment', 'compare', 'one.yaml')).rejects.toMatchObject({ code: 'WRONG_USE' });
});
