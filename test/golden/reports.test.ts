import { expect, it } from 'vitest';
import { STATEMENT_SCHEMA } from '../../src/attest/format/statement-schema.ts';
import { STATUS_SCHEMA } from '../../src/attest/format/status-schema.ts';
import { describeReport } from '../../src/reports/document/document.ts';
import { renderHtml } from '../../src/reports/html/page.ts';
import { renderJunit } from '../../src/reports/junit.ts';
import { oranTestResults } from '../../src/reports/oran/results.ts';
import { ORAN_RESULTS_SCHEMA } from '../../src/reports/oran/schema.ts';
import { aReport, aStatement, tools } from '../support/reports.ts';

// What partners and other programs read: a change here is a change of format and needs a reason in the commit.
const { bytes, digest } = aStatement();

it('the statement of a small campaign stays as it is', async () => {
  await expect(`${new TextDecoder().decode(bytes)}\n`).toMatchFileSnapshot('files/reports/statement.json');
});

it('its JUnit XML stays as it is', async () => {
  await expect(renderJunit(aReport())).toMatchFileSnapshot('files/reports/junit.xml');
});

it('its O-RAN results stay as they are', async () => {
  const text = `${JSON.stringify(oranTestResults(aReport(), tools.sha256), null, 1)}\n`;
  await expect(text).toMatchFileSnapshot('files/reports/oran-test-results.json');
});

it('its page stays as it is', async () => {
  await expect(renderHtml(describeReport(aReport(), { payloadSha256: digest }))).toMatchFileSnapshot(
    'files/reports/report.html',
  );
});

it.each([
  ['conformance-report', STATEMENT_SCHEMA],
  ['report-status', STATUS_SCHEMA],
])('the published schema of a %s is the one in the code', async (name, schema) => {
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(`../../docs/schemas/${name}.v1.schema.json`);
});

it('so is the reconstructed schema of the O-RAN results', async () => {
  const text = `${JSON.stringify(ORAN_RESULTS_SCHEMA, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../docs/schemas/oran-test-results.reconstructed.schema.json');
});
