import type { HttpExchange, HttpRequest } from '../../interfaces/http/types.ts';
import type { PolicySample } from './policy-sample.ts';
import { hasStatus } from './seen-exchanges.ts';

/** What an attack is aimed at. */
export interface AttackGround {
  /** URL of the API root. */
  readonly root: string;
  /** URL of the list of policies of one type. */
  readonly policies: string;
  /** Absent: the tester knows no policy that the product accepts. */
  readonly sample?: PolicySample;
  readonly oversizeBytes: number;
  readonly nestingCount: number;
}

/** One request that a product has to turn down. */
export interface Attack {
  readonly step: string;
  /** The clause it counts for. */
  readonly clause: AttackClause;
  /** Undefined when it cannot be made, for want of a policy that would otherwise be accepted. */
  readonly request: (ground: AttackGround) => HttpRequest | undefined;
  /** Whether it was turned down as it should be. */
  readonly isRight: (exchange: HttpExchange) => boolean;
}

export const ATTACK_CLAUSES = [
  'malformed-body',
  'injection',
  'media-type',
  'encodings',
  'methods',
  'framing',
  'oversize',
] as const;
export type AttackClause = (typeof ATTACK_CLAUSES)[number];

/** What an attack on a policy would create, if it were let through. */
export const ATTACKED_POLICY = 'patchbay-attack';
const JSON_TYPE = ['Content-Type', 'application/json'] as const;
/** An odd number of bytes of no UTF-8 in a string of JSON. */
const NOT_UTF8 = Buffer.concat([
  Buffer.from('{"scope":"'),
  Buffer.from([0xc3, 0x28, 0xff]),
  Buffer.from('"}'),
]);
const INJECTIONS: Readonly<Record<string, string>> = {
  sql: `' OR '1'='1' --`,
  shell: '$(id);`id`|id',
  traversal: '../../../../etc/passwd',
  script: '<script>alert(1)</script>',
  lookup: '${jndi:ldap://127.0.0.1/patchbay}',
  'null-byte': 'policy\u0000.json',
  'line-break': 'policy\r\nX-Injected: yes',
};

/** Turned down as the client's mistake. @see RFC 9110 §15.5 */
function isClientError({ response }: HttpExchange): boolean {
  return response !== null && response.status >= 400 && response.status < 500;
}

/** A server may also close on a request that it cannot or need not read to its end (RFC 9110 §15.5.14, RFC 9112 §6.3). */
function isClientErrorOrClosed(exchange: HttpExchange): boolean {
  return isClientError(exchange) || (exchange.delivered && exchange.failure?.kind === 'reset');
}

const put =
  (
    body: (ground: AttackGround) => Uint8Array | string | undefined,
    headers = [JSON_TYPE] as HttpRequest['headers'],
  ) =>
  (ground: AttackGround): HttpRequest | undefined => {
    const bytes = body(ground);
    const url = `${ground.policies}/${ATTACKED_POLICY}`;
    return bytes === undefined ? undefined : { method: 'PUT', url, headers: headers ?? [], body: bytes };
  };

const malformed = (name: string, body: Parameters<typeof put>[0]): Attack => ({
  step: `malformed-${name}`,
  clause: 'malformed-body',
  request: put(body),
  isRight: isClientError,
});

const MALFORMED: readonly Attack[] = [
  malformed('truncated', ({ sample }) => (sample?.valid ?? '{"scope":{}}').trimEnd().slice(0, -1)),
  malformed('no-json', () => 'this is no JSON'),
  malformed('empty', () => ''),
  malformed('array', ({ sample }) => `[${sample?.valid ?? '{}'}]`),
  malformed('string', () => '"policy"'),
  malformed('number', () => '1e400'),
  malformed('null', () => 'null'),
  malformed('wrong-types', ({ sample }) => sample?.invalid),
  malformed('prototype', () => '{"__proto__":{"enforceStatus":"ENFORCED"},"constructor":{"prototype":{}}}'),
  malformed('nested', ({ nestingCount }) => '['.repeat(nestingCount) + ']'.repeat(nestingCount)),
];

