import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { renderWords } from '../../src/reports/vocabularies.ts';

const PAGE = join(import.meta.dirname, '../../docs/report-format.md');
const TABLE = /(<!-- from src\/reports\/vocabularies.ts -->\n\n).*?(\n<!-- end -->)/su;

it('the page on the format has the table of words that is in the code', async () => {
  const page = readFileSync(PAGE, 'utf8');
  expect(page).toMatch(TABLE);
  await expect(
    page.replace(TABLE, (_, before: string, after: string) => `${before}${renderWords()}${after}`),
  ).toMatchFileSnapshot(PAGE);
});
