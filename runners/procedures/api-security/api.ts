import { jsonOf } from '../../interfaces/http/body.ts';
import type { HttpExchange } from '../../interfaces/http/types.ts';
import { sameJson } from '../../../src/kernel/json.ts';
import {
  type Bench,
  Blocked,
  clause,
  type Judged,
  type JudgedClause,
  type Procedure,
  type Seen,
} from '../procedure.ts';
import { ATTACK_CLAUSES, type AttackClause, type AttackGround, ATTACKED_POLICY, ATTACKS } from './attacks.ts';
import { policySample } from './policy-sample.ts';
import {
  claimsMutualTls,
  exchange,
  onlySubject,
  openApi,
  type SecuredApi,
  type Sending,
  welcome,
} from './secured-api.ts';
import {
  describe,
  exchangesIn,
  hasStatus,
  isTlsRefusal,
  isUndelivered,
  judgeAnswered,
  judgeExchange,
  numbers,
  type SeenExchange,
} from './seen-exchanges.ts';
import { FULL, READ_ONLY, tokenFor, tokenSource } from './tokens.ts';

const ROLE_POLICY = 'patchbay-role';
const DUPLICATE_POLICY = 'patchbay-duplicates';
const JSON_TYPE = ['Content-Type', 'application/json'] as const;

/** SEC-API-001: who may use the API, and what it makes of input that is wrong, hostile or too large. */
export const apiInput: Procedure = {
  id: 'api-security.api',
  parameters: {
    responseTimeMs: { type: 'number', unit: 'ms', about: 'the longest a request may take' },
    oversizeBytes: {
      type: 'number',
      unit: 'bytes',
      about: 'the size of the body that is too large for a policy',
    },
    nestingCount: { type: 'number', unit: 'count', about: 'how many arrays are nested in the deepest body' },
  },
  clauses: [
    'answered',
    'no-credentials',
    'wrong-role',
    ...ATTACK_CLAUSES,
    'no-server-error',
    'no-side-effect',
    'alive',
  ],
  drive,
  judge,
};

interface Ready {
  readonly sending: Sending;
  readonly readOnly: string | undefined;
  readonly ground: AttackGround;
}

async function drive(bench: Bench, { signal }: { signal: AbortSignal }): Promise<void> {
  const api = await openApi(bench);
  const source = tokenSource(bench);
  const context = source === undefined ? undefined : { bench, api, source };
  const token = context === undefined ? undefined : await tokenFor(context, FULL, { signal });
  const readOnly = context === undefined ? undefined : await tokenFor(context, READ_ONLY, { signal });
  const sending = { bench, api, ...(token === undefined ? {} : { token }) };
  const first = await welcome(sending, { signal });
  if (first.response === null) return;
  if (first.response.status !== 200)
    throw Blocked.precondition(`the policy types were answered with HTTP ${first.response.status}`);
  const ready = { sending, readOnly, ground: groundOf(bench, api) };
  await list(ready, 'list-before', { signal });
  await tryStrangers(ready, { signal });
  await tryDuplicates(ready, { signal });
  for (const { step, request } of ATTACKS) {
    const made = request(ready.ground);
    if (made !== undefined) await exchange(sending, { step, request: made }, { signal });
  }
  await list(ready, 'list-after', { signal });
  const request = { method: 'GET', url: `${api.root}/policytypes` };
  await exchange(sending, { step: 'farewell', request }, { signal });
  await cleanUp(ready, { signal });
}

function groundOf(bench: Bench, { root }: SecuredApi): AttackGround {
  const equipment = onlySubject(bench.subjects);
  const sample = policySample(equipment);
  const claimed = equipment.ics['a1.policyTypes'];
  const type = sample?.type ?? (Array.isArray(claimed) ? String(claimed[0]) : 'patchbay-no-such-type');
  return {
    root,
    policies: `${root}/policytypes/${encodeURIComponent(type)}/policies`,
    ...(sample === undefined ? {} : { sample }),
    oversizeBytes: bench.number('oversizeBytes'),
    nestingCount: bench.number('nestingCount'),
  };
}

function list(
  { sending, ground }: Ready,
  step: string,
  { signal }: { signal: AbortSignal },
): Promise<HttpExchange> {
  return exchange(sending, { step, request: { method: 'GET', url: ground.policies } }, { signal });
}

async function tryStrangers(
  { sending, readOnly, ground }: Ready,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const { bench, api, token } = sending;
  const request = { method: 'GET', url: `${ground.root}/policytypes` };
  if (token !== undefined) await exchange({ bench, api }, { step: 'no-credentials', request }, { signal });
  else if (api.secure && claimsMutualTls(onlySubject(bench.subjects))) {
    const bare = { ...api, tls: { verify: false } };
    await exchange({ bench, api: bare }, { step: 'no-credentials', request }, { signal });
  }
  if (readOnly === undefined || ground.sample === undefined) return;
  const url = `${ground.policies}/${ROLE_POLICY}`;
  const write = { method: 'PUT', url, headers: [JSON_TYPE], body: ground.sample.valid };
  await exchange({ bench, api, token: readOnly }, { step: 'wrong-role', request: write }, { signal });
}

/** RFC 8259 §4 leaves open what comes of names given twice, so that only an error of the server is one. */
async function tryDuplicates({ sending, ground }: Ready, { signal }: { signal: AbortSignal }): Promise<void> {
  const body = ground.sample?.valid.trim();
  if (body?.startsWith('{') !== true || body === '{}') return;
  const twice = `{${body.slice(1, -1)},${body.slice(1)}`;
  const url = `${ground.policies}/${DUPLICATE_POLICY}`;
  const request = { method: 'PUT', url, headers: [JSON_TYPE], body: twice };
  const seen = await exchange(sending, { step: 'duplicates', request }, { signal });
  if (seen.response !== null && seen.response.status < 300)
    await exchange(sending, { step: 'undo-duplicates', request: { method: 'DELETE', url } }, { signal });
}

