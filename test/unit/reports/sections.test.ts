import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64Url } from '../../../src/attest/format/base64.ts';
import { SECTIONS } from '../../../src/attest/format/statement.ts';
import { toHex } from '../../../src/attest/format/base64.ts';
import { sha256 } from '../../../src/attest/sign/digests.ts';
import { reveal } from '../../../src/attest/verify/disclosures.ts';
import { parsePayload, readStatement } from '../../../src/attest/verify/statement.ts';
import type { DisclosureRule } from '../../../src/domain/disclosure.ts';
import type { EquipmentId, Instant, OrganisationId } from '../../../src/domain/ids.ts';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import type { ReportInput } from '../../../src/reports/input.ts';
import { buildReport } from '../../../src/reports/report.ts';
import { type RenderedStatement, renderStatement } from '../../../src/reports/statement.ts';
import {
  aDigest,
  anEquipment,
  anInput,
  aRecord,
  aReportedRun,
  aStatement,
  failed,
  passed,
  T0,
  tools,
} from '../../support/reports.ts';

const opened = ({ bytes, disclosures }: RenderedStatement, who: string) =>
  reveal(readStatement(parsePayload(bytes)), [
    new TextEncoder().encode(JSON.stringify(disclosures.get(who) ?? [])),
  ]);
const section = (name: string, changes: Partial<ReportInput> = {}): JsonObject =>
  opened(aStatement(changes), 'lab-north').sections.get(name) as JsonObject;

const withRule = (rule: Partial<DisclosureRule>, who = 'lab-south'): Partial<ReportInput> => {
  const { campaign } = anInput();
  const whole: DisclosureRule = { sections: [], cases: [], detail: 'whole', ...rule };
  const disclosure = { [who]: whole };
  return { campaign: { ...campaign, request: { ...campaign.request, disclosure } } };
};

