import type { Equipment, InlinedFile, SecretRef } from '../../../src/domain/equipment.ts';
import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import type { HttpExchange, HttpRequest, TlsClientMaterial } from '../../interfaces/http/types.ts';
import { sendHttp } from '../../interfaces/http/send.ts';
import { type Bench, Blocked } from '../procedure.ts';

/** The interface whose end point is examined. */
export const INTERFACE = 'a1';
const DEFAULT_BASE_PATH = '/A1-P/v2';
/** Keys of the ICS. */
export const CLAIMS = {
  tls: 'security.tls',
  mutualTls: 'security.mutualTls',
  oauth: 'security.oauth',
} as const;

/** The API under test, and what a tester needs to speak to it as a welcome client. */
export interface SecuredApi {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** URL of the API root, without a slash at the end. */
  readonly root: string;
  /** PEM: what the product's certificate should lead to. */
  readonly serverCa?: string;
  /**
   * The tester's side of TLS. It never refuses the product's certificate: judging that is the aim of one case and
   * must not keep the others from running.
   */
  readonly tls: TlsClientMaterial;
}

/** Reads the end point and the client certificate. Throws `Blocked` when the equipment file lacks them. */
export async function openApi(bench: Bench): Promise<SecuredApi> {
  const equipment = onlySubject(bench.subjects);
  const { endpoint, tls } = equipment.interfaces[INTERFACE] ?? { endpoint: {} };
  if (endpoint.url === undefined || !URL.canParse(endpoint.url)) {
    throw new Blocked({ code: 'INTERFACE_MISSING', text: `${equipment.id} names no URL for ${INTERFACE}` });
  }
  const url = new URL(endpoint.url);
  const secure = url.protocol === 'https:';
  const certificate = tls?.clientCertificate?.text;
  const key = tls?.clientKey === undefined ? undefined : await bench.secret(tls.clientKey);
  return {
    host: url.hostname.replace(/^\[|\]$/gu, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    secure,
    root: `${url.origin}${endpoint.basePath ?? DEFAULT_BASE_PATH}`,
    ...(tls?.serverCa === undefined ? {} : { serverCa: tls.serverCa.text }),
    tls: {
      verify: false,
      ...(certificate === undefined || key === undefined ? {} : { certificate, key }),
    },
  };
}

export function onlySubject(subjects: readonly Equipment[]): Equipment {
  const [equipment] = subjects;
  if (equipment === undefined)
    throw new Blocked({ code: 'INTERFACE_MISSING', text: 'the run has no subject' });
  return equipment;
}

/** Whether the product says that it lets in only clients with a certificate. */
export function claimsMutualTls({ ics, interfaces }: Equipment): boolean {
  return ics[CLAIMS.mutualTls] === true || interfaces[INTERFACE]?.tls?.clientCertificate !== undefined;
}

/** The case is about TLS: without it there is nothing to see, or a broken promise. */
export function claimsTls({ ics }: Equipment): boolean {
  return ics[CLAIMS.tls] === true || ics[CLAIMS.mutualTls] === true;
}

/** An IXIT value that a document gave by path or wrote out. */
export function inlined(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (!isJsonObject(value)) return undefined;
  const { path, text } = value as Partial<InlinedFile>;
  return typeof path === 'string' && typeof text === 'string' ? text : undefined;
}

export function secretRef(value: Json | undefined): SecretRef | undefined {
  if (!isJsonObject(value)) return undefined;
  if (typeof value['file'] === 'string') return { file: value['file'] };
  return typeof value['env'] === 'string' ? { env: value['env'] } : undefined;
}

export interface Sending {
  readonly bench: Bench;
  readonly api: SecuredApi;
  /** A bearer token that goes along. */
  readonly token?: string;
}

/** Sends one request, observes it under `step`, and says what came of it. */
export async function exchange(
  { bench, api, token }: Sending,
  { step, request }: { readonly step: string; readonly request: HttpRequest },
  { signal }: { signal: AbortSignal },
): Promise<HttpExchange> {
  const headers = [...(token === undefined ? [] : [['Authorization', `Bearer ${token}`] as const])];
  const seen = await sendHttp(
    { ...request, headers: [...headers, ...(request.headers ?? [])] },
    { tls: api.tls, limits: { timeoutMs: bench.number('responseTimeMs') } },
    { signal },
  );
  if (seen.delivered) bench.stimulated();
  bench.observe(step, 'http-exchange', withoutSecrets(seen));
  return seen;
}

/**
 * The first request of a case, sent as a welcome client. When it cannot even be delivered, nothing is known about the
 * product yet: `Blocked`.
 */
export async function welcome(sending: Sending, { signal }: { signal: AbortSignal }): Promise<HttpExchange> {
  const { api, bench } = sending;
  const request = {
    method: 'GET',
    url: `${api.root}/policytypes`,
    headers: [['Accept', 'application/json']],
  } as const;
  const seen = await exchange(sending, { step: 'welcome', request }, { signal });
  if (!seen.delivered) throw notDelivered(api, seen);
  bench.transport(INTERFACE, carriedBy(seen));
  return seen;
}

function notDelivered({ host, port, secure }: SecuredApi, { failure, times }: HttpExchange): Blocked {
  const at = `${host}:${port}`;
  const detail = failure?.detail ?? 'nothing was sent';
  const reached = secure && times.connectedMs !== null;
  return reached
    ? new Blocked({ code: 'SUT_TLS_FAILED', text: `no TLS with ${at}: ${detail}` })
    : new Blocked({ code: 'SUT_UNREACHABLE', text: `no connection to ${at}: ${detail}` });
}

function carriedBy({ response, tls }: HttpExchange): string {
  const http = `http/${response?.httpVersion ?? '1.1'}`;
  return tls === null ? http : `${http} ${tls.protocol.replace('v', '').toLowerCase()}`;
}

const CREDENTIAL_FIELDS = new Set(['authorization', 'proxy-authorization', 'cookie']);
/** Larger bodies of ours say nothing that their size does not say. */
const MAX_KEPT_BODY_BYTES = 8 * 1024;

/** The exchange as it becomes evidence: credentials and tokens are out of it, and long bodies are cut. */
export function withoutSecrets({ request, response, ...rest }: HttpExchange): Json {
  const headers = request.headers.map(([name, value]) => [
    name,
    CREDENTIAL_FIELDS.has(name.toLowerCase()) ? `${value.split(' ', 1)[0] ?? ''} [redacted]` : value,
  ]);
  return {
    ...rest,
    request: { ...request, headers, body: shortened(request.body) },
    response: response === null ? null : { ...response, body: shortened(response.body) },
  } as unknown as Json;
}

function shortened(body: HttpExchange['request']['body']): Json {
  if (!('text' in body)) {
    return body.bytes > MAX_KEPT_BODY_BYTES ? { bytes: body.bytes, base64: '' } : { ...body };
  }
  const text = body.text.replace(/("access_token"\s*:\s*")[^"]*"/gu, '$1[redacted]"');
  return { bytes: body.bytes, text: text.slice(0, MAX_KEPT_BODY_BYTES) };
}
