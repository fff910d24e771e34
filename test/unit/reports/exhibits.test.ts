import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { describeReport } from '../../../src/reports/document/document.ts';
import { renderHtml } from '../../../src/reports/html/page.ts';
import { makeLadder, REPORT_LIMITS } from '../../../src/reports/ladder/ladder.ts';
import { renderLadder, renderLadderFile } from '../../../src/reports/ladder/svg.ts';
import { renderTypst } from '../../../src/reports/typst/source.ts';
import { aTrace, aTraceMessage } from '../../support/a-trace.ts';
import { aDigest } from '../../support/reports.ts';
import { someSeries, tracedExhibits, tracedReport } from '../../support/traced-report.ts';

const envelope = { payloadSha256: 'ab'.repeat(32) };

describe('a ladder', () => {
  it('has a lane for each party, and a step for each message with its time and look', () => {
    const { parties, steps, more } = makeLadder(aTrace(1), REPORT_LIMITS);
    expect(parties).toEqual(['e2-node', 'near-rt-ric']);
    expect(steps.map(({ time, from, to, name, look }) => [time, from, to, name, look])).toEqual([
      ['0.004', 0, 1, 'E2setupRequest', 'ask'],
      ['0.007', 1, 0, 'E2setupResponse', 'done'],
      ['0.020', 1, 0, 'RICsubscriptionRequest', 'ask'],
      ['0.023', 0, 1, 'RICsubscriptionResponse', 'done'],
      ['1.023', 0, 1, 'RICindication', 'ask'],
      ['4.100', 1, 0, 'RICsubscriptionDeleteRequest', 'faulty'],
      ['4.102', 0, 1, 'RICsubscriptionDeleteFailure', 'refused'],
      ['4.200', 0, 1, 'not read', 'other'],
    ]);
    expect(more).toBe(0);
    expect(steps[5]?.details).toContain('octets are left behind the end');
  });

  it('has the lanes of a chain stand from the UE to the core, whoever spoke first', () => {
    const between = (from: string, to: string) => aTraceMessage({ from, to });
    const chain = [between('o-cu-cp', 'amf'), between('o-cu-up', 'o-cu-cp'), between('o-du', 'o-cu-cp')];
    const { parties, steps } = makeLadder(chain, REPORT_LIMITS);
    expect(parties).toEqual(['o-du', 'o-cu-cp', 'o-cu-up', 'amf']);
    expect(steps.map(({ from, to }) => [from, to])).toEqual([
      [1, 3],
      [2, 1],
      [0, 1],
    ]);
    const strangers = makeLadder([...chain, between('probe', 'amf')], REPORT_LIMITS);
    expect(strangers.parties).toEqual(['o-cu-cp', 'amf', 'o-cu-up', 'o-du', 'probe']);
  });

  it('says how much it leaves out', () => {
    const many = Array.from({ length: 9 }, (_, index) => aTraceMessage({ to: `party-${index}` }));
    const { parties, steps, more } = makeLadder([...many, ...aTrace(100)], {
      maxMessages: 20,
      maxParties: 4,
    });
    expect(parties).toHaveLength(4);
    expect(steps.length + more).toBe(9 + 107);
    expect(steps.length).toBeLessThanOrEqual(20);
  });

  it('breaks between parts of twenty steps, each under the names of the parties', () => {
    const parts = renderLadder(makeLadder(aTrace(40), REPORT_LIMITS), 'a trace');
    expect(parts).toHaveLength(3);
    for (const { text } of parts) expect(text).toContain('e2-node');
  });

  it('is a picture of its own that nothing in a message can break', () => {
    const evil = `"><script>alert(1)</script>&\u0000\u202e${'x'.repeat(200)}`;
    const hostile = aTraceMessage({ name: evil, from: evil, faults: [evil] });
    const svg = renderLadderFile(makeLadder([hostile, ...aTrace()], { maxMessages: 3, maxParties: 6 }), evil);
    expect(svg).not.toMatch(/<script|\u202e|\u0000/u);
    const parsed = new XMLParser().parse(svg) as { svg: { title: string } };
    expect(parsed.svg.title).toBe(evil.replaceAll(/[\u0000\u202e]/gu, '\ufffd'));
    expect(svg).toContain('8 more messages are not shown');
  });
});

describe('a report with messages', () => {
  it('shows them in the case that exchanged them, on the page and on paper', () => {
    const document = describeReport(tracedReport(), envelope, tracedExhibits());
    const page = renderHtml(document);
    expect(page.match(/<figure>/gu)).toHaveLength(1);
    expect(page).toContain('Messages of the case, 10 in all');
    expect(renderTypst(document).get('report.json')).toContain('"kind":"ladder"');
  });

  it('shows none without them, and says why when they are not to be had', () => {
    expect(renderHtml(describeReport(tracedReport(), envelope))).not.toContain('<figure>');
    const missing = new Map([[aDigest('a'), { missing: 'EVIDENCE_MISSING: it is gone' }]]);
    const page = renderHtml(describeReport(tracedReport(), envelope, missing));
    expect(page).toContain('Messages are not shown: EVIDENCE_MISSING: it is gone');
  });

  it('draws what was measured, and says on paper what it came to', () => {
    const document = describeReport(tracedReport(), envelope, tracedExhibits([], someSeries()));
    const page = renderHtml(document);
    expect(page.match(/<svg class="plot"/gu)).toHaveLength(1);
    expect(page).toContain('DRB.UEThpDl, as reported in time');
    const data = renderTypst(document).get('report.json') ?? '';
    expect(data).toMatch(/"count":29,"least":"[\d.]+ kbit\/s","most":"[\d.]+ kbit\/s"/u);
    expect(data).not.toContain('atMs');
  });

  it('names the measurements that it does not draw', () => {
    const many = Array.from({ length: 10 }, (_, n) =>
      someSeries(2).map((one) => ({ ...one, measurement: `M${n}` })),
    );
    const page = renderHtml(describeReport(tracedReport(), envelope, tracedExhibits([], many.flat())));
    expect(page.match(/<svg class="plot"/gu)).toHaveLength(8);
    expect(page).toContain('not drawn: M8, M9');
  });
});
