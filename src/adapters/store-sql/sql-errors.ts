import type { Code } from '../../kernel/codes.ts';
import { HarnessError } from '../../kernel/errors.ts';

/** SQLSTATE classes and codes, and errno names, that mean the database is out of reach. */
const UNREACHABLE =
  /^(?:08...|57P0[1-5]|53300|E(?:CONNREFUSED|CONNRESET|PIPE|NOENT|TIMEDOUT|HOSTUNREACH|NETUNREACH|AI_AGAIN)|ENOTFOUND|EACCES)$/;
const UNREACHABLE_TEXT =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|not queryable|pool after calling end/i;
/** disk_full */
const FULL = '53100';
/** serialization_failure, deadlock_detected: the database chose this transaction to give way. */
const GIVES_WAY = new Set(['40001', '40P01']);
/** exclusion_violation, unique_violation */
const TAKEN = new Set(['23P01', '23505']);
/** foreign_key_violation */
const ORPHAN = '23503';

export function sqlCode(error: unknown): string {
  const { code } = Object(error) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}

export function constraintOf(error: unknown): string {
  const { constraint } = Object(error) as { constraint?: unknown };
  return typeof constraint === 'string' ? constraint : '';
}

export function isTaken(error: unknown): boolean {
  return TAKEN.has(sqlCode(error));
}

export function givesWay(error: unknown): boolean {
  return GIVES_WAY.has(sqlCode(error));
}

/** Gives what the database threw one of our codes. */
export function fromSql(error: unknown): HarnessError {
  return HarnessError.from(error, codeOf(error));
}

function codeOf(error: unknown): Code {
  const code = sqlCode(error);
  const text = error instanceof Error ? error.message : '';
  if (code === FULL || code === 'ENOSPC' || /no space left on device/i.test(text)) return 'STORE_FULL';
  if (UNREACHABLE.test(code) || UNREACHABLE_TEXT.test(text)) return 'STORE_UNAVAILABLE';
  if (GIVES_WAY.has(code)) return 'CONFLICT';
  if (TAKEN.has(code)) return 'ALREADY_EXISTS';
  if (code === ORPHAN) return 'NOT_FOUND';
  return 'UNEXPECTED';
}
