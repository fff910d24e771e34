import { describe, expect, it } from 'vitest';
import { type Progress, ResponseReader } from '../../../../../runners/interfaces/http/response-reader.ts';

function read(text: string, { method = 'GET', close = false, bytesAtATime = text.length } = {}): Progress {
  const reader = new ResponseReader(method, 50);
  let progress: Progress = { state: 'more' };
  for (let at = 0; at < text.length && progress.state === 'more'; at += bytesAtATime)
    progress = reader.push(Buffer.from(text.slice(at, at + bytesAtATime), 'latin1'));
  return progress.state === 'more' && close ? reader.end() : progress;
}

function bodyOf(progress: Progress): string {
  return progress.state === 'done' ? Buffer.from(progress.response.body).toString() : progress.state;
}

const CHUNKED =
  'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\nT: x\r\n\r\n';

describe('ResponseReader', () => {
  it.each([1, 2, 7, 1000])('reads chunks and skips interim responses, %i bytes at a time', (bytesAtATime) => {
    expect(bodyOf(read(CHUNKED, { bytesAtATime }))).toBe('abcde');
  });

  it('takes a body without a length to last until the peer closes', () => {
    expect(bodyOf(read('HTTP/1.0 200 OK\n\nhello', { close: true }))).toBe('hello');
  });

  it('ends a 204 with its head, and shows what was sent behind it', () => {
    expect(bodyOf(read('HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n'))).toBe('');
    expect(bodyOf(read('HTTP/1.1 204 No Content\r\n\r\nxx'))).toBe('xx');
  });

  it('does not wait for a body after HEAD', () => {
    expect(bodyOf(read('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', { method: 'HEAD' }))).toBe('');
  });

  it.each([
    ['no status line', 'garbage'],
    ['a bad status line', 'HTTP/2 200\r\n\r\n'],
    ['a header field without a name', 'HTTP/1.1 200 OK\r\n: x\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['a bad chunk size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n'],
    ['a chunk that is too long', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n'],
  ])('calls %s malformed', (_, text) => {
    expect(read(text)).toMatchObject({ state: 'bad', kind: 'malformed' });
  });

  it('refuses a body over the limit before it is there', () => {
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 51\r\n\r\n')).toMatchObject({ kind: 'oversize' });
  });

  it('refuses a head without end', () => {
    expect(read(`HTTP/1.1 200 OK\r\nA: ${'a'.repeat(70_000)}`)).toMatchObject({ kind: 'oversize' });
  });
});
