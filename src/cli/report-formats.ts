/** A format of a report, and which files of its bundle hold it. Renderings are stored with the report, never made anew. */
export const REPORT_FORMATS = {
  junit: 'junit.xml',
  oran: 'oran-test-results.json',
  ctrf: 'ctrf.json',
  csv: 'results.csv',
  ndjson: 'results.ndjson',
  html: 'report.html',
  pdf: 'report.pdf',
  intoto: 'test-result.intoto.jsonl',
  sigstore: 'sigstore/',
} as const;
export type ReportFormat = keyof typeof REPORT_FORMATS;

/** Names of the files among `files` that hold a format: one, or for `sigstore` one for each signature. */
export function filesOf(format: ReportFormat, files: Readonly<Record<string, unknown>>): readonly string[] {
  const wanted = REPORT_FORMATS[format];
  const names = Object.keys(files).filter((name) =>
    wanted.endsWith('/') ? name.startsWith(wanted) : name === wanted,
  );
  return names.sort();
}
