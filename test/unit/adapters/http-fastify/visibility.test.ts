import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type FakeHouse, makeFakeHouse } from '../../../support/http/fake-house.ts';
import {
  aCampaign,
  aDigest,
  anItem,
  aRecord,
  aReport,
  aRequest,
  aRun,
  aTestbed,
  LAB,
} from '../../../support/http/things.ts';

const ACME_RUN = aRun();
const RIVAL_RUN = aRun({ id: 'run-2', subjects: ['rival/ric-9'] });
const PAIR_RUN = aRun({ id: 'run-3', subjects: ['acme/ric-1', 'rival/rapp-2'] });

/** Every kind of file that a report has; what opens it is for the lab and these. */
const filesFor = (...organisations: string[]) =>
  Object.fromEntries(
    [
      ...['report.dsse.json', 'test-result.intoto.jsonl', 'sigstore/k.sigstore.json', 'timestamps/k.tsr'],
      ...RENDERINGS,
      ...[LAB, ...organisations].map((one) => `disclosures/${one}.json`),
    ].map((name, at) => [name, aDigest('0123456789abcdef'[at] ?? 'f')]),
  );
const RENDERINGS = [
  ...['report.html', 'report.pdf', 'junit.xml', 'oran-test-results.json', 'ctrf.json'],
  ...['results.csv', 'results.ndjson'],
];
const SIGNED = [
  'report.dsse.json',
  'sigstore/k.sigstore.json',
  'test-result.intoto.jsonl',
  'timestamps/k.tsr',
];
const PAIR = aReport({
  id: 'report-3',
  sut: 'acme.ric-1+rival.rapp-2',
  files: filesFor('acme', 'rival', 'lab-south'),
});

let house: FakeHouse;
beforeAll(async () => {
  house = await makeFakeHouse();
});
beforeEach(() => {
  house.reset();
  house.campaigns.push(aCampaign());
  house.runs.push(ACME_RUN, RIVAL_RUN, PAIR_RUN);
  house.equipment.push(anItem(), anItem({ id: 'rival/ric-9', organisation: 'rival' }));
  house.records.push(aRecord());
  house.testbeds.push(aTestbed());
  house.reports.push(aReport(), aReport({ id: 'report-2', sut: 'rival.ric-9', files: filesFor('rival') }));
  house.reports.push(PAIR);
  house.bytes.set(aDigest('a'), Buffer.from('<html>'));
  house.bytes.set(aDigest('e'), Buffer.from('seen'));
});
afterAll(async () => {
  await house.server[Symbol.asyncDispose]();
});

const get = (organisation: string, url: string) =>
  house.server.inject({ url: `/api/v1${url}`, headers: house.authorize(organisation, 'read') });
const post = (organisation: string, url: string, payload: object = {}) =>
  house.server.inject({
    method: 'POST',
    url: `/api/v1${url}`,
    headers: house.authorize(organisation, 'admin'),
    payload,
  });
async function idsOf(organisation: string, url: string): Promise<readonly string[]> {
  const { items } = (await get(organisation, url)).json<{ items: { id: string }[] }>();
  return items.map(({ id }) => id);
}

describe('the hosting lab', () => {
  it('sees everything', async () => {
    expect(await idsOf(LAB, '/runs')).toEqual(['run-1', 'run-2', 'run-3']);
    expect(await idsOf(LAB, '/equipment')).toEqual(['acme/ric-1', 'rival/ric-9']);
    expect(await idsOf(LAB, `/campaigns/${LAB}/c1/reports`)).toHaveLength(3);
    expect(await idsOf(LAB, '/testbeds')).toEqual([`${LAB}/north-1`]);
  });
});

