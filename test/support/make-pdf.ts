import { createHash } from 'node:crypto';
import { makePdf } from '../../src/adapters/pdf-typst/pdf.ts';
import { describeReport } from '../../src/reports/document/document.ts';
import { renderTypst } from '../../src/reports/typst/source.ts';
import { revisedReport } from './big-report.ts';

// A process of its own: prints the SHA-256 of the pages of a report.
const pdf = makePdf();
const source = renderTypst(describeReport(revisedReport(), { payloadSha256: 'ab'.repeat(32) }));
const pages = await pdf.render(source, { signal: new AbortController().signal });
process.stdout.write(createHash('sha256').update(pages).digest('hex'));
