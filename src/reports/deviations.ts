import type { CaseRecord } from '../domain/case-record.ts';
import { isDisposition } from '../domain/verdict.ts';
import type { Json } from '../kernel/json.ts';
import { type CaseGroup, groupCases } from './group-cases.ts';
import { asJson, withoutAbsent } from './json.ts';
import type { Report, ReportedCase } from './report.ts';

/** In UDP it is another thing (RFC 6951). */
const SCTP_ON_IP = /^sctp:(?:kernel|ts-raw|usrsctp-raw)$/u;

/** How the standards carry each interface. What is not in here, no statement is made about. */
const STANDARD_TRANSPORTS: Readonly<Record<string, RegExp>> = {
  a1: /^http\/\S+ tls1\.[23]$/u,
  r1: /^http\/\S+ tls1\.[23]$/u,
  o2: /^http\/\S+ tls1\.[23]$/u,
  ves: /^http\/\S+ tls1\.[23]$/u,
  o1: /^netconf\S* (?:ssh|tls)/u,
  'open-fronthaul-m': /^netconf\S* (?:ssh|tls)/u,
  e2: SCTP_ON_IP,
  f1: SCTP_ON_IP,
  e1: SCTP_ON_IP,
  ng: SCTP_ON_IP,
  xn: SCTP_ON_IP,
};

/**
 * Additions to, deviations from, and exclusions from the method: adapted procedures, peers that were no equipment,
 * transports that are not the standard's own, judgements without a capture, cases left out and why.
 * @see ISO/IEC 17025:2017, 7.8.2.1 n
 */
export function deviations({ cases }: Report): readonly CaseGroup[] {
  return groupCases(
    cases.flatMap((one) => {
      const found = withoutAbsent({ ...procedure(one), ...exclusion(one), ...conduct(one.last.record) });
      return Object.keys(found).length === 0 ? [] : [[one.number, found] as const];
    }),
  );
}

function procedure({ case: { level, adaptation } }: ReportedCase): Record<string, Json | undefined> {
  return level === 'S1' ? {} : { level, adaptation: adaptation ?? null };
}

/** What was not judged is left out of the method, for whatever reason. */
function exclusion({ last }: ReportedCase): Record<string, Json | undefined> {
  if (!isDisposition(last.finding)) return {};
  const outcome = last.record?.outcome;
  const reason = outcome?.kind === 'notJudged' ? asJson(outcome.reason) : null;
  return { leftOut: { disposition: last.finding, reason } };
}

function conduct(record: CaseRecord | null): Record<string, Json | undefined> {
  if (record?.outcome.kind !== 'judged') return {};
  const standIns = record.peers.filter(({ filledBy }) => filledBy !== 'equipment');
  const transports = Object.entries(record.transports).filter(
    ([name, carriedBy]) => STANDARD_TRANSPORTS[name]?.test(carriedBy) === false,
  );
  const captured = record.evidence.some(({ role }) => role === 'capture');
  return {
    standIns: standIns.length === 0 ? undefined : standIns.map((peer) => ({ ...peer })),
    transports: transports.length === 0 ? undefined : Object.fromEntries(transports),
    capture: captured ? undefined : 'none: the judgement rests on what the harness itself observed',
  };
}
