import { jsonOf } from '../../interfaces/http/body.ts';
import type { HttpExchange } from '../../interfaces/http/types.ts';
import { forbidsStoring, tokenErrorOf, tokenOf } from '../../interfaces/oauth/request-token.ts';
import type { SigningKey } from '../../interfaces/oauth/signing-key.ts';
import {
  breakSignature,
  claimsOf,
  looksLikeJws,
  mintToken,
  mintUnsigned,
  type TokenClaims,
} from '../../interfaces/oauth/token.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import {
  type Bench,
  Blocked,
  clause,
  type Judged,
  type JudgedClause,
  type Procedure,
  type Seen,
} from '../procedure.ts';
import { strangers } from './client-certificates.ts';
import { policySample } from './policy-sample.ts';
import {
  CLAIMS,
  claimsMutualTls,
  exchange,
  onlySubject,
  openApi,
  type SecuredApi,
  welcome,
} from './secured-api.ts';
import {
  describe,
  exchangesIn,
  hasStatus,
  isTlsRefusal,
  isUnanswered,
  judgeAnswered,
  judgeExchange,
  type SeenExchange,
} from './seen-exchanges.ts';
import {
  askForToken,
  FULL,
  issuerKey,
  READ_ONLY,
  SIGNING_KEY,
  tokenFor,
  type TokenSource,
  tokenSource,
} from './tokens.ts';

const UNKNOWN_SCOPE = 'patchbay-no-such-scope';
const UNKNOWN_GRANT = 'urn:patchbay:no-such-grant';
const POLICY_ID = 'patchbay-scope';
const HOUR_S = 3600;

/** SEC-OAUTH-001: the token end point, and what the API makes of tokens that are right and wrong. */
export const oauthChecks: Procedure = {
  id: 'api-security.oauth',
  parameters: {
    responseTimeMs: { type: 'number', unit: 'ms', about: 'the longest a request may take' },
  },
  clauses: [
    'answered',
    'token-issued',
    'token-wrong-client',
    'token-wrong-grant',
    'token-wrong-scope',
    'token-wrong-certificate',
    'resource-valid',
    'resource-no-token',
    'resource-bad-signature',
    'resource-alg-none',
    'resource-expired',
    'resource-wrong-audience',
    'resource-wrong-issuer',
    'resource-wrong-scope',
  ],
  drive,
  judge,
};

interface Context {
  readonly bench: Bench;
  readonly api: SecuredApi;
  readonly source: TokenSource;
}

async function drive(bench: Bench, { signal }: { signal: AbortSignal }): Promise<void> {
  const context = { bench, api: await openApi(bench), source: claimedSource(bench) };
  const client = context.source.auth.clients[FULL];
  if (client === undefined) return;
  const issued = await askForToken(context, { step: 'token', client }, { signal });
  if (!issued.delivered) {
    const text = `no connection to the token end point: ${issued.failure?.detail ?? 'nothing was sent'}`;
    throw new Blocked({ code: 'SUT_UNREACHABLE', text });
  }
  bench.stimulated();
  const token = tokenOf(issued);
  if (token === undefined) return;
  bench.observe('token-form', 'note', { jws: looksLikeJws(token) });
  await askWrongly(context, { signal });
  const first = await welcome({ ...context, token }, { signal });
  if (first.response === null) return;
  await tryTokens(context, token, { signal });
  await tryReadOnly(context, token, { signal });
}

function claimedSource(bench: Bench): TokenSource {
  const source = tokenSource(bench);
  if (source !== undefined) return source;
  if (onlySubject(bench.subjects).ics[CLAIMS.oauth] === true) {
    const text = `${CLAIMS.oauth} is claimed, but the equipment file has no auth`;
    throw new Blocked({ code: 'IXIT_MISSING', text }, 'notSupportedByTestbed');
  }
  const text = `${CLAIMS.oauth} is not claimed`;
  throw new Blocked({ code: 'ICS_NOT_CLAIMED', text }, 'notSupportedByDut');
}

