import type { HeaderList, HttpFailure } from './types.ts';

export interface RawResponse {
  readonly status: number;
  readonly reasonPhrase: string;
  readonly httpVersion: string;
  readonly headers: HeaderList;
  readonly body: Uint8Array;
}

export type Progress =
  | { readonly state: 'more' }
  | { readonly state: 'done'; readonly response: RawResponse }
  | {
      readonly state: 'bad';
      readonly kind: Extract<HttpFailure, 'malformed' | 'oversize'>;
      readonly detail: string;
    };

const MAX_HEAD_BYTES = 64 * 1024;
const MAX_CHUNK_LINE_BYTES = 1024;
const MORE: Progress = { state: 'more' };
const STATUS_LINE = /^HTTP\/(1\.[01]) ([1-9][0-9]{2})(?: (.*))?$/u;
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;

interface Head {
  readonly status: number;
  readonly reasonPhrase: string;
  readonly httpVersion: string;
  readonly headers: HeaderList;
}

type Framing =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-close' };

/**
 * Reads one HTTP/1.x response from bytes as they come; interim (1xx) responses are skipped.
 * What breaks the syntax is the peer's fault and comes out as `bad`, never as an exception.
 * @see RFC 9112 §4–§7
 */
export class ResponseReader {
  readonly #method: string;
  readonly #maxBodyBytes: number;
  #buffer: Buffer = Buffer.alloc(0);
  #head: Head | null = null;
  #framing: Framing = { kind: 'until-close' };
  #body: Buffer[] = [];
  #bodyBytes = 0;
  /** What is left of the chunk under way; null between chunks. */
  #chunkLeft: number | null = null;
  #inTrailer = false;

  constructor(method: string, maxBodyBytes: number) {
    this.#method = method;
    this.#maxBodyBytes = maxBodyBytes;
  }

  push(bytes: Buffer): Progress {
    this.#buffer = this.#buffer.byteLength === 0 ? bytes : Buffer.concat([this.#buffer, bytes]);
    if (this.#head === null) {
      const read = this.#readHead();
      if (read !== null) return read;
    }
    return this.#readBody();
  }