describe('the sections of a report', () => {
  it('say of the laboratory what it has said of itself, and name what it has not', () => {
    expect(section('laboratory')).toMatchObject({
      name: 'Lab North',
      address: null,
      notStated: ['address', 'contacts', 'accreditation'],
      performedAt: [{ id: 'lab-north', address: 'Main Street 1, Northtown' }],
    });
    const accreditation = 'ISO/IEC 17025, scope A1, D-PL-0000';
    const lab = { id: 'lab-north', name: 'Lab North', address: 'Main Street 1', accreditation };
    expect(section('laboratory', { lab })).toMatchObject({ accreditation, notStated: ['contacts'] });
    expect(aStatement({ lab }).statement.predicate.statements.accreditation).toBe(accreditation);
  });

  it('say who the customer is', () => {
    expect(section('customer')).toMatchObject({
      organisations: [{ id: 'acme', name: 'Acme Radio', notStated: ['address'] }],
      requestedBy: { id: 'lab-north' },
    });
  });

  it('tell what the vendor supplied from what the lab received', () => {
    const received = { at: '2026-11-19T08:00:00Z', condition: 'as sealed by the vendor' };
    const items = (changes: Partial<ReportInput>): Json =>
      (section('items', changes)['manifests'] as readonly JsonObject[])[0]?.['items'] ?? null;
    expect(items({})).toMatchObject([
      { receivedAt: null, providedBy: 'acme', notStated: ['receivedAt', 'condition'] },
    ]);
    expect(items({ subjects: [anEquipment({ received })] })).toMatchObject([
      {
        receivedAt: received.at,
        condition: received.condition,
        suppliedByCustomer: expect.arrayContaining(['versions', 'ics']) as unknown,
        notStated: [],
      },
    ]);
    const simulator = { name: 'near-rt-ric', defects: [] };
    expect(items({ subjects: [anEquipment({ simulator })] })).toMatchObject([{ suppliedByCustomer: [] }]);
  });

  it('list every deviation: adapted, stood in for, carried otherwise, without capture, left out', () => {
    const runs = [
      aReportedRun('run-1', [
        aRecord('run-1', 'A1-001', passed, {
          peers: [],
          evidence: [{ digest: aDigest('c'), mediaType: 'application/x-pcapng', role: 'capture', bytes: 9 }],
        }),
        aRecord('run-1', 'A1-003', failed, { transports: { a1: 'http/1.1', unheardOf: 'pigeon' } }),
      ]),
    ];
    expect(section('deviations', { runs })).toEqual([
      {
        cases: ['a1-producer:A1-003'],
        standIns: [{ name: 'consumer', filledBy: 'tester', id: 'non-rt-ric', version: '0.1.0' }],
        transports: { a1: 'http/1.1' },
        capture: expect.stringContaining('none') as unknown,
      },
      { cases: ['a1-producer:A1-007'], leftOut: { disposition: 'notRun', reason: null } },
      {
        cases: ['a1-producer:A1-009'],
        level: 'S2',
        adaptation: 'the consumer is the tester',
        leftOut: { disposition: 'notRun', reason: null },
      },
    ]);
  });

  it('name the file in the O-RAN format by its digest, so that it is worth as much as the report', () => {
    const rendered = aStatement();
    expect(section('oran-test-results')).toMatchObject({
      file: 'oran-test-results.json',
      sha256: toHex(sha256(rendered.oranResults)),
      bytes: rendered.oranResults.length,
    });
    expect(JSON.parse(new TextDecoder().decode(rendered.oranResults))).toMatchObject({ schemaVersion: 1 });
  });

  it('say once what many cases have in common', () => {
    const records = ['A1-001', 'A1-003'].map((id) => aRecord('run-1', id, passed));
    expect(section('conditions', { runs: [aReportedRun('run-1', records)] })['cases']).toMatchObject([
      { fitness: { fit: true }, cases: ['a1-producer:A1-001', 'a1-producer:A1-003'] },
      { fitness: { fit: false, checks: [] }, cases: ['a1-producer:A1-007', 'a1-producer:A1-009'] },
    ]);
  });

  it('hold opinions, results of others and the decisions of people', () => {
    const changes: Partial<ReportInput> = {
      opinions: [
        { text: 'robust', basis: 'A1-003', by: 'Dr. Who', at: T0 as Instant, cases: ['a1-producer:A1-003'] },
      ],
      imports: [
        {
          format: 'junit',
          origin: 'Lab West, own harness',
          digest: aDigest('d'),
          bytes: 42,
          importedAt: T0 as Instant,
          cases: [{ suite: 's', name: 'n', finding: 'fail', said: 'failure' }],
          remarks: ['says 2 tests and has 1'],
        },
      ],
    };
    expect(section('opinions', changes)).toMatchObject([{ text: 'robust', at: new Date(T0).toISOString() }]);
    expect(section('external-results', changes)).toMatchObject([
      { origin: 'Lab West, own harness', counted: false, remarks: ['says 2 tests and has 1'] },
    ]);
    expect(section('personnel', changes)).toMatchObject({
      authorisedBy: ['lab-north authorised-signatory'],
      opinionsBy: ['Dr. Who'],
    });
    expect(section('evidence-index', changes)).toContainEqual({
      ...{ digest: aDigest('d'), mediaType: 'application/xml', role: 'import', bytes: 42 },
      cases: [],
    });
    expect(aStatement(changes).statement.predicate.outcome).toEqual(aStatement().statement.predicate.outcome);
  });

  it('are all there, and come out the same in whatever order the store gave its rows', () => {
    const { runs, organisations } = anInput();
    const imports = ['d', 'e'].map((digit, index) => ({
      ...{ format: 'junit', origin: 'Lab West', digest: aDigest(digit), bytes: 4, cases: [], remarks: [] },
      importedAt: (T0 + index) as Instant,
    })) as ReportInput['imports'];
    const opinions = ['one', 'two'].map((text) => ({
      ...{ text, basis: 'all', by: 'X', at: T0 as Instant, cases: [] },
    }));
    const whole = aStatement({ imports, opinions });
    expect([...opened(whole, 'lab-north').sections.keys()]).toEqual([...SECTIONS]);
    const shuffle = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });
    fc.assert(
      fc.property(
        fc.record({
          runs: shuffle(runs),
          organisations: shuffle(organisations),
          imports: shuffle(imports),
          opinions: shuffle(opinions),
        }),
        (shuffled) => {
          const again = renderStatement(buildReport(anInput(shuffled)), tools);
          expect(again.bytes).toEqual(whole.bytes);
          expect(again.disclosures).toEqual(whole.disclosures);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('a partner', () => {
  it('opens the sections and cases that the campaign says, and no others', () => {
    const rule = { sections: ['method', 'deviations'], cases: ['a1-producer:A1-003'] } as const;
    const seen = opened(aStatement(withRule(rule)), 'lab-south');
    expect([...seen.sections.keys()]).toEqual(['method', 'deviations']);
    expect([...seen.cases.keys()]).toEqual(['a1-producer:A1-003']);
    expect(seen.hiddenInside).toBe(0);
  });

  it('sees judgements without what was measured when the campaign says so; vendor and lab see both', () => {
    const statement = aStatement(withRule({ cases: ['a1-producer'], detail: 'judgements' }));
    const seen = opened(statement, 'lab-south');
    expect(seen.cases.size).toBe(4);
    expect(seen.hiddenInside).toBe(6);
    const text = JSON.stringify([...seen.cases.values()]);
    for (const secret of ['responseTime"', 'no Location header', aDigest('b')])
      expect(text).not.toContain(secret);
    for (const who of ['acme', 'lab-north']) {
      const whole = opened(statement, who);
      expect(whole.hiddenInside).toBe(0);
      expect(JSON.stringify([...whole.cases.values()])).toContain('no Location header');
    }
  });

  it('that is a vendor never sees the product of another vendor, whatever the campaign says', () => {
    const beta = anEquipment({ id: 'beta/rapp' as EquipmentId, organisation: 'beta' as OrganisationId });
    const changes = {
      ...withRule({ sections: 'all', cases: 'all' }, 'beta'),
      subjects: [anEquipment(), beta],
    };
    const manifests = opened(aStatement(changes), 'beta').sections.get('items') as JsonObject;
    expect(JSON.stringify(manifests)).toContain('beta/rapp');
    expect(JSON.stringify(manifests)).not.toContain('acme/acme-ric-1');
  });

  it('cannot open a revision with what opened the one before, and cannot see what changed', () => {
    const revision = {
      kind: 'amendment',
      n: 2,
      reason: 'a person looked again',
      replaces: { revision: 1, payload: 'a'.repeat(64) },
    } as const;
    const [first, second] = [aStatement(), aStatement({ revision })];
    expect(second.statement.predicate.report.series).toBe(first.statement.predicate.report.series);
    expect(second.statement.subject).toEqual(first.statement.subject);
    const known = new Set(first.disclosures.get('lab-north'));
    expect(second.disclosures.get('lab-north')?.filter((one) => known.has(one))).toEqual([]);
  });

  it('is shown what the machine had found where a person decided otherwise', () => {
    const changes: Partial<ReportInput> = {
      revision: { kind: 'amendment', n: 2, reason: 'x', replaces: { revision: 1, payload: 'a'.repeat(64) } },
      overrides: [
        {
          ...{ case: 'a1-producer:A1-003', finding: 'inconc', by: 'Dr. Who', at: T0 as Instant },
          reason: 'the stimulus was ours',
        },
      ],
    };
    const { outcome } = aStatement(changes).statement.predicate;
    expect(outcome.overridden).toEqual([['a1-producer:A1-003', 'fail']]);
    expect(outcome.counts).toMatchObject({ fail: 0, inconc: 1 });
    expect(section('personnel', changes)['decidedBy']).toEqual(['Dr. Who']);
  });
});

it('hides nothing twice under one salt', () => {
  const salts = new Map<string, string>();
  const saltFor = (place: string): string => {
    const salt = toBase64Url(tools.sha256(new TextEncoder().encode(place))).slice(0, 22);
    if (salts.has(salt) && !['series'].includes(place))
      throw new Error(`${place} has the salt of another place`);
    salts.set(salt, place);
    return salt;
  };
  const report = buildReport(anInput(withRule({ cases: 'all', detail: 'judgements' })));
  expect(() => renderStatement(report, { ...tools, saltFor })).not.toThrow();
});
