/** Header fields as they stood on the wire: order, case and repetition kept. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** What a tester presents and trusts when it opens a TLS connection. All of it PEM. */
export interface TlsClientMaterial {
  /** What is trusted; without it, the list of the platform. */
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** Name asked for (SNI) and checked; default: the host of the URL. */
  readonly serverName?: string;
  /** False only where a procedure judges the certificate itself. Default true. */
  readonly verify?: boolean;
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** OpenSSL cipher list. */
  readonly ciphers?: string;
}

export interface HttpRequest {
  /** Sent as it is, also when it is no method at all. */
  readonly method: string;
  /** Absolute `http:` or `https:` URL. Its path and query are sent as they are written after WHATWG parsing. */
  readonly url: string;
  /** Sent as they are, after `Host` and before `Content-Length` and `Connection`, unless these are in the list. */
  readonly headers?: HeaderList;
  readonly body?: Uint8Array | string;
  /** Sent instead of everything above except the address taken from `url`: for requests that are no HTTP. */
  readonly rawBytes?: Uint8Array;
}

export interface HttpLimits {
  /** Whole time for connection, hand-shake, sending and the whole response, in ms. */
  readonly timeoutMs: number;
  /** Largest response body taken, in bytes. Default 1 MiB. */
  readonly maxBodyBytes?: number;
}

/**
 * Why there is no response.
 * - `refused`: no connection (refused, no route, name unknown).
 * - `connect-timeout`: no connection or no TLS in time.
 * - `tls-failed`: the hand-shake failed, or the peer refused it afterwards by an alert.
 * - `timeout`: connected, but no whole response in time; `delivered` says whether the request had left.
 * - `reset`: the peer closed or reset before a whole response.
 * - `malformed`: what came is no HTTP/1.x response.
 * - `oversize`: the response is larger than the limit.
 */
export const HTTP_FAILURES = [
  'refused',
  'connect-timeout',
  'tls-failed',
  'timeout',
  'reset',
  'malformed',
  'oversize',
] as const;
export type HttpFailure = (typeof HTTP_FAILURES)[number];

/** Bytes in a form that JSON carries: text when they are UTF-8, base64 otherwise. */
export type BodyRecord =
  { readonly bytes: number; readonly text: string } | { readonly bytes: number; readonly base64: string };

export interface TlsInfo {
  readonly protocol: string;
  readonly cipher: string;
  readonly alpn: string | null;
  /** SHA-256 over the DER of the peer's leaf certificate, hexadecimal; null when it sent none. */
  readonly peerCertificateSha256: string | null;
  readonly authorized: boolean;
}

export interface HttpResponse {
  readonly status: number;
  readonly reasonPhrase: string;
  readonly httpVersion: string;
  readonly headers: HeaderList;
  readonly body: BodyRecord;
}

/** Milliseconds since the connection was asked for; null for what did not happen. */
export interface HttpTimes {
  readonly connectedMs: number | null;
  readonly secureMs: number | null;
  readonly sentMs: number | null;
  readonly firstByteMs: number | null;
  readonly endMs: number;
}

/** One request and what came of it: plain JSON, the shape of an `http-exchange` observation. */
export interface HttpExchange {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: HeaderList;
    readonly body: BodyRecord;
  };
  /** The connection stood, TLS too where asked for, and every byte was handed to the network and not refused by an alert. */
  readonly delivered: boolean;
  readonly response: HttpResponse | null;
  readonly failure: { readonly kind: HttpFailure; readonly detail: string } | null;
  readonly tls: TlsInfo | null;
  readonly times: HttpTimes;
}

/** A request that reached a listener of ours and what it was answered: the shape of an `http-received` observation. */
export interface HttpReceived {
  readonly method: string;
  /** Path and query exactly as received. */
  readonly path: string;
  readonly headers: HeaderList;
  readonly body: BodyRecord;
  readonly answered: { readonly status: number; readonly headers: HeaderList; readonly body: BodyRecord };
  /** `http` or `https`. */
  readonly scheme: 'http' | 'https';
  readonly from: string;
}