describe('a vendor', () => {
  it('sees its own equipment, runs and reports, and nothing in which somebody else takes part', async () => {
    expect(await idsOf('acme', '/runs')).toEqual(['run-1']);
    expect(await idsOf('acme', '/equipment')).toEqual(['acme/ric-1']);
    expect(await idsOf('acme', '/equipment?organisation=rival')).toEqual([]);
    expect(await idsOf('acme', `/campaigns/${LAB}/c1/reports`)).toEqual(['report-1', 'report-3']);
    expect(await idsOf('acme', '/campaigns')).toEqual([]);
    expect(await idsOf('acme', `/campaigns?organisation=${LAB}`)).toEqual([]);
    expect(await idsOf('acme', '/testbeds')).toEqual([]);
  });

  it.each([
    '/runs/run-2',
    '/runs/run-3',
    '/runs/run-2/records',
    '/runs/run-2/log',
    `/runs/run-2/evidence/${aDigest('e')}`,
    '/equipment/rival/ric-9',
    '/reports/report-2',
    '/reports/report-3/files/report.html',
    '/reports/report-3/files/disclosures/rival.json',
    '/reports/report-2/files/report.html',
    `/campaigns/${LAB}/c1`,
    `/testbeds/${LAB}/north-1`,
  ])('finds nothing at %s, as if it did not exist', async (url) => {
    expect((await get('acme', url)).json()).toMatchObject({ code: 'NOT_FOUND', status: 404 });
  });

  it('does not get a report whose name could also be that of another SUT', async () => {
    house.runs.push(
      aRun({ id: 'run-4', subjects: ['acme.ric-1/x'] }),
      aRun({ id: 'run-5', subjects: ['acme/ric-1.x'] }),
    );
    house.reports.push(aReport({ id: 'report-4', sut: 'acme.ric-1.x', files: filesFor('acme.ric-1') }));
    expect((await get('acme', '/reports/report-4')).statusCode).toBe(404);
  });

  it.each([
    ['/equipment', anItem({ id: 'rival/ric-9', organisation: 'rival' })],
    ['/equipment', anItem({ id: 'rival/ric-9' })],
    ['/campaigns', aRequest()],
    ['/campaigns', aRequest({ organisation: 'acme', id: 'acme/c', equipment: { ids: ['rival/ric-9'] } })],
    ['/campaigns', aRequest({ organisation: 'acme', id: 'acme/c', equipment: { select: { role: 'smo' } } })],
    ['/testbeds', aTestbed().testbed],
    ['/organisations', { id: 'acme', name: 'Acme', roles: ['lab'] }],
    ['/tokens', { organisation: LAB, scopes: ['admin'], validForMs: null }],
  ])('may not, even as admin, post to %s what is not its own (%#)', async (url, payload) => {
    expect((await post('acme', url, payload)).json()).toMatchObject({ code: 'FORBIDDEN' });
    expect(house.asked).toEqual([]);
  });

  it('does not steer the run of the lab, though it may see it', async () => {
    for (const verb of ['cancel', 'retry'])
      expect((await post('acme', `/runs/run-1/${verb}`)).json()).toMatchObject({ code: 'NOT_FOUND' });
    expect(house.asked).toEqual([]);
  });
});

describe('the files of a report', () => {
  interface Shown {
    readonly id: string;
    readonly sut: string;
    readonly files: Readonly<Record<string, string>>;
  }
  const shown = async (organisation: string, id: string) =>
    (await get(organisation, `/reports/${id}`)).json<Shown>();

  it.each([
    ['acme', 'acme.ric-1+undisclosed'],
    ['rival', 'undisclosed+rival.rapp-2'],
    ['lab-south', 'undisclosed+undisclosed'],
  ])('that %s sees of a pairing name no product of others and show none', async (organisation, sut) => {
    const status = { report: PAIR.id, organisation: LAB, at: 0, reason: 'r', file: aDigest('f') };
    house.statuses.push({ ...status, op: 'amend' } as never);
    const own = [...SIGNED, 'status/amend.dsse.json', `disclosures/${organisation}.json`].sort();
    const one = await shown(organisation, PAIR.id);
    expect({ ...one, files: Object.keys(one.files).sort() }).toMatchObject({ sut, files: own });
    const { items } = (await get(organisation, `/campaigns/${LAB}/c1/reports`)).json<{ items: Shown[] }>();
    expect(items.find(({ id }) => id === PAIR.id)).toEqual(one);
    for (const digest of Object.values(one.files)) house.bytes.set(digest, Buffer.from('bytes'));
    for (const name of ['status/amend.dsse.json', ...Object.keys(PAIR.files)]) {
      const { statusCode } = await get(organisation, `/reports/${PAIR.id}/files/${name}`);
      expect([name, statusCode]).toEqual([name, own.includes(name) ? 200 : 404]);
    }
  });

  it('that may not be seen are missing in the same words as those that are not there', async () => {
    const ask = async (name: string) =>
      (await get('acme', `/reports/${PAIR.id}/files/${name}`)).json<{ detail: string; code: string }>();
    const [hidden, missing] = [await ask('disclosures/rival.json'), await ask('disclosures/nobody.json')];
    expect(hidden.code).toBe('NOT_FOUND');
    expect(hidden.detail).toBe(missing.detail.replace('nobody', 'rival'));
  });

  it('include the renderings for the only vendor, unless its campaign opens less to it', async () => {
    const files = filesFor('acme', 'lab-south');
    const all = { ...files, 'disclosures/acme.json': files[`disclosures/${LAB}.json`] ?? '' };
    const index = house.reports.findIndex(({ id }) => id === 'report-1');
    house.reports[index] = aReport({ files: all });
    const sole = [...SIGNED, ...RENDERINGS, 'disclosures/acme.json'].sort();
    expect(Object.keys((await shown('acme', 'report-1')).files).sort()).toEqual(sole);
    house.reports[index] = aReport({ files });
    const less = [...SIGNED, 'disclosures/acme.json'].sort();
    expect(Object.keys((await shown('acme', 'report-1')).files).sort()).toEqual(less);
  });

  it('do not include renderings for a partner that is no vendor, even if it may open everything', async () => {
    const files = filesFor('acme', 'lab-south');
    const all = { ...files, 'disclosures/lab-south.json': files[`disclosures/${LAB}.json`] ?? '' };
    house.reports.push(aReport({ id: 'report-5', files: all }));
    const own = [...SIGNED, 'disclosures/lab-south.json'].sort();
    expect(Object.keys((await shown('lab-south', 'report-5')).files).sort()).toEqual(own);
  });

  it('are all there for the lab', async () => {
    expect(await shown(LAB, PAIR.id)).toMatchObject({ sut: PAIR.sut, files: PAIR.files });
  });
});