  /** The peer has closed its side. */
  end(): Progress {
    if (this.#head !== null && this.#framing.kind === 'until-close') return this.#done();
    return MORE;
  }

  get started(): boolean {
    return this.#head !== null || this.#buffer.byteLength > 0;
  }

  /** Null when a final head has been read. */
  #readHead(): Progress | null {
    for (;;) {
      const end = headEnd(this.#buffer);
      if (end === null) {
        if (this.#buffer.byteLength > MAX_HEAD_BYTES) return bad('oversize', 'the head is too large');
        const start = this.#buffer.subarray(0, 5).toString('latin1');
        return 'HTTP/'.startsWith(start) || start === 'HTTP/' ? MORE : bad('malformed', 'no status line');
      }
      if (end.at > MAX_HEAD_BYTES) return bad('oversize', 'the head is too large');
      const head = parseHead(this.#buffer.subarray(0, end.at).toString('latin1'));
      if (typeof head === 'string') return bad('malformed', head);
      this.#buffer = this.#buffer.subarray(end.at + end.length);
      if (head.status < 200 && head.status !== 101) continue;
      const framing = framingOf(head, this.#method);
      if (typeof framing === 'string') return bad('malformed', framing);
      this.#head = head;
      this.#framing = framing;
      return null;
    }
  }

  #readBody(): Progress {
    const framing = this.#framing;
    if (framing.kind === 'chunked') return this.#readChunks();
    const wanted = framing.kind === 'length' ? framing.bytes - this.#bodyBytes : this.#buffer.byteLength;
    if (framing.kind === 'length' && framing.bytes > this.#maxBodyBytes) return this.#tooLarge();
    if (!this.#take(wanted)) return this.#tooLarge();
    return framing.kind === 'length' && this.#bodyBytes === framing.bytes ? this.#done() : MORE;
  }

  #readChunks(): Progress {
    for (;;) {
      if (this.#chunkLeft === null) {
        const line = this.#takeLine();
        if (line === null)
          return this.#buffer.byteLength > MAX_CHUNK_LINE_BYTES
            ? bad('malformed', 'a chunk header without end')
            : MORE;
        if (this.#inTrailer) {
          if (line === '') return this.#done();
          continue;
        }
        const size = /^([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?$/u.exec(line)?.[1];
        if (size === undefined) return bad('malformed', 'a chunk size is no hexadecimal number');
        this.#chunkLeft = Number.parseInt(size, 16);
        if (this.#chunkLeft === 0) {
          this.#inTrailer = true;
          this.#chunkLeft = null;
          continue;
        }
      }
      const before = this.#bodyBytes;
      if (!this.#take(this.#chunkLeft)) return this.#tooLarge();
      this.#chunkLeft -= this.#bodyBytes - before;
      if (this.#chunkLeft > 0 || this.#buffer.byteLength < 2) return MORE;
      if (this.#takeLine() !== '') return bad('malformed', 'a chunk does not end where its size says');
      this.#chunkLeft = null;
    }
  }

  /** Moves up to `wanted` bytes to the body; false when the body gets too large. */
  #take(wanted: number): boolean {
    const part = this.#buffer.subarray(0, wanted);
    if (part.byteLength === 0) return true;
    this.#bodyBytes += part.byteLength;
    if (this.#bodyBytes > this.#maxBodyBytes) return false;
    this.#body.push(part);
    this.#buffer = this.#buffer.subarray(part.byteLength);
    return true;
  }

  #takeLine(): string | null {
    const at = this.#buffer.indexOf(0x0a);
    if (at < 0 || at > MAX_CHUNK_LINE_BYTES) return null;
    const line = this.#buffer.subarray(0, at).toString('latin1').replace(/\r$/u, '');
    this.#buffer = this.#buffer.subarray(at + 1);
    return line;
  }

  #tooLarge(): Progress {
    return bad('oversize', `the body is larger than ${this.#maxBodyBytes} bytes`);
  }

  #done(): Progress {
    const head = this.#head;
    if (head === null) return MORE;
    // A 204 ends with its head (RFC 9112 §6.3); what was sent behind it all the same is worth seeing.
    const body =
      head.status === 204 ? this.#buffer.subarray(0, this.#maxBodyBytes) : Buffer.concat(this.#body);
    return { state: 'done', response: { ...head, body } };
  }
}

function headEnd(buffer: Buffer): { at: number; length: number } | null {
  const crlf = buffer.indexOf('\r\n\r\n');
  const lf = buffer.indexOf('\n\n');
  if (crlf >= 0 && (lf < 0 || crlf < lf)) return { at: crlf, length: 4 };
  return lf >= 0 ? { at: lf, length: 2 } : null;
}

/** The head, or what is wrong with it. */
function parseHead(text: string): Head | string {
  const [first = '', ...lines] = text.split(/\r?\n/u);
  const [, httpVersion, status, reasonPhrase = ''] = STATUS_LINE.exec(first) ?? [];
  if (httpVersion === undefined || status === undefined) return 'no HTTP/1.x status line';
  const headers: [string, string][] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0));
    if (!FIELD_NAME.test(name)) return 'a header field without a valid name';
    headers.push([name, line.slice(colon + 1).trim()]);
  }
  return { status: Number(status), reasonPhrase, httpVersion, headers };
}

/** RFC 9112 §6.3: how long the body is, or what is wrong. */
function framingOf({ status, headers }: Head, method: string): Framing | string {
  if (method === 'HEAD' || status === 204 || status === 304) return { kind: 'length', bytes: 0 };
  const values = (name: string): string[] =>
    headers.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value.toLowerCase());
  const codings = values('transfer-encoding');
  const lengths = new Set(values('content-length').flatMap((value) => value.split(',').map((v) => v.trim())));
  if (codings.length > 0)
    return codings.join(',').trim().endsWith('chunked') ? { kind: 'chunked' } : { kind: 'until-close' };
  if (lengths.size > 1) return 'different Content-Length values';
  const [length] = lengths;
  if (length !== undefined && !/^[0-9]{1,15}$/u.test(length)) return 'Content-Length is no number';
  if (length !== undefined) return { kind: 'length', bytes: Number(length) };
  return { kind: 'until-close' };
}

function bad(kind: 'malformed' | 'oversize', detail: string): Progress {
  return { state: 'bad', kind, detail };
}
