/** Where in a document something stands: member names and array indexes, from the top. */
export type Path = readonly (string | number)[];

/** Something wrong with a document, by path; `Document.locate` turns it into a {@link Problem}. */
export interface Mistake {
  readonly at: Path;
  readonly what: string;
  /** Point at the name of the member, not at its value. */
  readonly onName?: boolean;
}

/** Something wrong with a file, where a person finds it. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Such as `cases[2].parameters.responseTimeMs`; `(document)` for the whole. */
  readonly path: string;
  readonly what: string;
}

/** More than this many problems of one file are not listed. */
export const MAX_PROBLEMS = 100;

/** `file:line:column: path: what is wrong` */
export function renderProblem({ file, line, column, path, what }: Problem): string {
  return `${file}:${line}:${column}: ${path}: ${what}`;
}

export function renderPath(path: Path): string {
  const text = path.map((part) => {
    if (typeof part === 'number') return `[${part}]`;
    return /^[A-Za-z_][\w-]*$/u.test(part) ? `.${part}` : `[${JSON.stringify(clip(part))}]`;
  });
  return text.length === 0 ? '(document)' : text.join('').replace(/^\./u, '');
}

/** In the order of the file, without repeats, the rest counted. */
export function orderProblems(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  const ordered = [...problems]
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .filter((problem) => !seen.has(renderProblem(problem)) && seen.add(renderProblem(problem)));
  const last = ordered[MAX_PROBLEMS - 1];
  if (ordered.length <= MAX_PROBLEMS || last === undefined) return ordered;
  const rest = { ...last, path: '(document)', what: `and ${ordered.length - MAX_PROBLEMS} more problems` };
  return [...ordered.slice(0, MAX_PROBLEMS), rest];
}

/** A problem of the file as a whole. */
export function wholeFile(file: string, what: string): Problem {
  return { file, line: 1, column: 1, path: '(document)', what };
}

/** Text from a stranger, short and on one line. */
export function clip(text: string): string {
  const printable = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/gu, ' ');
  return printable.length > 60 ? `${printable.slice(0, 59)}…` : printable;
}
