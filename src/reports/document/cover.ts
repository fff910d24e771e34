import type { ReportResult } from '../../attest/format/outcome.ts';
import { type Finding, FINDINGS } from '../../domain/verdict.ts';
import type { Contact } from '../../domain/organisation.ts';
import type { ReportInput } from '../input.ts';
import { compare, type Report } from '../report.ts';
import { type Block, code, facts, type Inline, lines, when } from './blocks.ts';

/** What a rendering says of the signed file it belongs to. */
export interface EnvelopeInfo {
  /** Lower-case hexadecimal SHA-256 of the signed bytes. */
  readonly payloadSha256: string;
  /** Given when the reader sees an extract. */
  readonly view?: { readonly disclosed: number; readonly items: number };
}

export interface Cover {
  readonly kind: string;
  readonly title: string;
  readonly subtitle: string;
  readonly result: ReportResult;
  readonly sentence: string;
  /** Findings that occur, in a fixed order. */
  readonly counts: readonly { readonly finding: Finding; readonly count: number }[];
  readonly cases: number;
  readonly blocks: readonly Block[];
  /** For running heads and the properties of a file. */
  readonly lab: string;
  readonly campaign: string;
  readonly revision: number;
  readonly issuedAt: string;
  readonly payloadSha256: string;
}

const KINDS = {
  original: 'Test Report',
  amendment: 'Amended Test Report',
  replacement: 'Replacement Test Report',
} as const satisfies Record<ReportInput['revision']['kind'], string>;

/** ISO/IEC 17025:2017, 7.8.2.1 a to j, and what the cover of a badging report has. */
export function coverOf(report: Report, { payloadSha256, view }: EnvelopeInfo): Cover {
  const { input, counts, cases, selfDeclared } = report;
  const { lab, campaign, revision, subjects } = input;
  return {
    kind: KINDS[revision.kind],
    title: subjects
      .map(({ product }) => [product.name, product.model].filter(Boolean).join(' '))
      .join(' with '),
    subtitle: report.sut,
    result: report.result,
    sentence: sentenceOf(report),
    counts: FINDINGS.filter((finding) => counts[finding] > 0).map((finding) => ({
      finding,
      count: counts[finding],
    })),
    cases: cases.length,
    lab: lab.name ?? lab.id,
    campaign: campaign.id,
    revision: revision.n,
    issuedAt: report.issuedAt,
    payloadSha256,
    blocks: [
      ...(selfDeclared ? [SELF_DECLARED] : []),
      ...(view === undefined ? [] : [extractNote(view)]),
      ...revisionNote(input),
      coverFacts(report, payloadSha256),
    ],
  };
}

function coverFacts(report: Report, payloadSha256: string): Block {
  const { input } = report;
  const { lab, campaign, revision, subjects } = input;
  return facts([
    ['Laboratory', lines(...(lab.name === undefined ? [lab.id] : [lab.name, lab.id]))],
    ['Address', lab.address ?? 'not stated'],
    ['Accreditation', lab.accreditation ?? 'none claimed'],
    ['Contact', contactsOf(lab.contacts)],
    ['Customer', customer(input)],
    [
      'Products of',
      lines(
        ...[...new Set(subjects.map(({ organisation }) => organisation))].map((id) => addressOf(id, input)),
      ),
    ],
    ['Tested at', placesOf(input)],
    ['Kind of test', report.type],
    ['Specifications', specifications(report)],
    ['Tests performed', `${when(report.performedFrom)} to ${when(report.performedTo)}`],
    ['Issued', when(report.issuedAt)],
    [
      'Report',
      lines(`revision ${revision.n} (${revision.kind})`, ['campaign reference ', code(campaign.reference)]),
    ],
    ['Signed bytes', code(`sha256:${payloadSha256}`)],
    ['Distribution', 'Confidential between the laboratory and those whose products were tested.'],
  ]);
}

const SELF_DECLARED: Block = {
  kind: 'text',
  tone: 'note',
  text: [
    { kind: 'strong', text: 'Self-declared. ' },
    'The keys that sign this report were made by whoever made the report. It shows what was measured; nobody else vouches for it.',
  ],
};

function extractNote({ disclosed, items }: NonNullable<EnvelopeInfo['view']>): Block {
  return {
    kind: 'text',
    tone: 'note',
    text: [{ kind: 'strong', text: 'Extract. ' }, `${disclosed} of ${items} items are disclosed.`],
  };
}

function revisionNote({ revision }: ReportInput): readonly Block[] {
  if (revision.kind === 'original') return [];
  const { replaces, reason, kind, n } = revision;
  return [
    {
      kind: 'text',
      tone: 'note',
      text: lines(
        [
          { kind: 'strong', text: `Revision ${n} (${kind}). ` },
          `It takes the place of revision ${replaces.revision}.`,
        ],
        `Reason: ${reason}`,
        ['Replaced: ', code(`sha256:${replaces.payload}`)],
      ),
    },
  ];
}

function sentenceOf({ cases, counts, result }: Report): string {
  const passed = `${counts.pass} of ${cases.length} cases passed`;
  if (result === 'PASS') return `${passed}; every case that decides did.`;
  if (result === 'FAIL')
    return `${passed}; ${counts.fail} showed the product not doing what the specification asks.`;
  return `${passed}; none failed, but the evidence does not suffice for a pass.`;
}

function customer(input: ReportInput): Inline {
  const { campaign } = input;
  const who = input.organisations.find(({ id }) => id === campaign.organisation);
  return lines(
    addressOf(campaign.organisation, input),
    ...contactLines(who?.contacts),
    `campaign ${campaign.id}`,
  );
}

/** Name, id and address, as far as somebody told. */
function addressOf(id: string, { organisations }: ReportInput): string {
  const known = organisations.find((one) => one.id === id);
  const name = known === undefined || known.name === id ? id : `${known.name} (${id})`;
  return `${name}, ${known?.address ?? 'address not stated'}`;
}

/** @see ISO/IEC 17025:2017, 7.8.2.1 c */
function placesOf(input: ReportInput): Inline {
  const sites = input.runs.flatMap(({ testbed }) => (testbed === undefined ? [] : [testbed.organisation]));
  return lines(...[...new Set(sites)].sort(compare).map((id) => addressOf(id, input)));
}

function contactsOf(contacts: readonly Contact[] | undefined): Inline {
  return contacts === undefined || contacts.length === 0 ? 'not stated' : lines(...contactLines(contacts));
}

function contactLines(contacts: readonly Contact[] = []): readonly string[] {
  return contacts.map(({ name, email, phone }) => [name, email, phone].filter(Boolean).join(', '));
}

function specifications({ cases }: Report): Inline {
  const cited = cases.flatMap((one) =>
    one.case.references.map(({ document, version }) => `${document} ${version}`),
  );
  const names = [...new Set(cited)].sort(compare);
  return names.length === 0 ? 'of the laboratory only; see the test plans' : lines(...names);
}
