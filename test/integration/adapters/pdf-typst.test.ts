import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePdf } from '../../../src/adapters/pdf-typst/pdf.ts';
import { describeReport } from '../../../src/reports/document/document.ts';
import type { Report } from '../../../src/reports/report.ts';
import { renderTypst } from '../../../src/reports/typst/source.ts';
import { bigReport, revisedReport } from '../../support/big-report.ts';
import { ATTACK } from '../../support/hostile-report.ts';

const poppler = spawnSync('pdftotext', ['-v']).status === 0 && spawnSync('pdfinfo', ['-v']).status === 0;
const never = new AbortController().signal;
const payloadSha256 = 'ab'.repeat(32);
const sourceOf = (report: Report): ReadonlyMap<string, string> =>
  renderTypst(describeReport(report, { payloadSha256 }));

let pdf: ReturnType<typeof makePdf>;
let dir: string;
beforeAll(() => {
  pdf = makePdf();
  dir = mkdtempSync(join(tmpdir(), 'pdf-'));
});
afterAll(async () => {
  await pdf[Symbol.asyncDispose]();
  rmSync(dir, { recursive: true });
});

async function pagesOf(report: Report): Promise<Uint8Array> {
  return pdf.render(sourceOf(report), { signal: never });
}

function ask(program: 'pdfinfo' | 'pdftotext', bytes: Uint8Array, ...options: readonly string[]): string {
  const file = join(dir, 'report.pdf');
  writeFileSync(file, bytes);
  const { stdout, status } = spawnSync(
    program,
    [...options, file, ...(program === 'pdftotext' ? ['-'] : [])],
    {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    },
  );
  expect(status).toBe(0);
  // Where a long word may break is no part of it.
  return stdout.replaceAll('\u200b', '');
}

describe('the pages of a report', () => {
  it('are the same bytes again, in this process and in another', async () => {
    const there = await promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      'test/support/make-pdf.ts',
    ]);
    const here = await pagesOf(revisedReport());
    const again = await pagesOf(revisedReport());
    const digest = createHash('sha256').update(here).digest('hex');
    expect(createHash('sha256').update(again).digest('hex')).toBe(digest);
    expect(there.stdout).toBe(digest);
  });

  it('are tagged and say their language', async () => {
    const text = Buffer.from(await pagesOf(revisedReport())).toString('latin1');
    expect(text).toContain('/MarkInfo');
    expect(text).toContain('/StructTreeRoot');
    expect(text).toMatch(/\/Lang\s*\(en\)/u);
    expect(text).not.toMatch(/\/JavaScript|\/URI|\/Launch/u);
  });

  it.skipIf(!poppler)(
    'hold every text, page numbers, digest and end mark (needs poppler-utils)',
    async () => {
      const pages = await pagesOf(revisedReport());
      const info = ask('pdfinfo', pages);
      expect(info).toMatch(/Tagged:\s+yes/u);
      expect(info).toMatch(/Title:\s+Amended Test Report: acme\/acme-ric-1/u);
      expect(info).toMatch(/CreationDate:\s+Fri Nov 20 09:02:00 2026/u);
      const count = Number(/Pages:\s+(\d+)/u.exec(info)?.[1]);
      const text = ask('pdftotext', pages, '-layout');
      for (let page = 1; page <= count; page += 1) expect(text).toContain(`Page ${page} of ${count}`);
      for (const said of [
        `sha256:${payloadSha256}`,
        'The machine found',
        'the cable was broken',
        'What follows is opinion',
        'Imported from Lab South',
        'the file says 5 tests and holds 2',
        'Self-declared.',
        'which alone is authoritative',
        'End of report',
      ]) {
        expect(text).toContain(said);
      }
    },
  );

  it.skipIf(!poppler)('show hostile texts as they are, long words whole (needs poppler-utils)', async () => {
    const text = ask('pdftotext', await pagesOf(bigReport(8)));
    const flat = text.replaceAll(/\s/gu, '');
    expect(flat).toContain('<script>alert("x")</script>');
    expect(flat).toContain('ConflictingPolicyInstanceIdentifierWithoutAnySpace'.repeat(4));
    expect(text).not.toMatch(/[\u0007\u202e]/u);
  });

  it('take no word of the report for markup', async () => {
    const source = sourceOf(bigReport(1));
    const wicked = '#panic("x") $ x^2 $ #read("main.typ") *b* _i_ \\ @label <label> `raw` [x] ]) } // /*';
    const changed = new Map(
      [...source].map(
        ([name, text]) =>
          [
            name,
            name === 'main.typ'
              ? text
              : text.replaceAll(
                  JSON.stringify(ATTACK.slice(0, 9)).slice(1, -1),
                  JSON.stringify(wicked).slice(1, -1),
                ),
          ] as const,
      ),
    );
    expect(changed.get('report.json')).toContain('#panic');
    const pages = await pdf.render(changed, { signal: never });
    expect(pages.length).toBeGreaterThan(10_000);
  });
});

describe('who sets pages', () => {
  const plain = new Map([['main.typ', 'plain']]);

  it('says REPORT_RENDERING, and why, of what cannot be set, and goes on with the next', async () => {
    const wrong = pdf.render(new Map([['main.typ', '#panic("no")']]), { signal: never });
    await expect(wrong).rejects.toMatchObject({
      code: 'REPORT_RENDERING',
      message: expect.stringContaining('panicked') as string,
    });
    await expect(pdf.render(plain, { signal: never })).resolves.toBeInstanceOf(Uint8Array);
  });

  it('reads neither disk nor network', async () => {
    for (const code of ['#read("/etc/passwd")', '#import "@preview/cetz:0.3.0"']) {
      const asked = pdf.render(new Map([['main.typ', code]]), { signal: never });
      await expect(asked).rejects.toMatchObject({ code: 'REPORT_RENDERING' });
    }
  });

  it('can be stopped in the middle, and starts anew', async () => {
    const stop = new AbortController();
    const endless = new Map([['main.typ', '#for i in range(100000000) { [#i] }']]);
    const asked = pdf.render(endless, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 50);
    await expect(asked).rejects.toThrow('enough');
    await expect(pdf.render(plain, { signal: never })).resolves.toBeInstanceOf(Uint8Array);
  });
});