/** Asked for as the id of a policy that does not exist: whatever is done with the text, there is nothing to be found. */
const INJECTION: readonly Attack[] = Object.entries(INJECTIONS).flatMap(([name, text]): readonly Attack[] => [
  {
    step: `injection-policy-${name}`,
    clause: 'injection',
    request: ({ policies }) => ({ method: 'GET', url: `${policies}/${encodeURIComponent(text)}` }),
    isRight: isClientError,
  },
  {
    step: `injection-type-${name}`,
    clause: 'injection',
    request: ({ root }) => ({ method: 'GET', url: `${root}/policytypes/${encodeURIComponent(text)}` }),
    isRight: isClientError,
  },
  {
    step: `injection-body-${name}`,
    clause: 'injection',
    request: put(() => JSON.stringify({ [text]: text })),
    isRight: isClientError,
  },
]);

const HYGIENE: readonly Attack[] = [
  {
    step: 'media-type',
    clause: 'media-type',
    request: put(({ sample }) => sample?.valid, [['Content-Type', 'text/plain']]),
    isRight: hasStatus(415, 400),
  },
  { step: 'encoding-utf8', clause: 'encodings', request: put(() => NOT_UTF8), isRight: isClientError },
  {
    step: 'encoding-broken-gzip',
    clause: 'encodings',
    request: put(({ sample }) => sample?.valid ?? '{}', [JSON_TYPE, ['Content-Encoding', 'gzip']]),
    isRight: isClientError,
  },
  {
    step: 'encoding-unknown',
    clause: 'encodings',
    request: put(({ sample }) => sample?.valid ?? '{}', [JSON_TYPE, ['Content-Encoding', 'x-patchbay']]),
    isRight: isClientError,
  },
  ...['TRACE', 'POST', 'PATCH'].map((method): Attack => ({
    step: `method-${method.toLowerCase()}`,
    clause: 'methods',
    request: ({ root }) => ({ method, url: `${root}/policytypes` }),
    isRight: hasStatus(405, 501),
  })),
  {
    step: 'method-unknown',
    clause: 'methods',
    request: ({ root }) => ({ method: 'PATCHBAY', url: `${root}/policytypes` }),
    isRight: hasStatus(400, 405, 501),
  },
];

/** Requests that break HTTP itself; a proxy and a server may take them for different ones (RFC 9112 §11.2). */
const FRAMING: readonly Attack[] = [
  framing('two-lengths', 'Content-Length: 4\r\nContent-Length: 9\r\n\r\n{}{}{}{}{'),
  framing('length-and-chunked', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'),
  framing('bad-chunk', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n'),
  framing('bad-length', 'Content-Length: -1\r\n\r\n{}'),
  framing('long-header', `X-Patchbay: ${'x'.repeat(256 * 1024)}\r\nContent-Length: 2\r\n\r\n{}`),
];

function framing(name: string, rest: string): Attack {
  return {
    step: `framing-${name}`,
    clause: 'framing',
    request: ({ policies }) => {
      const url = new URL(`${policies}/${ATTACKED_POLICY}`);
      const head = `PUT ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\nContent-Type: application/json\r\n`;
      return { method: 'PUT', url: url.href, rawBytes: Buffer.from(head + rest, 'latin1') };
    },
    isRight: isClientErrorOrClosed,
  };
}

/** Last, since it is the likeliest to end a product. The right policy, but for white space without end around it. */
const OVERSIZE: Attack = {
  step: 'oversize',
  clause: 'oversize',
  request: put(({ sample, oversizeBytes }) => `${' '.repeat(oversizeBytes)}${sample?.valid ?? '{}'}`),
  isRight: isClientErrorOrClosed,
};

export const ATTACKS: readonly Attack[] = [...MALFORMED, ...INJECTION, ...HYGIENE, ...FRAMING, OVERSIZE];
