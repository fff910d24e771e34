import { describe, expect, it } from 'vitest';

import { makeApiClient } from '../../../src/api/client.ts';

const SIGNAL = { signal: new AbortController().signal };

function answering(response: () => Response | Promise<Response>, asked: Request[] = []) {
  const ask: typeof fetch = (input, init) => {
    asked.push(new Request(input, init));
    return Promise.resolve().then(response);
  };
  return makeApiClient({ url: 'https://lab.example/base', token: 'patchbay_a_b', fetch: ask });
}

const problem = (body: object, status = 400) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } });

describe('makeApiClient', () => {
  it('encodes every segment, sends the token, and follows no redirect', async () => {
    const asked: Request[] = [];
    const client = answering(() => Response.json({ ok: 1 }), asked);
    expect(await client.json({ path: ['runs', '../x y'], query: { a: 1, b: undefined } }, SIGNAL)).toEqual({
      ok: 1,
    });
    expect(asked[0]?.url).toBe('https://lab.example/base/api/v1/runs/..%2Fx%20y?a=1');
    expect(asked[0]?.headers.get('authorization')).toBe('Bearer patchbay_a_b');
    expect(asked[0]?.redirect).toBe('error');
  });

  it('throws the code that the orchestrator gave, with every problem', async () => {
    const problems = [{ path: 'body/id', text: 'is wrong' }];
    const client = answering(() => problem({ code: 'INPUT_INVALID', detail: 'mistakes', problems }));
    await expect(client.json({ path: [] }, SIGNAL)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      message: 'mistakes\n  body/id: is wrong',
    });
  });

  it.each([
    ['a page of a proxy', () => new Response('<html>', { status: 502 })],
    ['a code from the future', () => problem({ code: 'NEW_THING', detail: 'x' })],
    ['a problem that is not one', () => problem({ code: 7 })],
    ['an answer that is not JSON', () => new Response('hello')],
  ])('throws ORCHESTRATOR_ANSWER for %s', async (_, response) => {
    await expect(answering(response).json({ path: [] }, SIGNAL)).rejects.toMatchObject({
      code: 'ORCHESTRATOR_ANSWER',
    });
  });

  it('throws ORCHESTRATOR_UNREACHABLE when nobody answers, and the reason of its signal when that aborts', async () => {
    const client = answering(() => Promise.reject(new TypeError('fetch failed')));
    await expect(client.json({ path: [] }, SIGNAL)).rejects.toMatchObject({
      code: 'ORCHESTRATOR_UNREACHABLE',
    });
    const reason = new Error('enough');
    await expect(client.json({ path: [] }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
