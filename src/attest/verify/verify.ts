import type { HarnessError, Reason } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import { toHex } from '../format/base64.ts';
import { parseEnvelope } from '../format/envelope.ts';
import type { Counts, ReportResult } from '../format/outcome.ts';
import type { Signatory, Statement } from '../format/statement.ts';
import { sha256 } from './digest.ts';
import { type Disclosed, reveal } from './disclosures.ts';
import { orRefuse, Refusal } from './refusal.ts';
import { checkSignatories, keysThatSigned, type Signer, splitAwaited } from './signatures.ts';
import { checkStatement, parseStatement } from './statement.ts';
import type { Trust } from './trust.ts';

export interface VerifyInput {
  readonly envelopeBytes: Uint8Array;
  /** The JSON array of disclosures that came with the report. */
  readonly disclosures?: Uint8Array;
  readonly trust: Trust;
  /** Milliseconds since the epoch, by the clock of whoever verifies. */
  readonly now: number;
  /** Labs whose co-signature may still be missing. Only for those who co-sign or merge: such a report is not complete. */
  readonly awaiting?: (lab: string) => boolean;
}

/** How much of the hidden part was opened. */
export interface Visibility {
  readonly opened: number;
  readonly of: number;
  readonly hidden: readonly string[];
}

export interface Accepted {
  readonly status: 'accepted';
  readonly reasons: readonly [];
  /** Lower-case hexadecimal SHA-256 of the signed bytes: what two partners compare. */
  readonly payloadSha256: string;
  readonly report: {
    readonly series: string;
    readonly campaign: string;
    readonly revision: number;
    readonly lab: string;
    readonly issuedAt: string;
    readonly result: ReportResult;
    readonly counts: Counts;
  };
  readonly signers: readonly Signer[];
  /** Always empty, unless whoever verified said whom to wait for: see `VerifyInput.awaiting`. */
  readonly awaited: readonly Signatory[];
  /** A signatory vouches for itself: the keys were made by whoever made the report. */
  readonly selfDeclared: boolean;
  readonly cases: Visibility;
  readonly sections: Visibility;
  /** Parts inside of opened sections and cases that stay hidden. */
  readonly hiddenInside: number;
  readonly disclosed: Readonly<Record<string, Json>>;
  readonly statement: Statement;
}

export interface Refused {
  readonly status: 'refused';
  readonly reasons: readonly [Reason];
}

/** Says always what was not seen: an acceptance is of the signed part, never of what stayed hidden. */
export type Verification = Accepted | Refused;

/**
 * Checks a signed report off line: signatures over the very bytes first, and only then what they say.
 * Fails closed, with the first reason. Needs no network, no store and no key but those in `trust`.
 */
export function verifyReport(input: VerifyInput): Verification {
  try {
    return verify(input);
  } catch (error) {
    if (error instanceof Refusal) return { status: 'refused', reasons: [error.reason] };
    throw error;
  }
}

/** A verification that could not begin, such as for want of a sound trust folder. */
export function refusedBy(error: HarnessError): Refused {
  return { status: 'refused', reasons: [{ code: error.code, text: error.message }] };
}

function verify({ envelopeBytes, disclosures, trust, now, awaiting }: VerifyInput): Accepted {
  const envelope = orRefuse(parseEnvelope(envelopeBytes));
  const signed = keysThatSigned(envelope, trust);
  const statement = parseStatement(envelope.payload);
  checkStatement(statement, now);
  const { due, awaited } = splitAwaited(statement.predicate, signed, awaiting ?? nobody);
  const signers = checkSignatories(due, signed, trust);
  const disclosed = reveal(statement, disclosures);
  const { report, issuer, outcome } = statement.predicate;
  return {
    status: 'accepted',
    reasons: [],
    payloadSha256: toHex(sha256(envelope.payload)),
    report: {
      series: report.series,
      campaign: report.campaign,
      revision: report.revision,
      lab: issuer.lab,
      issuedAt: report.issuedAt,
      result: outcome.result,
      counts: outcome.counts,
    },
    signers,
    awaited,
    selfDeclared: signers.some(({ selfDeclared }) => selfDeclared),
    ...visibility(disclosed),
    statement,
  };
}

const nobody = (): boolean => false;

function visibility(seen: Disclosed): Pick<Accepted, 'cases' | 'sections' | 'hiddenInside' | 'disclosed'> {
  const named = (kind: string, values: ReadonlyMap<string, Json>): (readonly [string, Json])[] =>
    [...values].map(([name, value]) => [`${kind}:${name}`, value] as const);
  return {
    cases: countOf(seen.cases, seen.hiddenCases),
    sections: countOf(seen.sections, seen.hiddenSections),
    hiddenInside: seen.hiddenInside,
    disclosed: Object.fromEntries([...named('section', seen.sections), ...named('case', seen.cases)]),
  };
}

function countOf(open: ReadonlyMap<string, Json>, hidden: readonly string[]): Visibility {
  return { opened: open.size, of: open.size + hidden.length, hidden };
}
