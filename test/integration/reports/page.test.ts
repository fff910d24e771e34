import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeReport } from '../../../src/reports/document/document.ts';
import { renderHtml } from '../../../src/reports/html/page.ts';
import { type Exhibits, NO_EXHIBITS } from '../../../src/reports/exhibits.ts';
import type { Report } from '../../../src/reports/report.ts';
import { aTrace } from '../../support/a-trace.ts';
import { bigReport, revisedReport } from '../../support/big-report.ts';
import { chromiumPath } from '../../support/browser.ts';
import { hostileReport } from '../../support/hostile-report.ts';
import { someSeries, tracedExhibits, tracedReport } from '../../support/traced-report.ts';

const executablePath = chromiumPath();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE = `${axe}; axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`;
const STATE =
  '({ wide: document.documentElement.scrollWidth, scripts: document.scripts.length, images: document.images.length })';
const COLOURS = '[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]';
const reports: readonly (readonly [string, Report, Exhibits])[] = [
  ['a report with messages', tracedReport(), tracedExhibits(aTrace(60), someSeries())],
  ['a revised report', revisedReport(), NO_EXHIBITS],
  ['a hostile report', hostileReport(), NO_EXHIBITS],
  ['a long report', bigReport(16), NO_EXHIBITS],
];

describe.skipIf(executablePath === undefined)('the page in a browser (needs chromium)', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  async function open(
    report: Report,
    { width, colorScheme, exhibits }: { width: number; colorScheme: 'light' | 'dark'; exhibits?: Exhibits },
  ): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme, offline: true });
    const document = describeReport(report, { payloadSha256: 'ab'.repeat(32) }, exhibits);
    await page.setContent(renderHtml(document));
    return page;
  }

  it.each(['light', 'dark'] as const)('axe finds nothing in a revised report, %s', async (colorScheme) => {
    const page = await open(revisedReport(), { width: 1280, colorScheme });
    expect(await page.evaluate(AXE)).toEqual([]);
    await page.close();
  });

  it('axe finds nothing in a long and hostile report on a phone', async () => {
    const page = await open(bigReport(8), { width: 360, colorScheme: 'light' });
    expect(await page.evaluate(AXE)).toEqual([]);
    await page.close();
  });

  it.each(['light', 'dark'] as const)(
    'axe finds nothing in a diagram of messages, %s',
    async (colorScheme) => {
      const page = await open(tracedReport(), {
        width: 360,
        colorScheme,
        exhibits: tracedExhibits(aTrace(60), someSeries()),
      });
      expect(await page.evaluate(AXE)).toEqual([]);
      await page.close();
    },
  );

  it.each(reports)(
    '%s: nothing scrolls sideways on a phone, and nothing runs',
    async (_, report, exhibits) => {
      const page = await open(report, { width: 360, colorScheme: 'light', exhibits });
      expect(await page.evaluate(STATE)).toEqual({ wide: 360, scripts: 0, images: 0 });
      await page.close();
    },
  );

  it('prints black on white A4, in the dark, too', async () => {
    const page = await open(revisedReport(), { width: 1280, colorScheme: 'dark' });
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(pdf).toMatch(/\/MediaBox \[0 0 59[45](\.\d+)? 84[12]/u);
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate(COLOURS)).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
    await page.close();
  });
});
