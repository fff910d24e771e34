import { describe, expect, it } from 'vitest';
import {
  parseStatus,
  renderStatus,
  type ReportStatus,
  reportKey,
} from '../../../../src/attest/format/status.ts';
import { tools } from '../../../support/reports.ts';
import { aStatus } from '../../../support/signed-report.ts';

const utf8 = new TextEncoder();

describe('a status statement', () => {
  it.each([aStatus(), aStatus({ op: 'amend', replacedBy: { revision: 2, payload: 'b'.repeat(64) } })])(
    'reads back as it was written',
    (status) => {
      expect(parseStatus(renderStatus(status))).toMatchObject({ ok: true, value: status });
    },
  );

  it('is the same bytes however it was put together', () => {
    const turned = Object.fromEntries(Object.entries(aStatus()).reverse()) as unknown as ReportStatus;
    expect(renderStatus(turned)).toEqual(renderStatus(aStatus()));
  });

  it.each<[string, Partial<ReportStatus>]>([
    ['amends without a successor', { op: 'amend' }],
    ['withdraws with a successor', { replacedBy: { revision: 2, payload: 'b'.repeat(64) } }],
    ['is replaced by itself', { op: 'replace', replacedBy: { revision: 1, payload: 'b'.repeat(64) } }],
    ['gives no reason', { reason: '' }],
    ['names no signatory', { authorisedBy: 'somebody' }],
    ['begins in the 25th hour', { effective: '2026-11-20T25:00:00Z' }],
  ])('is not made when it %s', (_, change) => {
    expect(() => renderStatus(aStatus(change))).toThrow(/not a status/u);
  });

  it.each([
    ['is about something else than its subject', 'digest":{"sha256":"a', 'digest":{"sha256":"c'],
    ['has another type', 'report-status/v1', 'report-status/v2'],
    ['does what nobody knows', '"withdraw"', '"erase"'],
    ['has an unknown member', '"op":', '"more":1,"op":'],
  ])('is refused when it %s', (_, from, to) => {
    const text = new TextDecoder().decode(renderStatus(aStatus()));
    expect(text).toContain(from);
    const parsed = parseStatus(utf8.encode(text.replace(from, to)));
    expect(parsed).toMatchObject({ ok: false, error: { code: 'VERIFY_STATUS_MALFORMED' } });
  });
});

describe('the key of a report', () => {
  const name = { lab: 'lab-north', campaign: 'RX70MrchfUGw-fOmUCk3Nw', series: 'conformance-1' };

  it('is a digest that any program can make', () => {
    expect(reportKey(name, tools.sha256)).toBe(
      '3df2b7a8bbf9149316deb4a2e7c93c306c2eb126d6339bcba3179af10d29d27b',
    );
  });

  it('does not run names together', () => {
    const other = { ...name, lab: 'lab-northR', campaign: name.campaign.slice(1) };
    expect(reportKey(other, tools.sha256)).not.toBe(reportKey(name, tools.sha256));
  });
});
