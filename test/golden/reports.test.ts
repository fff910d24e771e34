import { expect, it } from 'vitest';
import { STATEMENT_SCHEMA } from '../../src/attest/format/statement-schema.ts';
import { STATUS_SCHEMA } from '../../src/attest/format/status-schema.ts';
import { renderHtml } from '../../src/reports/html/page.ts';
import { renderJunit } from '../../src/reports/junit.ts';
import { aReport, aStatement } from '../support/reports.ts';

// What partners and other programs read: a change here is a change of format and needs a reason in the commit.
const { bytes, digest } = aStatement();

it('the statement of a small campaign stays as it is', async () => {
  await expect(`${new TextDecoder().decode(bytes)}\n`).toMatchFileSnapshot('files/reports/statement.json');
});

it('its JUnit XML stays as it is', async () => {
  await expect(renderJunit(aReport())).toMatchFileSnapshot('files/reports/junit.xml');
});

it('its page stays as it is', async () => {
  await expect(renderHtml(aReport(), { payloadSha256: digest })).toMatchFileSnapshot(
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
