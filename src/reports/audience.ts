import type { SectionName } from '../attest/format/statement.ts';
import type { DisclosureRule } from '../domain/disclosure.ts';
import type { OrganisationId } from '../domain/ids.ts';
import type { ReportInput } from './input.ts';

/** A hidden part of a report, as far as it matters for who may open it. */
export type Part =
  | { readonly kind: 'section'; readonly section: SectionName }
  /** Inside of a section: about the product of one vendor. */
  | { readonly kind: 'product'; readonly section: SectionName; readonly owner: OrganisationId }
  | { readonly kind: 'case'; readonly plan: string; readonly number: string }
  /** Inside of a case: what was measured, and evidence. */
  | { readonly kind: 'measured'; readonly plan: string; readonly number: string };

export type Audience = ReadonlyMap<string, (part: Part) => boolean>;

/**
 * Who may open what: the lab everything, a vendor everything but what is of another vendor's product, and whoever the
 * campaign names what it says there. What is of one vendor's product, another vendor of the same report never sees.
 */
export function audienceOf({ lab, subjects, campaign }: ReportInput): Audience {
  const vendors = new Set<string>(subjects.map(({ organisation }) => organisation));
  const rules = Object.entries(campaign.request.disclosure ?? {});
  const all = (): boolean => true;
  const mayOpen = new Map<string, (part: Part) => boolean>([[lab.id, all]]);
  const isOwn = (vendor: string, part: Part): boolean =>
    part.kind === 'product' ? part.owner === vendor : vendors.size === 1 || !namesAllProducts(part);
  for (const vendor of vendors) mayOpen.set(vendor, (part) => isOwn(vendor, part));
  for (const [partner, rule] of rules) {
    const isVendor = vendors.has(partner);
    mayOpen.set(partner, (part) => follows(rule, part) && (!isVendor || isOwn(partner, part)));
  }
  mayOpen.set(lab.id, all);
  return mayOpen;
}

/** Whether somebody sees judgements without what was measured: only then measurements are hidden by themselves. */
export function hidesMeasurements({ lab, campaign }: ReportInput): boolean {
  return Object.entries(campaign.request.disclosure ?? {}).some(
    ([partner, { detail }]) => partner !== lab.id && detail === 'judgements',
  );
}

/** The O-RAN form names every product of a report, and cannot be taken apart. */
function namesAllProducts(part: Part): boolean {
  return part.kind === 'section' && part.section === 'oran-test-results';
}

function follows({ sections, cases, detail }: DisclosureRule, part: Part): boolean {
  switch (part.kind) {
    case 'section':
    case 'product':
      return sections === 'all' || sections.includes(part.section);
    case 'case':
      return seesCase(cases, part);
    case 'measured':
      return detail === 'whole' && seesCase(cases, part);
  }
}

function seesCase(
  cases: DisclosureRule['cases'],
  { plan, number }: { readonly plan: string; readonly number: string },
): boolean {
  return cases === 'all' || cases.includes(plan) || cases.includes(number);
}
