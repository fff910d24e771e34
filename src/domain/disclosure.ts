import type { OrganisationId } from './ids.ts';

/** The parts of a report that are hidden at first; always all of them, in this order. */
export const REPORT_SECTIONS = [
  'customer',
  'laboratory',
  'items',
  'testbed',
  'method',
  'deviations',
  'conditions',
  'opinions',
  'external-results',
  'personnel',
  'evidence-index',
  'oran-test-results',
] as const;
export type ReportSection = (typeof REPORT_SECTIONS)[number];

/** A plan, or `plan:case`. */
export const CASE_CHOICE = '^[a-z0-9][a-z0-9._-]{0,63}(?::[A-Za-z0-9._#-]{1,100})?$';

export const CASE_DETAILS = ['whole', 'judgements'] as const;
export type CaseDetail = (typeof CASE_DETAILS)[number];

/** What a partner may open in the reports of a campaign. Numbers, statuses and findings of cases everybody sees. */
export interface DisclosureRule {
  readonly sections: 'all' | readonly ReportSection[];
  /** Plans (`a1-producer`) or single cases (`a1-producer:A1-003`). */
  readonly cases: 'all' | readonly string[];
  /** `judgements` leaves out what was measured, and evidence. */
  readonly detail: CaseDetail;
}

/** By partner. Whoever is not in it has what is his by default: the lab all, a vendor all but others' products. */
export type DisclosurePolicy = Readonly<Record<OrganisationId, DisclosureRule>>;