async function askWrongly(context: Context, { signal }: { signal: AbortSignal }): Promise<void> {
  const client = context.source.auth.clients[FULL];
  if (client === undefined) return;
  const asks = [
    { step: 'token-wrong-client', client, secret: 'patchbay-wrong-secret' },
    { step: 'token-wrong-grant', client, grantType: UNKNOWN_GRANT },
    { step: 'token-wrong-scope', client, scopes: [UNKNOWN_SCOPE] },
  ];
  for (const asking of asks) await askForToken(context, asking, { signal });
  const secure = /^https:/iu.test(context.source.tokenUrl);
  if (!secure || !claimsMutualTls(onlySubject(context.bench.subjects))) return;
  const { good } = await strangers();
  const tls = { verify: false, ...good };
  await askForToken(context, { step: 'token-wrong-certificate', client, tls }, { signal });
}

async function tryTokens(
  context: Context,
  token: string,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const { bench, api } = context;
  const claims = claimsOf(token);
  const key = await issuerKey(bench);
  const tokens: readonly (readonly [step: string, token: string | undefined])[] = [
    ['resource-no-token', undefined],
    ['resource-bad-signature', breakSignature(token)],
    ...(claims === undefined ? [] : [['resource-alg-none', mintUnsigned(fresh(claims))] as const]),
    ...(claims === undefined || key === undefined ? [] : await mintedTokens(claims, key)),
  ];
  const request = { method: 'GET', url: `${api.root}/policytypes` };
  for (const [step, wrong] of tokens) {
    await exchange(
      { bench, api, ...(wrong === undefined ? {} : { token: wrong }) },
      { step, request },
      { signal },
    );
  }
}

/** Tokens that are wrong in one thing each, and one that is not: without it the refusals would prove nothing. */
async function mintedTokens(
  claims: TokenClaims,
  key: SigningKey,
): Promise<readonly (readonly [string, string])[]> {
  const right = fresh(claims);
  const past = { issuedAt: right.issuedAt - 2 * HOUR_S, expiresAt: right.issuedAt - HOUR_S };
  return [
    ['resource-minted', await mintToken(right, key)],
    ['resource-expired', await mintToken({ ...right, ...past }, key)],
    ['resource-wrong-audience', await mintToken({ ...right, audience: 'urn:patchbay:somebody-else' }, key)],
    ['resource-wrong-issuer', await mintToken({ ...right, issuer: 'urn:patchbay:nobody' }, key)],
  ];
}

function fresh(claims: TokenClaims): TokenClaims {
  const issuedAt = Math.floor(Date.now() / 1000);
  return { ...claims, issuedAt, expiresAt: issuedAt + HOUR_S };
}

/** A write with a token that only allows reading; undone when it was let through. */
async function tryReadOnly(
  context: Context,
  full: string,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const { bench, api } = context;
  const sample = policySample(onlySubject(bench.subjects));
  const token = sample === undefined ? undefined : await tokenFor(context, READ_ONLY, { signal });
  if (sample === undefined || token === undefined) return;
  const url = `${api.root}/policytypes/${encodeURIComponent(sample.type)}/policies/${POLICY_ID}`;
  const headers = [['Content-Type', 'application/json']] as const;
  const request = { method: 'PUT', url, headers, body: sample.valid };
  const seen = await exchange({ bench, api, token }, { step: 'resource-wrong-scope', request }, { signal });
  if (seen.response === null || seen.response.status >= 300) return;
  await exchange(
    { bench, api, token: full },
    { step: 'undo', request: { method: 'DELETE', url } },
    { signal },
  );
}

function judge(seen: Seen): Judged {
  const exchanges = exchangesIn(seen.observations);
  const unauthorised = { isRight: hasStatus(401) };
  return {
    clauses: [
      answered(exchanges),
      judgeIssued(seen, exchanges),
      judgeExchange('token-wrong-client', exchanges.get('token-wrong-client'), {
        isRight: refusesWith('invalid_client'),
      }),
      judgeExchange('token-wrong-grant', exchanges.get('token-wrong-grant'), {
        isRight: refusesWith('unsupported_grant_type', 'unauthorized_client'),
      }),
      judgeExchange('token-wrong-scope', exchanges.get('token-wrong-scope'), { isRight: withholdsScope }),
      judgeExchange('token-wrong-certificate', exchanges.get('token-wrong-certificate'), {
        isRight: (one) => isTlsRefusal(one) || hasStatus(401, 403)(one),
        absent: 'no mutual TLS at the token end point',
      }),
      judgeExchange('resource-valid', exchanges.get('welcome'), { isRight: hasStatus(200) }),
      ...['resource-no-token', 'resource-bad-signature', 'resource-alg-none'].map((id) =>
        judgeExchange(id, exchanges.get(id), unauthorised),
      ),
      ...['resource-expired', 'resource-wrong-audience', 'resource-wrong-issuer'].map((id) =>
        judgeMinted(id, exchanges),
      ),
      judgeExchange('resource-wrong-scope', exchanges.get('resource-wrong-scope'), {
        isRight: hasStatus(403),
        absent: `no client "${READ_ONLY}", or no policy in the IXIT`,
      }),
    ],
    remarks: remarksOn(exchanges),
  };
}

