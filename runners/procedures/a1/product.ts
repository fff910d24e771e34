import type { Equipment, InlinedFile, TlsMaterial } from '../../../src/domain/equipment.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import type { A1Connection } from '../../interfaces/a1/send.ts';
import { a1Root } from '../../interfaces/a1/uri.ts';
import { requestToken, tokenOf } from '../../interfaces/oauth/request-token.ts';
import type { TlsClientMaterial } from '../../interfaces/http/types.ts';
import { type Bench, Blocked } from '../procedure.ts';

/** How the A1 end point of a product is reached; `Blocked` when the equipment file does not say. */
export async function connectionTo(
  bench: Bench,
  product: Equipment,
  { signal }: { signal: AbortSignal },
): Promise<A1Connection> {
  const a1 = product.interfaces['a1'];
  const root = a1 === undefined ? null : a1Root(a1.endpoint);
  if (a1 === undefined || root === null)
    throw missing(
      'INTERFACE_MISSING',
      'interfaces.a1.endpoint.url of the equipment file names no http(s) end point',
    );
  const limits = { timeoutMs: bench.number('responseTimeMs') };
  const tls = a1.tls === undefined ? undefined : await readTls(bench, a1.tls);
  const connection = { root, limits, ...(tls === undefined ? {} : { tls }) };
  const token = await bearerToken({ bench, product, connection }, { signal });
  return token === null ? connection : { ...connection, headers: [['Authorization', `Bearer ${token}`]] };
}

/** What the tester presents and trusts when it connects to the product. */
export async function readTls(
  bench: Bench,
  { serverCa, clientCertificate, clientKey }: TlsMaterial,
): Promise<TlsClientMaterial> {
  const key = clientKey === undefined ? undefined : await bench.secret(clientKey);
  return {
    ...(serverCa === undefined ? {} : { ca: serverCa.text }),
    ...(clientCertificate === undefined || key === undefined
      ? {}
      : { certificate: clientCertificate.text, key }),
  };
}

/** A token for the client `full`, where the equipment file says how to get one; otherwise the product wants none. */
async function bearerToken(
  { bench, product, connection }: { bench: Bench; product: Equipment; connection: A1Connection },
  { signal }: { signal: AbortSignal },
): Promise<string | null> {
  const client = product.auth?.clients['full'];
  const tokenUrl = product.auth?.tokenUrl;
  if (client?.secret === undefined || tokenUrl === undefined) return null;
  const { limits, tls } = connection;
  const exchange = await requestToken(
    {
      tokenUrl,
      clientId: client.id,
      clientSecret: await bench.secret(client.secret),
      ...(client.scopes === undefined ? {} : { scopes: client.scopes }),
    },
    { limits, ...(tls === undefined ? {} : { tls }) },
    { signal },
  );
  const token = tokenOf(exchange);
  if (token !== undefined) return token;
  throw Blocked.precondition('the token end point of the equipment file gave no access token');
}

export function missing(code: 'IXIT_MISSING' | 'INTERFACE_MISSING', text: string): Blocked {
  return new Blocked({ code, text }, 'notSupportedByTestbed');
}

/** The policy types the product claims: its ICS, or those the IXIT has bodies for. */
export function claimedTypes({ ics, ixit }: Pick<Equipment, 'ics' | 'ixit'>): readonly string[] {
  const claimed = ics['a1.policyTypes'];
  if (Array.isArray(claimed)) return claimed.filter((id): id is string => typeof id === 'string');
  const policies = ixit['a1.policies'];
  return isJsonObject(policies) ? Object.keys(policies) : [];
}

/** What the IXIT `a1.policies` says of a type: `valid`, `invalid` and `update` bodies, inline or as files. */
export function policyBodies(
  { ixit }: Pick<Equipment, 'ixit'>,
  type: string,
): Readonly<Record<string, Json>> {
  const policies = ixit['a1.policies'];
  const entry = isJsonObject(policies) && Object.hasOwn(policies, type) ? policies[type] : undefined;
  if (!isJsonObject(entry)) return {};
  return Object.fromEntries(
    Object.entries(entry).map(([name, body]) => [name, bodyOf(body, `${type}.${name}`)]),
  );
}

function bodyOf(body: Json, name: string): Json {
  if (!isInlinedFile(body)) return body;
  try {
    return JSON.parse(body.text) as Json;
  } catch {
    throw missing('IXIT_MISSING', `the file of ixit a1.policies ${name} is not JSON`);
  }
}

function isInlinedFile(value: Json): value is JsonObject & InlinedFile {
  return (
    isJsonObject(value) &&
    Object.keys(value).length === 2 &&
    typeof value['path'] === 'string' &&
    typeof value['text'] === 'string'
  );
}

export function ixitText({ ixit }: Pick<Equipment, 'ixit'>, key: string): string | undefined {
  const value = ixit[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
