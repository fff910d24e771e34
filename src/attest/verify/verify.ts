import type { HarnessError, Reason } from '../../kernel/errors.ts';
import type { Json } from '../../kernel/json.ts';
import type { Finding } from '../../domain/verdict.ts';
import { toHex } from '../format/base64.ts';
import type { ReadPredicate, ReadStatement } from '../format/case-list.ts';
import { parseEnvelope } from '../format/envelope.ts';
import type { Counts, ReportResult } from '../format/outcome.ts';
import type { OverriddenCase, Predicate, Signatory } from '../format/statement.ts';
import { sha256 } from './digest.ts';
import { type Disclosed, reveal } from './disclosures.ts';
import { orRefuse, Refusal } from './refusal.ts';
import { checkSignatories, keysThatSigned, type Signed, splitAwaited } from './signatures.ts';
import { checkStatement, parsePayload, readStatement } from './statement.ts';
import { judgeStanding, refuseUnlessStanding, type Standing } from './status.ts';
import { passedSteps, refusedAt, type Step, type StepReport } from './steps.ts';
import {
  checkKeyTime,
  checkStamps,
  type Signer,
  type Stamped,
  stampSignatures,
  type TimestampInput,
} from './times.ts';
import type { Trust } from './trust.ts';

export interface VerifyInput {
  readonly envelopeBytes: Uint8Array;
  /** The files of disclosures that came with the report, each a JSON list. */
  readonly disclosures?: readonly Uint8Array[];
  /** RFC 3161 time-stamps over its signatures. */
  readonly timestamps?: TimestampInput;
  /** Status statements about it, each in its envelope. */
  readonly statuses?: readonly Uint8Array[];
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
  readonly steps: readonly StepReport[];
  /** Lower-case hexadecimal SHA-256 of the signed bytes: what two partners compare. */
  readonly payloadSha256: string;
  readonly report: {
    readonly series: string;
    readonly campaign: string;
    readonly revision: number;
    readonly kind: Predicate['report']['kind'];
    readonly lab: string;
    readonly issuedAt: string;
    /** A time-stamp was made within ten minutes of `issuedAt`; otherwise that time is the word of the lab. */
    readonly issuedAtConfirmed: boolean;
    readonly result: ReportResult;
    readonly counts: Counts;
    /** Cases in which a person decided otherwise than the machine. */
    readonly overridden: readonly {
      readonly case: string;
      readonly machine: Finding;
      readonly person: Finding;
    }[];
  };
  readonly signers: readonly Signer[];
  /** Always empty, unless whoever verified said whom to wait for: see `VerifyInput.awaiting`. */
  readonly awaited: readonly Signatory[];
  /** A signatory vouches for itself: the keys were made by whoever made the report. */
  readonly selfDeclared: boolean;
  /** What became of the report; `null` when no status statement was given. */
  readonly standing: Standing | null;
  readonly cases: Visibility;
  readonly sections: Visibility;
  /** Parts inside of opened sections and cases that stay hidden. */
  readonly hiddenInside: number;
  /** Pieces of evidence whose bytes were checked, of those that the report rests on. */
  readonly evidence: { readonly checked: number; readonly of: number };
  readonly disclosed: Readonly<Record<string, Json>>;
  readonly statement: ReadStatement;
}

export interface Refused {
  readonly status: 'refused';
  readonly reasons: readonly [Reason];
  readonly steps: readonly StepReport[];
  /** What became of the report, where that is why it was refused. */
  readonly standing: Standing | null;
}

/** Says always what was not seen: an acceptance is of the signed part, never of what stayed hidden. */
export type Verification = Accepted | Refused;

/**
 * Checks a signed report off line: signatures over the very bytes first, and only then what they say.
 * Fails closed, with the first reason. Needs no network, no store and no key but those in `trust`.
 */
export function verifyReport(input: VerifyInput): Verification {
  const trail: Trail = { at: 'envelope', skipped: new Map(SKIPPED_FOR_NOW), standing: null };
  try {
    return verify(input, trail);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      ...{ status: 'refused', reasons: [error.reason] },
      ...{ steps: refusedAt(trail.at, trail.skipped), standing: trail.standing },
    };
  }
}

/** A verification that could not begin, such as for want of a sound trust folder. */
export function refusedBy(error: HarnessError): Refused {
  const reasons = [{ code: error.code, text: error.message }] as const;
  return { status: 'refused', reasons, steps: refusedAt('trust'), standing: null };
}

/** Where a verification is, what it left out, and what it found out before it was refused. */
interface Trail {
  at: Step;
  readonly skipped: Map<Step, string>;
  standing: Standing | null;
}

/** The place of the transparency log and its witnesses, which come later. */
const SKIPPED_FOR_NOW: readonly (readonly [Step, string])[] = [
  [
    'log',
    'this version knows no transparency log: whether the lab shows everybody the same report is not checked',
  ],
  ['witnesses', 'there is no log to be witnessed'],
  ['evidence', 'no folder of evidence was given'],
];

