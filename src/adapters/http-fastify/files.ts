import type { FastifyReply } from 'fastify';

/** What a browser may be told that a file is. Anything else is bytes. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.jsonl': 'application/x-ndjson',
  '.ndjson': 'application/x-ndjson',
  '.pdf': 'application/pdf',
  '.pem': 'application/x-pem-file',
  '.txt': 'text/plain; charset=utf-8',
  '.xml': 'application/xml',
};

export interface SentFile {
  readonly name: string;
  readonly digest: string;
  readonly bytes: Uint8Array;
}

/** Sends bytes as a download that no browser runs: evidence and reports carry words of strangers. */
export function sendFile(reply: FastifyReply, { name, digest, bytes }: SentFile): FastifyReply {
  const base = name.slice(name.lastIndexOf('/') + 1).replaceAll(/[^A-Za-z0-9._-]/gu, '_');
  const dot = base.lastIndexOf('.');
  return reply
    .header('content-type', MEDIA_TYPES[dot < 0 ? '' : base.slice(dot)] ?? 'application/octet-stream')
    .header('content-disposition', `attachment; filename="${base}"`)
    .header('content-security-policy', "sandbox; default-src 'none'; style-src 'unsafe-inline'")
    .header('etag', `"${digest}"`)
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
