import type { Json } from '../../../src/kernel/json.ts';
import { header, jsonOf } from '../../interfaces/http/body.ts';
import type { HttpExchange } from '../../interfaces/http/types.ts';
import { type Bench, clause, type JudgedClause } from '../procedure.ts';
import { exchange, onlySubject, type SecuredApi } from './secured-api.ts';
import { CLEARTEXT_STEP, describe, type SeenExchange } from './seen-exchanges.ts';

/** Key of the IXIT: TCP ports that the product opens, a list of numbers. */
export const OPEN_PORTS = 'security.openPorts';
const WELL_KNOWN_PORTS = [80, 8080];
const MAX_PORTS = 32;

/** Asks for the API without TLS, on its own port and on those where it might also stand. */
export async function probeCleartext(
  { bench, api }: { bench: Bench; api: SecuredApi },
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const path = new URL(`${api.root}/policytypes`).pathname;
  const host = api.host.includes(':') ? `[${api.host}]` : api.host;
  for (const port of portsOf(api, onlySubject(bench.subjects).ixit[OPEN_PORTS])) {
    const request = { method: 'GET', url: `http://${host}:${port}${path}` };
    await exchange({ bench, api }, { step: `${CLEARTEXT_STEP}${port}`, request }, { signal });
  }
}

/** On loopback the neighbouring ports belong to strangers, so that only declared ones are asked. */
function portsOf(api: SecuredApi, declared: Json | undefined): readonly number[] {
  const list = Array.isArray(declared) ? declared : [];
  const told = list.filter(
    (port): port is number => Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536,
  );
  const shared = api.host === 'localhost' || api.host === '::1' || api.host.startsWith('127.');
  const guessed = shared ? [] : [...WELL_KNOWN_PORTS, api.port - 1, api.port + 1];
  return [...new Set([api.port, ...told, ...guessed])].slice(0, MAX_PORTS);
}

/** The clause `no-cleartext`: the API is served nowhere without TLS. */
export function judgeCleartext(exchanges: ReadonlyMap<string, SeenExchange>): JudgedClause {
  const tried = [...exchanges.values()].filter(({ step }) => step.startsWith(CLEARTEXT_STEP));
  if (tried.length === 0) return clause('no-cleartext', ['none', 'not reached']);
  const serving = tried.filter(({ exchange: seen }) => serves(seen));
  const saw = (list: readonly SeenExchange[]): string =>
    list.map(({ exchange: seen }) => `${new URL(seen.request.url).host}: ${describe(seen)}`).join('; ');
  const numbers = (list: readonly SeenExchange[]) => list.map(({ n }) => n);
  return serving.length > 0
    ? clause('no-cleartext', ['fail', `served without TLS: ${saw(serving)}`], ...numbers(serving))
    : clause('no-cleartext', ['pass', saw(tried)], ...numbers(tried));
}

/**
 * Whether a request without TLS was let in as far as this API: it listed the policy types, or asked for a bearer token.
 * Another service on a port near by is no finding of this clause.
 */
function serves({ response }: HttpExchange): boolean {
  if (response === null) return false;
  if (response.status === 401 || response.status === 403)
    return /^bearer\b/iu.test(header(response.headers, 'www-authenticate') ?? '');
  return response.status < 300 && Array.isArray(jsonOf(response.body));
}
