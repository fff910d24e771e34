import { describe, expect, it } from 'vitest';
import {
  isPolicy,
  isPolicyStatus,
  listsExactly,
  listsIds,
  locates,
  type Matcher,
} from '../../../../../runners/interfaces/a1/expect.ts';
import type { HeaderList, HttpExchange, HttpResponse } from '../../../../../runners/interfaces/http/types.ts';
import type { Json } from '../../../../../src/kernel/json.ts';

const url = 'http://h/A1-P/v2/policytypes/t/policies/p%201';
const nothing = { bytes: 0, text: '' };

function matches(matcher: Matcher, { body, headers = [] }: { body?: Json; headers?: HeaderList }): boolean {
  const text = body === undefined ? '' : JSON.stringify(body);
  const response: HttpResponse = {
    status: 200,
    reasonPhrase: '',
    httpVersion: '1.1',
    headers,
    body: { bytes: text.length, text },
  };
  const exchange: HttpExchange = {
    request: { method: 'PUT', url, headers: [], body: nothing },
    delivered: true,
    response,
    failure: null,
    tls: null,
    times: { connectedMs: 1, secureMs: null, sentMs: 1, firstByteMs: 2, endMs: 2 },
  };
  return matcher(response, exchange).ok;
}

describe('locates', () => {
  const policy = locates({ kind: 'policy', type: 't', policy: 'p 1' });

  it.each([
    url,
    '/A1-P/v2/policytypes/t/policies/p%201/',
    'p%201',
    'https://outside.example/ric/policytypes/t/policies/p%201',
    'http://h/A1-P/v2/policytypes/%74/policies/p%201',
  ])('accepts %s', (location) => {
    expect(matches(policy, { headers: [['LOCATION', location]] })).toBe(true);
  });

  it.each(['', '/A1-P/v2/policytypes/t/policies', '/A1-P/v2/policytypes/t/policies/p', 'http://['])(
    'refuses "%s"',
    (location) => {
      expect(matches(policy, { headers: [['Location', location]] })).toBe(false);
    },
  );
});

describe('bodies', () => {
  it('accepts members that were added and refuses a value that was changed', () => {
    const policy = isPolicy({ a: { b: [1] } }, null);
    expect(matches(policy, { body: { a: { b: [1], c: 2 }, d: 3 } })).toBe(true);
    expect(matches(policy, { body: { a: { b: [1, 2] } } })).toBe(false);
    expect(matches(policy, {})).toBe(false);
  });

  it('does not let the schema be left by what was added', () => {
    const schema = { properties: { a: {} }, additionalProperties: false };
    expect(matches(isPolicy({ a: 1 }, schema), { body: { a: 1, b: 2 } })).toBe(false);
  });

  it('looks at our ids in a list, in any order, and not at those of others', () => {
    expect(matches(listsIds({ present: ['b', 'a'], absent: ['x'] }), { body: ['a', 'z', 'b'] })).toBe(true);
    expect(matches(listsIds({ absent: ['x'] }), { body: ['x'] })).toBe(false);
    expect(matches(listsExactly(['a']), { body: ['a', 'b'] })).toBe(false);
    expect(matches(listsIds({}), { body: { ids: [] } })).toBe(false);
  });

  it('holds a status against its schema, or against the words of the standard', () => {
    expect(isPolicyStatus({ enforceStatus: 'ENFORCED' }, null).ok).toBe(true);
    expect(isPolicyStatus({ enforceStatus: 'maybe' }, null).ok).toBe(false);
    expect(isPolicyStatus({}, { required: ['enforceStatus'] }).ok).toBe(false);
    expect(isPolicyStatus([], null).ok).toBe(false);
  });
});
