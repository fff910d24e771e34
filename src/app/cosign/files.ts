import { parseEnvelope } from '../../attest/format/envelope.ts';
import { checkSchema } from '../../attest/format/schema.ts';
import { STATEMENT_SCHEMA } from '../../attest/format/statement-schema.ts';
import type { Statement } from '../../attest/format/statement.ts';
import { parseStrictJson } from '../../attest/format/strict-json.ts';
import { HarnessError, type Reason } from '../../kernel/errors.ts';
import type { Result } from '../../kernel/result.ts';

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
