import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { CampaignId } from '../../../src/domain/ids.ts';
import { type CampaignHouse, FAIL, openCampaignHouse, PASS } from '../../support/campaign-house.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { LAB } from '../../support/things.ts';
import { ACCEPTED, CO_SIGNER, keyidIn, patchbay, put, refusalOf } from '../../support/two-labs.ts';

afterEach(() => {
  vi.useRealTimers();
});

it('the report of a whole campaign is co-signed by another lab that sees it all', async () => {
  await using house = await openCampaignHouse();
  await using scratch = await scratchFolder();
  vi.useFakeTimers({ toFake: ['Date'], now: house.clock.now() });
  const at = (name: string): string => join(scratch.path, name);
  await patchbay('keys', 'init', '--lab', CO_SIGNER, '--dir', at('keys'));
  await patchbay('keys', 'export', '--dir', at('keys'), '--out', at('trust'));
  for (const [path, bytes] of house.trust) await put(join(at('trust'), path), bytes);
  const keyid = await keyidIn(at('keys'), 'report-system');
  const id = await house.submit({ coSigners: [{ lab: CO_SIGNER, keyid, scope: ['*'] }] });
  for (const run of await house.runs(id)) await house.play(run.id, { 'T-001': PASS, 'T-002': FAIL });
  await writeBundle(house, id, at('bundle'));
  const trust = ['--trust', at('trust')];
  const steps = [
    ['cosign', 'request', at('bundle'), '--for', CO_SIGNER, '--out', at('request.json')],
    ['cosign', 'sign', at('request.json'), ...trust, '--keys', at('keys'), '--out', at('sig.json')],
    ['cosign', 'merge', at('bundle/report.dsse.json'), at('sig.json'), ...trust, '--bundle', at('bundle')],
  ];
  for (const step of steps) expect(await refusalOf(...step)).toBe(ACCEPTED);
  const { stdout } = await patchbay('cosign', 'check', at('request.json'), ...trust, '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    status: 'checked',
    recomputed: [{ finding: 'pass' }, { finding: 'fail' }],
    undisclosed: { cases: [], sections: [], inside: 0 },
  });
  expect(await refusalOf('verify', at('bundle/report.dsse.json'), ...trust)).toBe(ACCEPTED);
  expect(await readdir(at('bundle/sigstore'))).toContain(`${keyid}.sigstore.json`);
});

async function writeBundle(house: CampaignHouse, id: CampaignId, dir: string): Promise<void> {
  const [report] = await house.store.reports(id);
  expect(Object.keys(report?.files ?? {})).toContain(`disclosures/${LAB}.json`);
  for (const [name, digest] of Object.entries(report?.files ?? {}))
    await put(join(dir, name), await house.evidence.get(digest));
}
