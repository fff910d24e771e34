/** What a terminal of a person can be trusted to show. */
export const MAX_COLUMNS = 100;

/**
 * Rows under a header, columns two spaces apart, at most {@link MAX_COLUMNS} wide: the last column gives way,
 * and its text goes on below itself.
 */
export function renderTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
  const room = Math.max(20, MAX_COLUMNS - before);
  return [header, ...rows].flatMap((row) => renderRow(row, widths, room)).join('\n');
}

/** Breaks a text at spaces into lines of at most `width` characters; a longer word stands alone, cut. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/u)) {
    const whole = word.length > width ? `${word.slice(0, width - 1)}…` : word;
    if (line !== '' && line.length + 1 + whole.length > width) {
      lines.push(line);
      line = whole;
    } else line = line === '' ? whole : `${line} ${whole}`;
  }
  return [...lines, line];
}

function renderRow(row: readonly string[], widths: readonly number[], room: number): readonly string[] {
  const fixed = row.slice(0, -1).map((cell, column) => `${cell.padEnd(widths[column] ?? 0)}  `);
  const start = fixed.join('');
  const [first = '', ...rest] = wrap(row.at(-1) ?? '', room);
  return [
    `${start}${first}`.trimEnd(),
    ...rest.map((line) => `${' '.repeat(start.length)}${line}`.trimEnd()),
  ];
}
