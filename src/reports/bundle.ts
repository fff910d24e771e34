import { type Envelope, renderEnvelope, renderEnvelopeLine } from '../attest/format/envelope.ts';
import { renderSigstoreBundles } from '../attest/format/sigstore-bundle.ts';
import type { ReportDocument } from './document/document.ts';
import { renderHtml } from './html/page.ts';
import { renderCtrf } from './ctrf.ts';
import { renderJunit } from './junit.ts';
import { ORAN_RESULTS_FILE } from './oran/results.ts';
import type { Report } from './report.ts';
import type { RenderedStatement } from './statement.ts';
import { renderCsv, renderNdjson } from './tables.ts';

const utf8 = new TextEncoder();

export interface BundleParts {
  readonly report: Report;
  /** Of {@link describeReport}. */
  readonly document: ReportDocument;
  readonly statement: RenderedStatement;
  readonly envelope: Envelope;
  /** Around {@link renderTestResult}, signed by the lab's system. */
  readonly testResult: Envelope;
  /** Of {@link renderTypst}, as pages. */
  readonly pdf: Uint8Array;
}

/** The files of a report bundle, by their path inside of it. Whoever calls writes them; evidence lives elsewhere. */
export function renderReportBundle({
  report,
  statement,
  envelope,
  testResult,
  pdf,
  document,
}: BundleParts): ReadonlyMap<string, Uint8Array> {
  const disclosures = [...statement.disclosures].map(
    ([organisation, list]) =>
      [`disclosures/${organisation}.json`, utf8.encode(`${JSON.stringify(list)}\n`)] as const,
  );
  const sigstore = [...renderSigstoreBundles(envelope)].map(
    ([name, bytes]) => [`sigstore/${name}`, bytes] as const,
  );
  return new Map([
    ['report.dsse.json', renderEnvelope(envelope)],
    ...disclosures,
    ['test-result.intoto.jsonl', utf8.encode(renderEnvelopeLine(testResult) + renderEnvelopeLine(envelope))],
    ...sigstore,
    ['junit.xml', utf8.encode(renderJunit(report))],
    [ORAN_RESULTS_FILE, statement.oranResults],
    ['ctrf.json', utf8.encode(renderCtrf(report))],
    ['results.csv', utf8.encode(renderCsv(report))],
    ['results.ndjson', utf8.encode(renderNdjson(report))],
    ['report.html', utf8.encode(renderHtml(document))],
    ['report.pdf', pdf],
  ]);
}
