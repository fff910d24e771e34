import type { ProblemView } from './views.ts';
import { isCode } from '../kernel/codes.ts';
import { HarnessError } from '../kernel/errors.ts';

export interface ClientOptions {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string | null;
  readonly fetch?: typeof fetch;
}

export type QueryValues = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ApiRequest {
  readonly method?: 'GET' | 'POST';
  /** Segments below `/api/v1`; each is encoded. */
  readonly path: readonly string[];
  readonly query?: QueryValues;
  readonly body?: unknown;
}

/** Asks an orchestrator over HTTP. Refusals come out as `HarnessError` with the code that the orchestrator gave. */
export interface ApiClient {
  readonly url: string;
  json(request: ApiRequest, options: { signal: AbortSignal }): Promise<unknown>;
  bytes(request: ApiRequest, options: { signal: AbortSignal }): Promise<Uint8Array>;
}

const ANSWER_MS = 60_000;
const MAX_SHOWN_PROBLEMS = 20;

export function makeApiClient({ url, token, fetch: ask = fetch }: ClientOptions): ApiClient {
  const send = async (
    { method = 'GET', path, query = {}, body }: ApiRequest,
    { signal }: { signal: AbortSignal },
  ): Promise<Response> => {
    const address = new URL(`${url}/api/v1/${path.map(encodeURIComponent).join('/')}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) address.searchParams.set(name, String(value));
    const response = await reach(url, signal, () =>
      ask(address, {
        method,
        // A token is not carried to wherever somebody points.
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    if (!response.ok) throw await refusal(response);
    return response;
  };
  return {
    url,
    json: async (request, options) => {
      const response = await send(request, options);
      return reach(url, options.signal, () => response.json().catch(notJson));
    },
    bytes: async (request, options) => {
      const response = await send(request, options);
      return new Uint8Array(await reach(url, options.signal, () => response.arrayBuffer()));
    },
  };
}

async function reach<T>(url: string, signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    if (cause instanceof HarnessError) throw cause;
    throw new HarnessError('ORCHESTRATOR_UNREACHABLE', `no answer from ${url}`, { cause });
  }
}

function notJson(cause: unknown): never {
  if (cause instanceof SyntaxError)
    throw new HarnessError('ORCHESTRATOR_ANSWER', 'the answer is not JSON', { cause });
  throw cause;
}

async function refusal(response: Response): Promise<HarnessError> {
  const problem = await readProblem(response);
  if (problem === null || !isCode(problem.code))
    return new HarnessError(
      'ORCHESTRATOR_ANSWER',
      `HTTP ${response.status} without a code that is known here`,
    );
  const listed = (problem.problems ?? []).map(({ path, text }) => `\n  ${path}: ${text}`);
  const rest = listed.length - MAX_SHOWN_PROBLEMS;
  const more = rest > 0 ? `\n  and ${rest} more` : '';
  return new HarnessError(
    problem.code,
    `${problem.detail}${listed.slice(0, MAX_SHOWN_PROBLEMS).join('')}${more}`,
  );
}

async function readProblem(response: Response): Promise<ProblemView | null> {
  if (!(response.headers.get('content-type') ?? '').startsWith('application/problem+json')) return null;
  try {
    const problem = (await response.json()) as Partial<ProblemView> | null;
    const isProblem = typeof problem?.code === 'string' && typeof problem.detail === 'string';
    return isProblem ? (problem as ProblemView) : null;
  } catch {
    return null;
  }
}
