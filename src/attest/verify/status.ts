import { toHex } from '../format/base64.ts';
import { parseEnvelope } from '../format/envelope.ts';
import {
  MAX_STATUS_BYTES,
  parseStatus,
  type ReportStatus,
  reportKey,
  type RevisionRef,
  type StatusOp,
} from '../format/status.ts';
import type { ReadPredicate } from '../format/case-list.ts';
import { CLOCK_TOLERANCE_MS } from './clock.ts';
import { sha256 } from './digest.ts';
import { orRefuse, refuse } from './refusal.ts';
import { keysThatSigned } from './signatures.ts';
import type { Trust, TrustedKey } from './trust.ts';

/** Harmless to worst. */
export const STANDINGS = ['CURRENT', 'AMENDED', 'SUSPENDED', 'WITHDRAWN'] as const;
export type StandingState = (typeof STANDINGS)[number];

/** What became of a report, as far as the statements go that were given. */
export interface Standing {
  readonly state: StandingState;
  /** What made it so; absent while nothing has. */
  readonly since?: string;
  readonly reason?: string;
  readonly lab?: string;
  readonly replacedBy?: RevisionRef;
}

/** What each statement makes of a report; a missing cell cannot be. */
const MOVES: Readonly<Record<StandingState, Readonly<Partial<Record<StatusOp, StandingState>>>>> = {
  CURRENT: { suspend: 'SUSPENDED', withdraw: 'WITHDRAWN', amend: 'AMENDED', replace: 'AMENDED' },
  AMENDED: { withdraw: 'WITHDRAWN' },
  SUSPENDED: { reinstate: 'CURRENT', withdraw: 'WITHDRAWN', amend: 'AMENDED', replace: 'AMENDED' },
  WITHDRAWN: { replace: 'WITHDRAWN' },
};

const UNTOUCHED: Standing = { state: 'CURRENT' };

export interface StatusInput {
  /** Status statements in their envelopes, in any order. */
  readonly envelopes: readonly Uint8Array[];
  readonly trust: Trust;
  readonly now: number;
}

/** The report that the statements have to be about. */
export interface About {
  readonly predicate: ReadPredicate;
  readonly payloadSha256: string;
}

/**
 * What became of the report. Every statement must be signed by a lab that may make it, and be about this report; one that
 * takes effect later does not count yet. A lab's statements must make sense in the order of their times.
 */
export function judgeStanding({ envelopes, trust, now }: StatusInput, about: About): Standing {
  const said = distinct(envelopes).map((bytes, index) => {
    const statement = openStatement(bytes, trust, `status statement ${index + 1}`);
    checkAbout(statement.status, about);
    checkMaySay(statement, about.predicate);
    return statement;
  });
  const inEffect = said
    .filter(({ status }) => Date.parse(status.effective) <= now + CLOCK_TOLERANCE_MS)
    .sort((a, b) => Date.parse(a.status.effective) - Date.parse(b.status.effective));
  const labs = new Set(inEffect.map(({ lab }) => lab));
  const { revision } = about.predicate.report;
  const standings = [...labs].map((lab) =>
    inEffect.filter((one) => one.lab === lab).reduce((from, one) => advanced(from, one, revision), UNTOUCHED),
  );
  const worst = [...standings].sort((a, b) => STANDINGS.indexOf(b.state) - STANDINGS.indexOf(a.state))[0];
  return worst ?? UNTOUCHED;
}

/** `VERIFY_WITHDRAWN` or `VERIFY_SUSPENDED`: what the labs that signed a report do not stand by is not accepted. */
export function refuseUnlessStanding({ state, since = '', reason = '', lab = '' }: Standing): void {
  const text = `${lab} says since ${since}: ${reason}`;
  if (state === 'WITHDRAWN') refuse('VERIFY_WITHDRAWN', text);
  if (state === 'SUSPENDED') refuse('VERIFY_SUSPENDED', text);
}

interface SaidStatus {
  readonly status: ReportStatus;
  readonly lab: string;
}

function distinct(envelopes: readonly Uint8Array[]): readonly Uint8Array[] {
  return [...new Map(envelopes.map((bytes) => [toHex(sha256(bytes)), bytes])).values()];
}

function openStatement(bytes: Uint8Array, trust: Trust, where: string): SaidStatus {
  if (bytes.length > MAX_STATUS_BYTES) refuse('VERIFY_STATUS_MALFORMED', `${where} is larger than any`);
  const envelope = orRefuse(parseEnvelope(bytes));
  const signed = keysThatSigned(envelope, trust);
  const status = orRefuse(parseStatus(envelope.payload));
  const effective = Date.parse(status.effective);
  const fit = [...signed.keys()].filter((key) => isFit(key, effective));
  const signatory = fit.find((key) => isSignatory(key, status));
  const system = fit.some(
    (key) => key !== signatory && key.lab === signatory?.lab && key.uses.includes('report-system'),
  );
  if (signatory === undefined || !system) {
    return refuse('VERIFY_STATUS_SIGNATURE', `${where} is not signed by a lab's system and its signatory`);
  }
  return { status, lab: signatory.lab };
}

function isFit({ validFrom, validTo, revokedAt }: TrustedKey, effective: number): boolean {
  return revokedAt === undefined && effective >= validFrom && effective <= validTo;
}

function isSignatory({ keyid, uses }: TrustedKey, { authorisedBy }: ReportStatus): boolean {
  return keyid === authorisedBy && uses.includes('authorised-signatory');
}

function checkAbout(
  { rk, rev, payload, replacedBy }: ReportStatus,
  { predicate, payloadSha256 }: About,
): void {
  const { report, issuer } = predicate;
  if (rk !== reportKey({ ...report, lab: issuer.lab }, sha256)) {
    refuse(
      'VERIFY_STATUS_OTHER_REPORT',
      'a status statement is about a report of another campaign or series',
    );
  }
  const named = [{ revision: rev, payload }, ...(replacedBy === undefined ? [] : [replacedBy])];
  if (named.some((one) => one.revision === report.revision && one.payload !== payloadSha256)) {
    refuse('VERIFY_EQUIVOCATION', `revision ${report.revision} is other bytes than a signed statement says`);
  }
}

/** Only the lab that issued the report may do more than suspend and reinstate. */
function checkMaySay({ status: { op }, lab }: SaidStatus, { issuer, signatories }: ReadPredicate): void {
  const itsOwn = op === 'suspend' || op === 'reinstate';
  if (lab === issuer.lab || (itsOwn && signatories.some((one) => one.lab === lab))) return;
  refuse('VERIFY_STATUS_SIGNATURE', `${lab} cannot ${op} a report of ${issuer.lab}`);
}

function advanced(from: Standing, { status, lab }: SaidStatus, revision: number): Standing {
  const { op, rev, effective, reason, replacedBy } = status;
  // A revision that something is said of exists, and this one is not the last.
  if (rev > revision) return from.state === 'CURRENT' ? { state: 'AMENDED', since: effective, lab } : from;
  if (rev < revision) return from;
  const state = MOVES[from.state][op];
  if (state === undefined) {
    return refuse(
      'VERIFY_STATUS_ORDER',
      `${op} at ${effective} is not possible for a report that is ${from.state}`,
    );
  }
  if (state === from.state) return from;
  return { state, since: effective, reason, lab, ...(replacedBy === undefined ? {} : { replacedBy }) };
}