/** Here the first request goes to the token end point. */
function answered(exchanges: ReadonlyMap<string, SeenExchange>): JudgedClause {
  const token = exchanges.get('token');
  if (token === undefined || exchanges.has('welcome') || [...exchanges.values()].some(isUnanswered))
    return judgeAnswered(exchanges);
  const saw = describe(token.exchange);
  return clause('answered', [token.exchange.response === null ? 'fail' : 'pass', saw], token.n);
}

function judgeIssued({ observations }: Seen, exchanges: ReadonlyMap<string, SeenExchange>): JudgedClause {
  const token = exchanges.get('token');
  if (token === undefined) return clause('token-issued', ['none', 'not reached']);
  const form = observations.find(({ step }) => step === 'token-form')?.data;
  const saw = describe(token.exchange);
  if (!isJsonObject(form)) return clause('token-issued', ['fail', `${saw}, no bearer token`], token.n);
  return form['jws'] === true
    ? clause('token-issued', ['pass', `${saw}, a JWS`], token.n)
    : clause('token-issued', ['fail', `${saw}, but the token is no JWS`], token.n);
}

/** A refusal means something only where a good token of the same key was let in. */
function judgeMinted(id: string, exchanges: ReadonlyMap<string, SeenExchange>): JudgedClause {
  const control = exchanges.get('resource-minted');
  if (control === undefined) return clause(id, ['none', `not reached, or no ${SIGNING_KEY} in the IXIT`]);
  if (!hasStatus(200)(control.exchange)) {
    const saw = `a good token made with ${SIGNING_KEY} is refused as well: ${describe(control.exchange)}`;
    return clause(id, ['inconc', saw], control.n);
  }
  return judgeExchange(id, exchanges.get(id), { isRight: hasStatus(401) });
}

/** RFC 6749 §5.2: 400, or 401 for a client that is not known; the code stands in `error`. */
function refusesWith(...codes: readonly string[]): (exchange: HttpExchange) => boolean {
  return (one) => hasStatus(400, 401)(one) && codes.includes(tokenErrorOf(one) ?? '');
}

/** RFC 6749 §3.3: refused, or granted without the unknown scope, and said so. */
function withholdsScope(one: HttpExchange): boolean {
  if (refusesWith('invalid_scope')(one)) return true;
  const body = one.response?.status === 200 ? jsonOf(one.response.body) : undefined;
  const granted = isJsonObject(body) ? body['scope'] : undefined;
  return typeof granted === 'string' && !granted.split(' ').includes(UNKNOWN_SCOPE);
}

function remarksOn(exchanges: ReadonlyMap<string, SeenExchange>): readonly string[] {
  const remarks: string[] = [];
  const token = exchanges.get('token');
  if (token?.exchange.response?.status === 200 && !forbidsStoring(token.exchange)) {
    remarks.push('the token response lacks Cache-Control: no-store (RFC 6749 §5.1)');
  }
  const silent = [...exchanges.values()].filter(({ step, exchange: { response } }) => {
    const challenge = response?.headers.some(([name]) => name.toLowerCase() === 'www-authenticate');
    return step.startsWith('resource-') && response?.status === 401 && challenge !== true;
  });
  if (silent.length > 0) {
    remarks.push(
      `401 without WWW-Authenticate (RFC 9110 §11.6.1): ${silent.map(({ step }) => step).join(', ')}`,
    );
  }
  return remarks;
}
