import { markup, type Markup, raw } from '../markup.ts';
import { ITEMS_ONLY } from '../../attest/format/statement.ts';
import type { Report } from '../report.ts';
import { renderSuites } from './cases.ts';
import { codeText, facts, table } from './parts.ts';
import { STYLE } from './style.ts';
import { renderFindings, renderHead, renderItems, renderPlans } from './summary.ts';

/** What the page says of the signed file it belongs to. */
export interface EnvelopeInfo {
  /** Lower-case hexadecimal SHA-256 of the signed bytes. */
  readonly payloadSha256: string;
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/**
 * The report for people: one file, no scripts, nothing loaded from outside. It is a rendering; what counts is the
 * signed file, whose digest it prints. Every text of the report is escaped: products under test wrote some of it.
 */
export function renderHtml(report: Report, envelope: EnvelopeInfo): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>Test Report: ${report.sut}: ${report.result}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
${renderHead(report)}<main>
${renderFindings(report)}${renderItems(report)}${renderPlans(report)}${renderSuites(report)}${renderTestbeds(report)}${renderEvidenceIndex(report)}${renderSignatures(report, envelope)}</main>
<footer>
<p>${ITEMS_ONLY} Not to be reproduced except in full, or as a verifiable extract that says what is withheld. This page is
a rendering of the signed file and is not itself evidence. End of report.</p>
</footer>
</body>
</html>
`.text;
}

function renderTestbeds({ input }: Report): Markup {
  const rows = new Map(
    input.runs.map(({ run, testbed, plan, tools }) => [
      run.id,
      [
        codeText(run.id),
        plan.id,
        testbed?.id ?? 'none',
        run.life.state === 'final' ? run.life.end : run.life.state,
        Object.entries(tools)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
      ],
    ]),
  );
  const columns = ['Run', 'Plan', 'Testbed', 'Ended', 'Tools'].map((title) => ({ title }));
  const sorted = [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  return markup`<h2 id="testbeds">Testbeds and tools</h2>\n${table('Where each run took place', columns, sorted)}`;
}

function renderEvidenceIndex({ evidence }: Report): Markup {
  if (evidence.length === 0) return markup`<h2 id="evidence">Evidence</h2>\n<p>No evidence was stored.</p>\n`;
  const rows = evidence.map(({ role, mediaType, bytes, digest }) => [
    role,
    mediaType,
    bytes,
    codeText(digest),
  ]);
  const columns = [
    { title: 'Role' },
    { title: 'Type' },
    { title: 'Bytes', number: true } as const,
    { title: 'Digest' },
  ];
  return markup`<h2 id="evidence">Evidence</h2>\n${table('Stored bytes, named by their SHA-256', columns, rows)}`;
}

function renderSignatures({ input, decisionRule }: Report, { payloadSha256 }: EnvelopeInfo): Markup {
  const rows = input.signatories.map(({ lab, role, holder, keyid, selfDeclared }) => [
    role,
    lab,
    holder,
    codeText(keyid),
    selfDeclared ? 'the lab itself (self-declared)' : 'the trust folder of whoever verifies',
  ]);
  const columns = ['Role', 'Laboratory', 'Holder', 'Key', 'Vouched for by'].map((title) => ({ title }));
  return markup`<h2 id="signatures">Decision and signatures</h2>
${facts([
  ['Decision rule', decisionRule],
  ['Clock', `${input.clock.source}, within ${input.clock.maxErrorMs} ms`],
  ['Accreditation', input.lab.accreditation ?? 'none claimed'],
  ['Signed bytes', codeText(`sha256:${payloadSha256}`)],
  ['Harness', `${input.harness.name} ${input.harness.version}`],
])}${table('Who signs report.dsse.json', columns, rows)}
<p class="small soft">Check it with ${codeText('patchbay verify report.dsse.json --trust DIR')}, or with openssl and a shell alone.</p>
`;
}
