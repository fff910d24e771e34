import type { Finding } from '../../domain/verdict.ts';
import type { Ladder } from '../ladder/ladder.ts';
import type { Plot } from '../plot/plot.ts';
import type { PlotRow } from '../plot/rows.ts';

/** A stretch of text with a meaning; each rendering gives it its look. */
export type Span =
  | { readonly kind: 'code' | 'strong' | 'soft'; readonly text: string }
  | { readonly kind: 'finding'; readonly finding: Finding }
  /** To a case of this document, by its {@link anchorOf}. */
  | { readonly kind: 'link'; readonly to: string; readonly text: string }
  | { readonly kind: 'lines'; readonly lines: readonly Inline[] };

export type Inline = string | number | Span | readonly Inline[];

export interface Column {
  readonly title: string;
  /** Numbers line up on the right. */
  readonly number?: true;
  /** Share of the width on paper; 1 when absent. */
  readonly weight?: number;
}

export type Row = readonly [name: string, value: Inline];

export type Block =
  | { readonly kind: 'text'; readonly text: Inline; readonly tone?: 'note' }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'facts'; readonly rows: readonly Row[] }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Inline[])[];
    }
  | { readonly kind: 'list'; readonly items: readonly Inline[] }
  /** Who said what to whom; a diagram where there is room, rows on paper. */
  | { readonly kind: 'ladder'; readonly caption: string; readonly ladder: Ladder }
  /** Values in time; lines where there is room, their ends on paper. */
  | {
      readonly kind: 'plot';
      readonly caption: string;
      readonly plot: Plot;
      readonly rows: readonly PlotRow[];
    }
  | {
      readonly kind: 'case';
      /** Absent for a mention of a case that is described elsewhere. */
      readonly id?: string;
      readonly title: Inline;
      readonly finding: Finding;
      readonly blocks: readonly Block[];
    };

export interface Section {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export function code(text: string): Span {
  return { kind: 'code', text };
}

export function strong(text: string): Span {
  return { kind: 'strong', text };
}

export function soft(text: string): Span {
  return { kind: 'soft', text };
}

export function lines(...parts: readonly Inline[]): Span {
  return { kind: 'lines', lines: parts };
}

export function findingSpan(finding: Finding): Span {
  return { kind: 'finding', finding };
}

export function text(inline: Inline): Block {
  return { kind: 'text', text: inline };
}

/** Pairs of name and value; a pair without a value is left out. */
export function facts(rows: readonly (readonly [name: string, value: Inline | undefined])[]): Block {
  return {
    kind: 'facts',
    rows: rows.filter((row): row is Row => row[1] !== undefined && !isEmpty(row[1])),
  };
}

function isEmpty(inline: Inline): boolean {
  if (typeof inline !== 'object') return inline === '';
  return 'kind' in inline && inline.kind === 'lines' && inline.lines.length === 0;
}

export interface Table {
  readonly columns: readonly (string | Column)[];
  readonly rows: readonly (readonly Inline[])[];
}

/** A table, or the sentence `empty` when it has no row. */
export function table(caption: string, { columns, rows }: Table, empty = 'None.'): Block {
  if (rows.length === 0) return text(empty);
  const titled = columns.map((column) => (typeof column === 'string' ? { title: column } : column));
  return { kind: 'table', caption, columns: titled, rows };
}

/** `2026-11-22 01:00:00 UTC` */
export function when(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

export function anchorOf({ number }: { readonly number: string }): string {
  return `case-${number}`;
}
