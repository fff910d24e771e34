import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type FakeHouse, makeFakeHouse } from '../../../support/http/fake-house.ts';
import { aPlan, aRequest, aRun, anItem, LAB } from '../../../support/http/things.ts';

let house: FakeHouse;
beforeAll(async () => {
  house = await makeFakeHouse();
});
beforeEach(() => {
  house.reset();
});
afterAll(async () => {
  await house.server[Symbol.asyncDispose]();
});

describe('a request', () => {
  it('needs a token', async () => {
    for (const authorization of [
      undefined,
      'Bearer x',
      'Basic YTpi',
      `Bearer patchbay_x_${'y'.repeat(43)}`,
    ]) {
      const answer = await house.server.inject({
        url: '/api/v1/campaigns',
        headers: authorization === undefined ? {} : { authorization },
      });
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toContain('Bearer');
      expect(answer.headers['content-type']).toContain('application/problem+json');
      expect(answer.json()).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });
    }
  });

  it('needs the scope of the route; admin has all', async () => {
    const payload = aRequest();
    const post = (headers: object) =>
      house.server.inject({ method: 'POST', url: '/api/v1/campaigns', headers: { ...headers }, payload });
    expect((await post(house.authorize(LAB, 'read', 'equipment:write'))).json()).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await post(house.authorize(LAB, 'campaign:write'))).statusCode).toBe(200);
    expect((await post(house.authorize(LAB, 'admin'))).statusCode).toBe(200);
  });

  it('with unknown fields, wrong types or missing fields is refused, every problem named', async () => {
    const answer = await house.server.inject({
      method: 'POST',
      url: '/api/v1/campaigns',
      headers: house.authorize(LAB, 'admin'),
      payload: { ...aRequest({ priority: 'urgent' }), coverage: undefined, prioritty: 'high' },
    });
    expect(answer.statusCode).toBe(400);
    const { problems } = answer.json<{ problems: { path: string; text: string }[] }>();
    expect(problems).toContainEqual({ path: 'body', text: 'unknown field "prioritty"' });
    expect(problems.map(({ path }) => path)).toContain('body/priority');
    expect(problems.map(({ text }) => text).join()).toContain("'coverage'");
    expect(house.asked).toEqual([]);
  });

  it.each([
    ['/api/v1/runs?limitt=3', 400, 'INPUT_INVALID'],
    ['/api/v1/runs?limit=0', 400, 'INPUT_INVALID'],
    ['/api/v1/runs?limit=501', 400, 'INPUT_INVALID'],
    ['/api/v1/campaigns/Lab/c1', 400, 'INPUT_INVALID'],
    ['/api/v1/nothing', 404, 'NOT_FOUND'],
    ['/api/v1/runs/none', 404, 'NOT_FOUND'],
    ['/api/v1/runs/%zz', 400, 'INPUT_INVALID'],
    [`/api/v1/runs/${'x'.repeat(600)}`, 400, 'INPUT_INVALID'],
  ])('for %s gets %i %s', async (url, status, code) => {
    const answer = await house.server.inject({ url, headers: house.authorize(LAB, 'read') });
    expect(answer.json()).toMatchObject({ status, code });
    expect(answer.statusCode).toBe(status);
  });

  it('with another method gets 405 and Allow', async () => {
    const answer = await house.server.inject({ method: 'DELETE', url: '/api/v1/campaigns' });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers['allow']).toBe('GET, HEAD, POST');
    expect(answer.json()).toMatchObject({ code: 'METHOD_NOT_ALLOWED' });
  });

  it.each([
    ['text/xml', '<a/>', 415, 'MEDIA_TYPE'],
    ['application/json', '{"a":', 400, 'INPUT_INVALID'],
    ['application/json', '{"__proto__":{"x":1}}', 400, 'INPUT_INVALID'],
    ['application/json', `"${'x'.repeat(2 * 1024 * 1024)}"`, 413, 'INPUT_TOO_LARGE'],
    ['application/json', `${'['.repeat(5000)}${']'.repeat(5000)}`, 400, 'INPUT_INVALID'],
  ])('with a bad body (%s, %#) gets a coded refusal', async (...[type, payload, status, code]) => {
    const answer = await house.server.inject({
      method: 'POST',
      url: '/api/v1/equipment',
      headers: { ...house.authorize(LAB, 'admin'), 'content-type': type },
      payload,
    });
    expect(answer.json()).toMatchObject({ status, code });
  });

  it('that breaks something of ours gets a code and no details; the details are in the log', async () => {
    const headers = house.authorize(LAB, 'read');
    house.breakPart('store');
    const answer = await house.server.inject({ url: '/api/v1/campaigns', headers });
    expect(answer.statusCode).toBe(503);
    expect(answer.body).not.toContain('10.0.0.5');
    expect(answer.json()).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(house.logged.find(({ fields }) => fields['event'] === 'http.broken')?.fields).toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
  });

  it('may come only so often', async () => {
    const strict = await makeFakeHouse({ requestsPerMinute: 3 });
    const statuses: number[] = [];
    for (let n = 0; n < 5; n += 1)
      statuses.push((await strict.server.inject({ url: '/api/v1/openapi.json' })).statusCode);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect((await strict.server.inject({ url: '/healthz' })).statusCode).toBe(200);
    await strict.server[Symbol.asyncDispose]();
  });

  it('reaches the use case as the domain says it', async () => {
    const headers = house.authorize(LAB, 'admin');
    const post = (url: string, payload: object) =>
      house.server.inject({ method: 'POST', url: `/api/v1${url}`, headers, payload });
    house.runs.push(aRun());
    const window = { from: '2026-11-23T08:00Z', to: '2026-11-27T18:00:00.5Z' };
    await post('/campaigns', aRequest({ window }));
    await post('/equipment', anItem());
    await post('/plans', aPlan());
    await post('/runs/run-1/cancel', { force: true, text: 'enough' });
    await post('/tokens', { organisation: 'acme', scopes: ['read'], validForMs: null });
    expect(house.asked).toEqual([
      [
        'submitCampaign',
        aRequest({ window: { from: Date.UTC(2026, 10, 23, 8), to: Date.UTC(2026, 10, 27, 18, 0, 0, 500) } }),
      ],
      ['submitEquipment', anItem()],
      ['publishPlan', aPlan()],
      ['cancelRun', 'run-1', { force: true, text: 'enough' }],
      ['createApiToken', { organisation: 'acme', scopes: ['read'], validForMs: null }],
    ]);
  });

  it.each([
    [{ from: '2026-02-30T08:00Z', to: 'soon' }],
    [{ from: '2026-99-99T08:00Z', to: '2026-11-27T18:00Z' }],
    [{ from: '2026-11-28T08:00Z', to: '2026-11-27T18:00Z' }],
  ])('with an impossible window is refused', async (window) => {
    const answer = await house.server.inject({
      method: 'POST',
      url: '/api/v1/campaigns',
      headers: house.authorize(LAB, 'admin'),
      payload: aRequest({ window }),
    });
    expect(answer.json()).toMatchObject({ code: 'INPUT_INVALID' });
  });

  it.each([
    ['a rule over clauses that are not there', { rule: 'status and other' }],
    ['a case that builds on a later one', { requires: ['A1-009'] }],
  ])('with a plan that has %s is refused', async (_, changes) => {
    const [planCase] = aPlan().cases;
    const answer = await house.server.inject({
      method: 'POST',
      url: '/api/v1/plans',
      headers: house.authorize(LAB, 'admin'),
      payload: aPlan({ cases: [{ ...planCase, ...changes }] }),
    });
    expect(answer.json()).toMatchObject({ code: 'PLAN_INVALID', status: 422 });
  });
});