describe('what becomes of a report', () => {
  const amendment = { kind: 'amendment', reason: 'r', overrides: [], opinions: [] };
  const withdrawal = { reason: 'r', by: 'Dr. Who' };

  it('is decided by the lab, with a scope of its own', async () => {
    const ask = ([organisation, scope]: [string, string], verb: string, payload: object) =>
      house.server.inject({
        method: 'POST',
        url: `/api/v1/reports/report-1/${verb}`,
        headers: house.authorize(organisation, scope),
        payload,
      });
    expect((await ask([LAB, 'report:write'], 'amend', amendment)).json()).toMatchObject({ id: 'report-1' });
    expect((await ask([LAB, 'report:write'], 'withdraw', withdrawal)).statusCode).toBe(200);
    expect(house.asked).toEqual([
      ['amendReport', 'report-1', amendment],
      ['withdrawReport', 'report-1', withdrawal],
    ]);
    expect((await ask([LAB, 'campaign:write'], 'withdraw', withdrawal)).statusCode).toBe(403);
    expect((await ask(['acme', 'report:write'], 'withdraw', withdrawal)).statusCode).toBe(403);
    expect((await ask(['beta', 'report:write'], 'amend', amendment)).statusCode).toBe(404);
    const shapeless = { ...amendment, overrides: [{ case: 'a:b', finding: 'good', reason: 'r', by: 'b' }] };
    expect((await ask([LAB, 'report:write'], 'amend', shapeless)).json()).toMatchObject({
      code: 'INPUT_INVALID',
    });
    expect(house.asked).toHaveLength(2);
  });

  it('shows, with the statements about it among its files', async () => {
    const status = { report: 'report-1', organisation: LAB, at: 0, reason: 'r', file: aDigest('a') };
    house.statuses.push({ ...status, op: 'withdraw' } as never);
    const shown = (await get(LAB, '/reports/report-1')).json<{ files: object; standing: string }>();
    expect(shown).toMatchObject({ standing: 'withdrawn', kind: 'original', reason: null });
    expect(shown.files).toHaveProperty(['status/withdraw.dsse.json'], aDigest('a'));
    const file = await get(LAB, '/reports/report-1/files/status/withdraw.dsse.json');
    expect(file.body).toBe('<html>');
    expect((await get(LAB, '/reports/report-2')).json()).toMatchObject({ standing: 'current' });
  });
});

describe('a download', () => {
  it('is bytes that no browser runs, with their digest', async () => {
    const { headers, body } = await get('acme', '/reports/report-1/files/report.html');
    expect(body).toBe('<html>');
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': 'attachment; filename="report.html"',
      'x-content-type-options': 'nosniff',
      etag: `"${aDigest('a')}"`,
    });
    expect(headers['content-security-policy']).toContain('sandbox');
  });

  it.each(['constructor', '../report.html', 'report.html/x', '__proto__'])(
    'of %s finds nothing',
    async (name) => {
      const answer = await get('acme', `/reports/report-1/files/${encodeURIComponent(name)}`);
      expect(answer.statusCode).toBe(404);
    },
  );

  it('of evidence works for those who see the run', async () => {
    const answer = await get('acme', `/runs/run-1/evidence/${aDigest('e')}`);
    expect(answer.body).toBe('seen');
    expect(answer.headers['content-type']).toBe('application/octet-stream');
  });
});
