import { header, jsonOf } from '../http/body.ts';
import { sendHttp, type SendOptions } from '../http/send.ts';
import type { HttpExchange } from '../http/types.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';

export interface TokenRequest {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Default `client_credentials`. */
  readonly grantType?: string;
  readonly scopes?: readonly string[];
}

/** Asks a token end point for an access token with the client credentials grant. @see RFC 6749 §4.4.2 */
export async function requestToken(
  request: TokenRequest,
  options: SendOptions,
  { signal }: { signal: AbortSignal },
): Promise<HttpExchange> {
  const form = new URLSearchParams({ grant_type: request.grantType ?? 'client_credentials' });
  if (request.scopes !== undefined) form.set('scope', request.scopes.join(' '));
  return sendHttp(
    {
      method: 'POST',
      url: request.tokenUrl,
      headers: [
        ['Authorization', `Basic ${basic(request.clientId, request.clientSecret)}`],
        ['Content-Type', 'application/x-www-form-urlencoded'],
        ['Accept', 'application/json'],
      ],
      body: form.toString(),
    },
    options,
    { signal },
  );
}

/** The token of a successful answer; undefined for everything that is none (RFC 6749 §5.1). */
export function tokenOf({ response }: HttpExchange): string | undefined {
  if (response?.status !== 200) return undefined;
  const body = jsonOf(response.body);
  if (!isJsonObject(body)) return undefined;
  const { access_token: token, token_type: type } = body;
  const bearer = typeof type === 'string' && type.toLowerCase() === 'bearer';
  return bearer && typeof token === 'string' && token !== '' ? token : undefined;
}

/** The error code of a refusal; undefined when there is none in it (RFC 6749 §5.2). */
export function tokenErrorOf({ response }: HttpExchange): string | undefined {
  const body = response === null ? undefined : jsonOf(response.body);
  return isJsonObject(body) && typeof body['error'] === 'string' ? body['error'] : undefined;
}

/** Whether the answer forbids storing it (RFC 6749 §5.1). */
export function forbidsStoring({ response }: HttpExchange): boolean {
  return response !== null && /\bno-store\b/iu.test(header(response.headers, 'cache-control') ?? '');
}

function basic(id: string, secret: string): string {
  const form = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
  return Buffer.from(`${form(id)}:${form(secret)}`).toString('base64');
}
