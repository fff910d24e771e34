import { canonicalBytes } from '../../kernel/canonical-json.ts';
import { HarnessError, type Reason, reason } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { toHex } from './base64.ts';
import type { Sha256 } from './disclosure.ts';
import { checkSchema } from './schema.ts';
import { type STATUS_OPS, STATUS_SCHEMA } from './status-schema.ts';
import { parseStrictJson } from './strict-json.ts';
import { STATEMENT_TYPE, STATUS_PREDICATE_TYPE } from './uris.ts';

export type StatusOp = (typeof STATUS_OPS)[number];

/** One revision of a report: its number and the lower-case hexadecimal SHA-256 of its signed bytes. */
export interface RevisionRef {
  readonly revision: number;
  readonly payload: string;
}

/** What a status statement says. */
export interface ReportStatus {
  readonly op: StatusOp;
  /** The report's key, the same for all its revisions: {@link reportKey}. */
  readonly rk: string;
  /** The revision that the statement is about, and the SHA-256 of its signed bytes. */
  readonly rev: number;
  readonly payload: string;
  /** For people: why. */
  readonly reason: string;
  /** RFC 3339, UTC: from when on it counts. */
  readonly effective: string;
  /** The keyid of the authorised signatory, who has to have signed with it. */
  readonly authorisedBy: string;
  /** The revision that takes over; exactly with `amend` and `replace`. */
  readonly replacedBy?: RevisionRef;
}

/** Names a report over all its revisions; whoever does not know the campaign cannot guess it. */
export interface ReportName {
  readonly lab: string;
  /** 128 random bits, base64url. */
  readonly campaign: string;
  readonly series: string;
}

/** Largest status statement that is read, with its envelope. */
export const MAX_STATUS_BYTES = 64 * 1024;
const MAX_LISTED = 5;
const utf8 = new TextEncoder();

/**
 * SHA-256 of `oran-report-key/v1`, lab, campaign and series with zero bytes between, in hexadecimal. It has no nonce, so
 * that one report has one key: a lab cannot give out two first revisions unseen.
 */
export function reportKey({ lab, campaign, series }: ReportName, sha256: Sha256): string {
  return toHex(sha256(utf8.encode(['oran-report-key/v1', lab, campaign, series].join('\0'))));
}

/**
 * The bytes to be signed by the lab's system and its authorised signatory, in the same DSSE envelope as a report.
 * Throws `INPUT_INVALID` for a status that no reader would take.
 */
export function renderStatus(status: ReportStatus): Uint8Array {
  const { op, rk, rev, payload, reason: why, effective, authorisedBy, replacedBy } = status;
  const statement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: 'report', digest: { sha256: payload } }],
    predicateType: STATUS_PREDICATE_TYPE,
    predicate: {
      ...{ schemaVersion: '1.0', op, rk, rev, payload, reason: why, effective, authorisedBy },
      ...(replacedBy === undefined ? {} : { replacedBy: { ...replacedBy } }),
    },
  };
  const problems = problemsOf(statement);
  if (problems.length > 0) throw new HarnessError('INPUT_INVALID', `not a status: ${problems.join('; ')}`);
  return canonicalBytes(statement);
}

/** Reads bytes whose signatures have been verified. */
export function parseStatus(verified: Uint8Array): Result<ReportStatus, Reason> {
  const json = parseStrictJson(verified);
  if (!json.ok) return json;
  const problems = problemsOf(json.value);
  if (problems.length > 0) return err(reason('VERIFY_STATUS_MALFORMED', problems.join('; ')));
  return ok(asStatus(json.value));
}

function problemsOf(statement: Json): readonly string[] {
  const problems = checkSchema(STATUS_SCHEMA, statement);
  if (problems.length > 0) return problems.slice(0, MAX_LISTED);
  const { rev, payload, replacedBy, effective } = asStatus(statement);
  if (subjectOf(statement) !== payload) return ['the subject is not the payload that the status is about'];
  if (replacedBy !== undefined && replacedBy.revision <= rev)
    return ['a revision is replaced by a later one'];
  if (Number.isNaN(Date.parse(effective))) return ['effective is a time that does not exist'];
  return [];
}

/** The schema has just been checked, which is what makes these casts true. */
function asStatus(statement: Json): ReportStatus {
  return (statement as unknown as { readonly predicate: ReportStatus }).predicate;
}

function subjectOf(statement: Json): string | undefined {
  const { subject } = statement as unknown as {
    readonly subject: readonly { readonly digest: { sha256: string } }[];
  };
  return subject[0]?.digest.sha256;
}