/** Deletes what should never have been created. */
async function cleanUp({ sending, ground }: Ready, { signal }: { signal: AbortSignal }): Promise<void> {
  const after = await list({ sending, ground, readOnly: undefined }, 'list-end', { signal });
  const ids = idsIn(after);
  for (const id of [ATTACKED_POLICY, ROLE_POLICY]) {
    if (ids?.includes(id) !== true) continue;
    const request = { method: 'DELETE', url: `${ground.policies}/${id}` };
    await exchange(sending, { step: `undo-${id}`, request }, { signal });
  }
}

function idsIn({ response }: HttpExchange): readonly unknown[] | undefined {
  const body = response?.status === 200 ? jsonOf(response.body) : undefined;
  return Array.isArray(body) ? body : undefined;
}

function judge(seen: Seen): Judged {
  const exchanges = exchangesIn(seen.observations);
  return {
    clauses: [
      judgeAnswered(exchanges),
      judgeExchange('no-credentials', exchanges.get('no-credentials'), {
        isRight: (one) => hasStatus(401)(one) || isTlsRefusal(one),
        absent: 'not reached, or the product claims neither tokens nor mutual TLS',
      }),
      judgeExchange('wrong-role', exchanges.get('wrong-role'), {
        isRight: hasStatus(403),
        absent: `not reached, or no client "${READ_ONLY}" or no policy to write with it`,
      }),
      ...ATTACK_CLAUSES.map((id) => judgeAttacks(id, exchanges)),
      judgeServerErrors(exchanges),
      judgeSideEffect(exchanges),
      judgeExchange('alive', exchanges.get('farewell'), {
        isRight: (one) => one.response !== null && one.response.status < 500,
      }),
    ].map((judged) => (judged.id === 'alive' ? aliveFinding(judged, exchanges.get('farewell')) : judged)),
    remarks: remarksOn(exchanges),
  };
}

/** Here a refused connection does prove something: the product was there before the attacks. */
function aliveFinding(judged: JudgedClause, farewell: SeenExchange | undefined): JudgedClause {
  return judged.verdict === 'inconc' && farewell !== undefined && isUndelivered(farewell)
    ? { ...judged, verdict: 'fail' }
    : judged;
}

function judgeAttacks(id: AttackClause, exchanges: ReadonlyMap<string, SeenExchange>): JudgedClause {
  const made = ATTACKS.filter((attack) => attack.clause === id).flatMap(({ step, isRight }) => {
    const seen = exchanges.get(step);
    return seen === undefined ? [] : [{ seen, isRight }];
  });
  if (made.length === 0) return clause(id, ['none', 'not reached, or no policy in the IXIT to make it with']);
  const lost = made.filter(({ seen }) => isUndelivered(seen)).map(({ seen }) => seen);
  const wrong = made
    .filter(({ seen, isRight }) => !isUndelivered(seen) && !isRight(seen.exchange))
    .map(({ seen }) => seen);
  const saw = (list: readonly SeenExchange[]): string =>
    list.map(({ step, exchange: one }) => `${step}: ${describe(one)}`).join('; ');
  if (wrong.length > 0) return clause(id, ['fail', saw(wrong)], ...numbers(wrong));
  if (lost.length > 0) return clause(id, ['inconc', saw(lost)], ...numbers(lost));
  return clause(id, ['pass', `${made.length} turned down`], ...numbers(made.map(({ seen }) => seen)));
}

function judgeServerErrors(exchanges: ReadonlyMap<string, SeenExchange>): JudgedClause {
  const all = [...exchanges.values()];
  const broken = all.filter(({ step, exchange: { response } }) => {
    const notImplemented = response?.status === 501 && step.startsWith('method-');
    return response !== null && response.status >= 500 && !notImplemented;
  });
  const saw = broken.map(({ step, exchange: one }) => `${step}: ${describe(one)}`).join('; ');
  if (broken.length > 0) return clause('no-server-error', ['fail', saw], ...numbers(broken));
  return all.length > 1
    ? clause('no-server-error', ['pass', `none in ${all.length} answers`])
    : clause('no-server-error', ['none', 'not reached']);
}

function judgeSideEffect(exchanges: ReadonlyMap<string, SeenExchange>): JudgedClause {
  const [before, after] = [exchanges.get('list-before'), exchanges.get('list-after')];
  if (before === undefined || after === undefined) return clause('no-side-effect', ['none', 'not reached']);
  const [was, is] = [idsIn(before.exchange), idsIn(after.exchange)];
  const shownBy = [before.n, after.n];
  if (was === undefined || is === undefined) {
    const saw = `the policies could not be listed: ${describe((was === undefined ? before : after).exchange)}`;
    return clause('no-side-effect', ['inconc', saw], ...shownBy);
  }
  const same = sameJson([...was].map(String).sort(), [...is].map(String).sort());
  return clause(
    'no-side-effect',
    [same ? 'pass' : 'fail', `${was.length} policies before, ${is.length} after`],
    ...shownBy,
  );
}

function remarksOn(exchanges: ReadonlyMap<string, SeenExchange>): readonly string[] {
  const remarks: string[] = [];
  const duplicates = exchanges.get('duplicates')?.exchange.response;
  if (duplicates !== null && duplicates !== undefined && duplicates.status < 300)
    remarks.push('a policy with every member given twice was accepted (RFC 8259 §4: names SHOULD be unique)');
  const mediaType = exchanges.get('media-type')?.exchange.response;
  if (mediaType?.status === 400)
    remarks.push('an unsupported media type was answered with 400 instead of 415');
  return remarks;
}
