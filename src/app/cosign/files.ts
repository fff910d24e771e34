import { open } from 'node:fs/promises';
import { parseEnvelope } from '../../attest/format/envelope.ts';
import { checkSchema } from '../../attest/format/schema.ts';
import { STATEMENT_SCHEMA } from '../../attest/format/statement-schema.ts';
import type { Statement } from '../../attest/format/statement.ts';
import { parseStrictJson } from '../../attest/format/strict-json.ts';
import { HarnessError, type Reason } from '../../kernel/errors.ts';
import type { Result } from '../../kernel/result.ts';

/** A file of at most `maxBytes`, or one byte more of it, for whoever parses it to refuse. `NOT_FOUND` without one. */
export async function readAtMost(path: string, maxBytes: number): Promise<Uint8Array> {
  try {
    await using handle = await open(path);
    const chunks: Uint8Array[] = [];
    let left = maxBytes + 1;
    for await (const chunk of handle.createReadStream({ end: maxBytes }) as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
      left -= chunk.length;
      if (left <= 0) break;
    }
    return Buffer.concat(chunks);
  } catch (cause) {
    throw new HarnessError('NOT_FOUND', `${path} cannot be read`, { cause });
  }
}

/** The value, or a `HarnessError` with the reason and the file it is about. */
export function orThrow<T>(result: Result<T, Reason>, path: string): T {
  if (result.ok) return result.value;
  throw new HarnessError(result.error.code, `${path}: ${result.error.text}`);
}

/** What a report of one's own says, before anybody has verified it. `VERIFY_SCHEMA` when it is none. */
export function readOwnStatement(envelopeBytes: Uint8Array, path: string): Statement {
  const { payload } = orThrow(parseEnvelope(envelopeBytes), path);
  const json = orThrow(parseStrictJson(payload), path);
  const [problem] = checkSchema(STATEMENT_SCHEMA, json);
  if (problem !== undefined) throw new HarnessError('VERIFY_SCHEMA', `${path}: ${problem}`);
  // The schema has just been checked, which is what makes this cast true.
  return json as unknown as Statement;
}
