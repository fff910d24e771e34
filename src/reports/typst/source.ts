import type { ReportDocument } from '../document/document.ts';
import { asJson } from '../json.ts';
import { FINDING_LOOK, RESULT_LOOK } from '../looks.ts';
import { makeVisible } from '../markup.ts';
import { TEMPLATE } from './template.ts';

/** Files of a Typst project, `main.typ` first. */
export type TypstSource = ReadonlyMap<string, string>;

/**
 * The report for paper, as input for Typst: a constant template, and the document as data beside it. Nothing of the report
 * is ever Typst code, so nothing a product under test wrote can become some.
 */
export function renderTypst(document: ReportDocument): TypstSource {
  const { cover } = document;
  const data = {
    ...document,
    title: `${cover.kind}: ${cover.subtitle}`,
    head: `${cover.kind}, campaign ${cover.campaign}, revision ${cover.revision}`,
    signed: `sha256:${cover.payloadSha256}`,
    date: dateParts(cover.issuedAt),
    looks: FINDING_LOOK,
    results: RESULT_LOOK,
  };
  const text = JSON.stringify(asJson(data), (name, member: unknown) => {
    if (DRAWN.has(name)) return undefined;
    return typeof member === 'string' && !REFERENCES.has(name) ? breakable(makeVisible(member)) : member;
  });
  return new Map([
    ['main.typ', TEMPLATE],
    ['report.json', text],
  ]);
}

/** Members that name something instead of saying it: what stands under these names is matched, not shown. */
const REFERENCES: ReadonlySet<string> = new Set(['kind', 'id', 'to', 'finding', 'result', 'signed']);

/** What is for pictures only: paper has rows instead. */
const DRAWN: ReadonlySet<string> = new Set(['plot', 'details']);

const LONG_WORD = /[^\s\u200b-]{29,}/gu;
const DIGEST = /^(?:sha256:)?[0-9a-f]{64}$/u;

/** Typst breaks no word, and a long one would run out of its column: zero-width spaces say where it may. Digests stay whole. */
function breakable(text: string): string {
  return text.replace(LONG_WORD, (word) => (DIGEST.test(word) ? word : word.replace(/.{12}/gsu, '$&\u200b')));
}

function dateParts(iso: string): Readonly<Record<string, number>> {
  const at = new Date(iso);
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    day: at.getUTCDate(),
    hour: at.getUTCHours(),
    minute: at.getUTCMinutes(),
    second: at.getUTCSeconds(),
  };
}
