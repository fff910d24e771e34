import { REPORT_SECTIONS, type ReportSection } from '../../domain/disclosure.ts';
import type { Finding } from '../../domain/verdict.ts';
import type { CaseStatus, Counts, ReportResult } from './outcome.ts';
import type { PREDICATE_TYPE, STATEMENT_TYPE } from './uris.ts';

/** A commitment to a hidden value: base64url SHA-256 of the disclosure. @see RFC 9901 §4.2.4.2 */
export interface Commitment {
  readonly '...': string;
}

/** Always all of them, in this order: which sections are empty must not show. */
export const SECTIONS = REPORT_SECTIONS;
export type SectionName = ReportSection;

export const SIGNATORY_ROLES = [
  'lab-system',
  'authorised-signatory',
  'co-signing-lab',
  'witnessing-lab',
] as const;
export type SignatoryRole = (typeof SIGNATORY_ROLES)[number];

export const TEST_TYPES = ['conformance', 'interoperability', 'end-to-end', 'security', 'Other'] as const;
export type TestType = (typeof TEST_TYPES)[number];

export interface Signatory {
  readonly lab: string;
  readonly role: SignatoryRole;
  /** Lower-case hexadecimal SHA-256 of the DER SubjectPublicKeyInfo. */
  readonly keyid: string;
  /** What the signature speaks for; `*` is everything. */
  readonly scope: readonly string[];
}

export type CaseEntry = readonly [number: string, status: CaseStatus, finding: Finding, detail: Commitment];

export type OverriddenCase = readonly [number: string, machine: Finding];

export interface Predicate {
  readonly schemaVersion: string;
  readonly _sd_alg: 'sha-256';
  readonly report: {
    readonly title: 'Test Report';
    readonly series: string;
    /** 128 random bits, base64url. */
    readonly campaign: string;
    readonly revision: number;
    readonly kind: 'original' | 'amendment' | 'replacement';
    readonly issuedAt: string;
    readonly reason?: string;
    readonly replaces?: { readonly revision: number; readonly payload: string };
    readonly components: { readonly cases: number; readonly sections: 12; readonly evidence: number };
  };
  readonly issuer: { readonly lab: string; readonly logOrigin: string };
  readonly signatories: readonly Signatory[];
  readonly signaturePolicy: { readonly labs: number; readonly roles: readonly SignatoryRole[] };
  readonly test: {
    readonly type: TestType;
    /** `role.interface` */
    readonly interfaces: readonly string[];
    readonly specifications: readonly { readonly name: string; readonly version: string }[];
  };
  readonly outcome: {
    readonly result: ReportResult;
    readonly decisionRule: string;
    readonly counts: Counts;
    /** Cases whose finding is a person's: what the machine had found stays visible to everybody. */
    readonly overridden?: readonly OverriddenCase[];
  };
  readonly time: {
    readonly performedFrom: string;
    readonly performedTo: string;
    readonly clock: { readonly source: string; readonly maxErrorMs: number };
  };
  readonly statements: {
    readonly itemsOnly: typeof ITEMS_ONLY;
    readonly reproduction: string;
    readonly accreditation?: string;
  };
  readonly cases: readonly CaseEntry[];
  readonly sections: readonly (readonly [name: SectionName, value: Commitment])[];
}

/** ISO/IEC 17025:2017, 7.8.2.1 l */
export const ITEMS_ONLY = 'The results relate only to the items tested.';

/** An in-toto Statement v1 with our predicate: what is signed. */
export interface Statement {
  readonly _type: typeof STATEMENT_TYPE;
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: typeof PREDICATE_TYPE;
  readonly predicate: Predicate;
}
