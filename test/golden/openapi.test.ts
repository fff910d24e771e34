import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type FakeHouse, makeFakeHouse } from '../support/http/fake-house.ts';

interface Operation {
  readonly operationId?: string;
  readonly security?: readonly unknown[];
  readonly responses: Readonly<Record<string, unknown>>;
}
interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

let house: FakeHouse;
let text = '';
let api: OpenApi;
beforeAll(async () => {
  house = await makeFakeHouse();
  const answer = await house.server.inject({ url: '/api/v1/openapi.json' });
  api = answer.json<OpenApi>();
  text = `${JSON.stringify(api, null, 1)}\n`;
});
afterAll(async () => {
  await house.server[Symbol.asyncDispose]();
});

describe('the OpenAPI description', () => {
  it('is the one in test/golden/files/openapi.json', async () => {
    await expect(text).toMatchFileSnapshot('files/openapi.json');
  });

  it('is OpenAPI 3.1, and each operation has a name of its own, a bearer token and refusals', () => {
    expect(api.openapi).toBe('3.1.0');
    const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, operation })),
    );
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain(undefined);
    for (const { path, operation } of operations.filter((one) => one.path.startsWith('/api/'))) {
      expect(operation.security, path).toEqual([{ bearer: [] }]);
      expect(Object.keys(operation.responses), path).toEqual(['200', 'default']);
    }
  });

  it('refers to nothing that is not in it', () => {
    expect(text).not.toContain('"$ref"');
  });
});
