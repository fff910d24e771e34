import { isoTime } from '../../domain/ids.ts';
import type { ImportedResults, Opinion } from '../input.ts';
import { compare, type Report } from '../report.ts';
import { anchorOf, type Block, code, facts, findingSpan, type Section, table, text, when } from './blocks.ts';

/** Where a person decided otherwise than the machine; what the machine found stays in the report. */
export function decisionsSection({ cases }: Report): Section {
  const rows = cases.flatMap((one) => {
    const { override } = one;
    if (override === null) return [];
    return [
      [
        { kind: 'link', to: anchorOf(one), text: one.number } as const,
        findingSpan(one.last.finding),
        findingSpan(override.finding),
        override.reason,
        `${override.by}, ${when(isoTime(override.at))}`,
      ],
    ];
  });
  const columns = [
    { title: 'Case', weight: 1.5 },
    { title: 'The machine found', weight: 1.3 },
    { title: 'A person decided', weight: 1.3 },
    { title: 'Reason', weight: 2 },
    { title: 'Who and when', weight: 1.6 },
  ];
  const caption = 'Findings that a person decided otherwise than the machine';
  return {
    id: 'decisions',
    title: 'Decisions by people',
    blocks: [table(caption, { columns, rows }, 'None: every finding is the machine’s.')],
  };
}

/** ISO/IEC 17025:2017, 7.8.7: marked as what they are, with their basis and who holds them. */
export function opinionsSection({ input }: Report): Section {
  const held = inOrder(input.opinions).filter(({ repliesFor }) => repliesFor === undefined);
  return {
    id: 'opinions',
    title: 'Opinions and interpretations',
    blocks:
      held.length === 0
        ? [text('None.')]
        : [text(OPINION_MARK), ...held.flatMap((one, index) => opinion(one, `Opinion ${index + 1}`))],
  };
}

/** The right of reply: what vendors say to results of their products, word for word. */
export function repliesSection({ input }: Report): readonly Section[] {
  const replies = inOrder(input.opinions).flatMap((one) =>
    one.repliesFor === undefined ? [] : opinion(one, `Reply of ${one.repliesFor}`),
  );
  if (replies.length === 0) return [];
  return [{ id: 'replies', title: 'Replies of vendors', blocks: [text(REPLY_MARK), ...replies] }];
}

const OPINION_MARK = 'What follows is opinion, not a result of a test, and does not change any.';
const REPLY_MARK =
  'What follows are the words of those whose products were tested, as they came. They are not the laboratory’s, and change no result.';

function inOrder(opinions: readonly Opinion[]): readonly Opinion[] {
  return [...opinions].sort((a, b) => a.at - b.at || compare(a.text, b.text));
}

function opinion({ text: words, basis, by, at, cases }: Opinion, title: string): readonly Block[] {
  return [
    { kind: 'heading', text: title },
    text(words),
    facts([
      ['Basis', basis],
      ['On', cases.length === 0 ? 'the whole report' : cases.join(', ')],
      ['Held by', `${by}, ${when(isoTime(at))}`],
    ]),
  ];
}

/** ISO/IEC 17025:2017, 7.8.2.1 p: measured elsewhere, recounted here, and in no total of this report. */
export function importsSection({ input }: Report): Section {
  return {
    id: 'imports',
    title: 'Results of others',
    blocks:
      input.imports.length === 0
        ? [text('None.')]
        : [text(IMPORT_MARK), ...[...input.imports].sort(byTime).flatMap(importedResults)],
  };
}

function byTime(a: ImportedResults, b: ImportedResults): number {
  return a.importedAt - b.importedAt || compare(a.digest, b.digest) || compare(a.origin, b.origin);
}

const IMPORT_MARK =
  'What follows was measured elsewhere and imported. It was recounted, not repeated; no count and no result of this report includes it.';

function importedResults(one: ImportedResults): readonly Block[] {
  const rows = one.cases.map(({ suite, name, finding, said, text: words, standsFor }) => [
    suite,
    name,
    findingSpan(finding),
    said,
    words ?? '',
    standsFor ?? '',
  ]);
  const columns = [
    'Suite',
    { title: 'Case', weight: 2 },
    { title: 'Read as', weight: 1.4 },
    { title: 'The file says', weight: 0.9 },
    { title: 'Text', weight: 2 },
    { title: 'Stands for', weight: 1.2 },
  ];
  return [
    { kind: 'heading', text: `Imported from ${one.origin}` },
    facts([
      ['Format', one.format],
      ['File', code(one.digest)],
      ['Size', `${one.bytes} bytes`],
      ['Imported', when(isoTime(one.importedAt))],
      ['Remarks', one.remarks.join('; ')],
    ]),
    table('Imported results', { columns, rows }, 'The file holds no case.'),
  ];
}
