import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type FakeHouse, makeFakeHouse } from '../../../support/http/fake-house.ts';
import { aCampaign, LAB } from '../../../support/http/things.ts';

const BYTES = Buffer.from([0, 0xff, 0x3c]);
const aBody = (changes: object = {}) => ({
  ...{ format: 'junit', origin: 'Lab West', content: BYTES.toString('base64'), sut: null, map: {} },
  ...changes,
});

let house: FakeHouse;
beforeAll(async () => {
  house = await makeFakeHouse();
});
beforeEach(() => {
  house.reset();
  house.campaigns.push(aCampaign());
});
afterAll(async () => {
  await house.server[Symbol.asyncDispose]();
});

const post = (payload: object, [organisation, scope] = [LAB, 'report:write'], headers: object = {}) =>
  house.server.inject({
    method: 'POST',
    url: `/api/v1/campaigns/${LAB}/c1/imports`,
    headers: { ...house.authorize(organisation, scope), ...headers },
    payload,
  });

describe('importing results of another harness', () => {
  it('hands on the bytes as they came, and shows what was taken', async () => {
    const answer = await post(aBody({ sut: 'a.b', map: { 's/x': 'a1-producer:A1-003#2' } }));
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      ...{ id: 'import-1', campaign: `${LAB}/c1`, sut: 'a.b', format: 'junit', origin: 'Lab West' },
      ...{ digest: `sha256:${'d'.repeat(64)}`, bytes: 3, importedAt: '2026-01-02T03:04:05.000Z' },
      ...{ cases: [], remarks: [] },
    });
    const wish = { format: 'junit', origin: 'Lab West', sut: 'a.b', map: { 's/x': 'a1-producer:A1-003#2' } };
    expect(house.asked).toEqual([['importResults', `${LAB}/c1`, { ...wish, bytes: BYTES }]]);
  });

  it.each([
    ['a vendor, even with the scope', ['acme', 'report:write']],
    ['a vendor that is admin of itself', ['acme', 'admin']],
    ['the lab without the scope', [LAB, 'campaign:write']],
  ])('is forbidden to %s', async (_, who) => {
    const answer = await post(aBody(), who as [string, string]);
    expect(answer.json()).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    expect(house.asked).toEqual([]);
  });

  it.each([
    ['no base64', { content: '%%%' }],
    ['base64 of URLs', { content: 'A-_A' }],
    ['a format that nobody reads', { format: 'xunit' }],
    ['no origin', { origin: '' }],
    ['an origin without end', { origin: 'x'.repeat(1001) }],
    ['no SUT and not null either', { sut: undefined }],
    ['a map to what is no case number', { map: { x: 'not a case' } }],
    ['a member that nobody knows', { also: 1 }],
  ])('refuses %s', async (_, changes) => {
    const answer = await post(aBody(changes));
    expect(answer.json()).toMatchObject({ status: 400, code: 'INPUT_INVALID' });
    expect(house.asked).toEqual([]);
  });

  it('refuses a body beyond the limit by what it says of its length, without reading it', async () => {
    const answer = await post(aBody(), [LAB, 'report:write'], { 'content-length': '30000000' });
    expect(answer.json()).toMatchObject({ status: 413, code: 'INPUT_TOO_LARGE' });
    expect(house.asked).toEqual([]);
  });
});