function verify(input: VerifyInput, trail: Trail): Accepted {
  const { trust, now } = input;
  const envelope = orRefuse(parseEnvelope(input.envelopeBytes));
  trail.at = 'signatures';
  const signed = keysThatSigned(envelope, trust);
  trail.at = 'payload';
  const json = parsePayload(envelope.payload);
  trail.at = 'statement';
  const statement = readStatement(json);
  checkStatement(statement, now);
  const { predicate } = statement;
  trail.at = 'signatories';
  const { due, awaited } = splitAwaited(predicate, signed, input.awaiting ?? nobody);
  const found = checkSignatories(due, signed, trust);
  const issuedAt = Date.parse(predicate.report.issuedAt);
  trail.at = 'timestamps';
  const { stamped, confirmed } = checkTimestamps({ input, signed, issuedAt }, trail);
  trail.at = 'keyTimes';
  const signers = found.map((one) => checkKeyTime(one, { signed, stamped, issuedAt }));
  trail.at = 'status';
  const payloadSha256 = toHex(sha256(envelope.payload));
  checkStanding(input, { predicate, payloadSha256 }, trail);
  trail.at = 'disclosures';
  const seen = reveal(statement, input.disclosures ?? []);
  return {
    ...{ status: 'accepted', reasons: [], steps: passedSteps(trail.skipped), payloadSha256 },
    report: { ...coverOf(predicate), issuedAtConfirmed: confirmed },
    signers,
    awaited,
    selfDeclared: signers.some(({ selfDeclared }) => selfDeclared),
    standing: trail.standing,
    ...visibility(seen, predicate),
    evidence: { checked: 0, of: predicate.report.components.evidence },
    statement,
  };
}

const nobody = (): boolean => false;

interface TimestampsOf {
  readonly input: VerifyInput;
  readonly signed: Signed;
  readonly issuedAt: number;
}

function checkTimestamps(
  { input: { timestamps, now }, signed, issuedAt }: TimestampsOf,
  trail: Trail,
): { readonly stamped: Stamped; readonly confirmed: boolean } {
  if (timestamps === undefined || timestamps.files.length === 0) {
    trail.skipped.set('timestamps', 'no time-stamp was given: times are the word of the lab');
    return { stamped: new Map(), confirmed: false };
  }
  const stamped = stampSignatures(timestamps, [...signed.values()].flat());
  return { stamped, confirmed: checkStamps(stamped, issuedAt, now) };
}

function checkStanding(
  { statuses = [], trust, now }: VerifyInput,
  about: Parameters<typeof judgeStanding>[1],
  trail: Trail,
): void {
  if (statuses.length === 0) {
    trail.skipped.set(
      'status',
      'no status statement was given: whether the report still stands is not known',
    );
    return;
  }
  trail.standing = judgeStanding({ envelopes: statuses, trust, now }, about);
  refuseUnlessStanding(trail.standing);
}

function coverOf({
  report,
  issuer,
  outcome,
  cases,
}: ReadPredicate): Omit<Accepted['report'], 'issuedAtConfirmed'> {
  const { series, campaign, revision, kind, issuedAt } = report;
  const { overridden = [] } = outcome;
  const findings = new Map(
    overridden.length === 0 ? [] : Array.from(cases, ([number, , finding]) => [number, finding] as const),
  );
  const toOverride = ([number, machine]: OverriddenCase): Accepted['report']['overridden'][number] => ({
    ...{ case: number, machine, person: findings.get(number) ?? machine },
  });
  return {
    ...{ series, campaign, revision, kind, lab: issuer.lab, issuedAt },
    ...{ result: outcome.result, counts: outcome.counts },
    overridden: overridden.map(toOverride),
  };
}

function visibility(
  seen: Disclosed,
  { sections, cases }: ReadPredicate,
): Pick<Accepted, 'cases' | 'sections' | 'hiddenInside' | 'disclosed'> {
  const named = (kind: string, values: ReadonlyMap<string, Json>): (readonly [string, Json])[] =>
    [...values].map(([name, value]) => [`${kind}:${name}`, value] as const);
  return {
    cases: countOf(seen.cases, cases),
    sections: countOf(seen.sections, sections),
    hiddenInside: seen.hiddenInside,
    disclosed: Object.fromEntries([...named('section', seen.sections), ...named('case', seen.cases)]),
  };
}

/** The names of what is hidden are made when they are asked for: in a large report they are many. */
function countOf(
  open: ReadonlyMap<string, Json>,
  all: Iterable<readonly [name: string, ...unknown[]]> & { readonly length: number },
): Visibility {
  return {
    opened: open.size,
    of: all.length,
    get hidden() {
      return Array.from(all, ([name]) => name).filter((name) => !open.has(name));
    },
  };
}
