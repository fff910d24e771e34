import type { Json } from '../../../src/kernel/json.ts';
import { sendHttp } from '../http/send.ts';
import type { HeaderList, HttpExchange, HttpLimits, TlsClientMaterial } from '../http/types.ts';
import type { A1Resource } from './types.ts';
import { a1Path } from './uri.ts';

export interface A1Connection {
  /** From `a1Root`. */
  readonly root: string;
  readonly tls?: TlsClientMaterial;
  /** Added to every request, such as `Authorization`. */
  readonly headers?: HeaderList;
  readonly limits: HttpLimits;
}

export interface A1Request {
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly resource: A1Resource;
  readonly body?: Json;
  readonly notificationDestination?: string;
}

/** Sends exactly one A1-P request, and no other header than it needs. */
export function sendA1(
  { root, tls, headers = [], limits }: A1Connection,
  { method, resource, body, notificationDestination }: A1Request,
  { signal }: { signal: AbortSignal },
): Promise<HttpExchange> {
  const query =
    notificationDestination === undefined
      ? ''
      : `?notificationDestination=${encodeURIComponent(notificationDestination)}`;
  const content: HeaderList = body === undefined ? [] : [['Content-Type', 'application/json']];
  return sendHttp(
    {
      method,
      url: `${root}${a1Path(resource)}${query}`,
      headers: [['Accept', 'application/json, application/problem+json'], ...content, ...headers],
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    { limits, ...(tls === undefined ? {} : { tls }) },
    { signal },
  );
}