describe('/healthz', () => {
  it('says that all parts answer', async () => {
    const answer = await house.server.inject({ url: '/healthz' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      healthy: true,
      version: '9.9.9',
      parts: { store: { ok: true, backend: 'pglite' }, queue: { ok: true, backend: 'redis' } },
    });
  });

  it.each(['store', 'queue'] as const)('names the %s when it does not answer', async (part) => {
    house.breakPart(part);
    const answer = await house.server.inject({ url: '/healthz' });
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ healthy: false, parts: { [part]: { ok: false } } });
  });
});

describe('/metrics', () => {
  it('counts runs, campaigns, ticks, runners and requests', async () => {
    await house.server.inject({ url: '/healthz' });
    const { body } = await house.server.inject({ url: '/metrics' });
    for (const line of [
      'patchbay_runs{state="running"} 2',
      'patchbay_runs{state="lost"} 0',
      'patchbay_campaigns{state="active"} 1',
      'patchbay_queue_depth 7',
      'patchbay_runners_attached 0',
      'patchbay_info{version="9.9.9",store="pglite",queue="redis"} 1',
    ])
      expect(body).toContain(line);
    expect(body).toMatch(
      /patchbay_http_request_duration_seconds_count\{method="GET",route="\/healthz",status="200"\} [1-9]/u,
    );
  });

  it('still answers when the store does not, and counts that', async () => {
    house.breakPart('store');
    const { body, statusCode } = await house.server.inject({ url: '/metrics' });
    expect(statusCode).toBe(200);
    expect(body).toContain('patchbay_scrape_failures_total{part="store"} 1');
  });
});
