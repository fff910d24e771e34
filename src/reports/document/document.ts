import { ITEMS_ONLY } from '../../attest/format/statement.ts';
import { isJsonObject, type Json } from '../../kernel/json.ts';
import { deviations } from '../deviations.ts';
import { type Exhibits, NO_EXHIBITS } from '../exhibits.ts';
import type { Report } from '../report.ts';
import {
  anchorOf,
  type Block,
  code,
  facts,
  type Inline,
  lines,
  type Section,
  soft,
  table,
  text,
} from './blocks.ts';
import { renderedCases } from './cases.ts';
import { coverOf, type Cover, type EnvelopeInfo } from './cover.ts';
import { decisionsSection, importsSection, opinionsSection, repliesSection } from './decisions.ts';
import { equipmentSections } from './equipment.ts';
import { summarySection } from './summary.ts';

/** The report for people, before any rendering: pages for screens and paper say the same, since both are made from this. */
export interface ReportDocument {
  readonly cover: Cover;
  readonly sections: readonly Section[];
  /** The last thing a reader sees. @see ISO/IEC 17025:2017, 7.8.2.1 d and l */
  readonly ending: readonly string[];
}

/** In the order of the summary and test reports of the O-RAN badging process. */
export function describeReport(
  report: Report,
  envelope: EnvelopeInfo,
  exhibits: Exhibits = NO_EXHIBITS,
): ReportDocument {
  return {
    cover: coverOf(report, envelope),
    sections: [
      summarySection(report),
      ...equipmentSections(report),
      deviationsSection(report),
      ...renderedCases(report, exhibits),
      decisionsSection(report),
      opinionsSection(report),
      ...repliesSection(report),
      importsSection(report),
      runsSection(report),
      evidenceSection(report),
      signaturesSection(report, envelope),
    ],
    ending: [
      ITEMS_ONLY,
      'Not to be reproduced except in full, or as a verifiable extract that says what is withheld.',
      'This is a rendering of the signed file, which alone is authoritative.',
    ],
  };
}

/** Members of a deviation, as a reader is told of them. */
const DEVIATIONS: Readonly<Record<string, string>> = {
  level: 'Level',
  adaptation: 'Adapted procedure',
  leftOut: 'Left out',
  standIns: 'Neighbours that were no equipment',
  transports: 'Not the transport of the standard',
  capture: 'Capture',
};

function deviationsSection(report: Report): Section {
  const rows = deviations(report).map(({ cases, ...rest }) => {
    const said = Object.entries(rest).map(([name, value]) => [
      soft(`${DEVIATIONS[name] ?? name}: `),
      sentence(value),
    ]);
    return [cases.flatMap(linkBehind), lines(...said)];
  });
  const columns = [
    { title: 'Cases', weight: 1 },
    { title: 'Difference', weight: 4 },
  ];
  return {
    id: 'deviations',
    title: 'Differences from the standard procedures',
    blocks: [
      table(
        'Level S1 follows the standard procedure, S2 adapts it',
        { columns, rows },
        'Every case followed its standard procedure.',
      ),
    ],
  };
}

/** Links to cases, one behind the other. */
function linkBehind(number: string, index: number): readonly Inline[] {
  const link = { kind: 'link', to: anchorOf({ number }), text: number } as const;
  return index === 0 ? [link] : [', ', link];
}

function sentence(value: Json | undefined): string {
  if (value === null || value === undefined) return 'not stated';
  if (typeof value !== 'object') return String(value);
  if (!isJsonObject(value)) return value.map(sentence).join('; ');
  return Object.entries(value)
    .map(([name, member]) => `${name} ${sentence(member)}`)
    .join(', ');
}

function runsSection({ input }: Report): Section {
  const rows = [...input.runs]
    .sort((a, b) => (a.run.id < b.run.id ? -1 : 1))
    .map(({ run, testbed, plan }) => [
      code(run.id),
      `${plan.id} ${plan.version}`,
      testbed?.id ?? 'none',
      run.retryOf === null ? 'first attempt' : [code(run.retryOf)],
      run.life.state === 'final' ? run.life.end : run.life.state,
    ]);
  const columns = [
    { title: 'Run', weight: 1.6 },
    'Plan',
    'Testbed',
    { title: 'Retries', weight: 1.6 },
    'Ended',
  ];
  return { id: 'runs', title: 'Runs', blocks: [table('Each attempt to execute a plan', { columns, rows })] };
}

function evidenceSection({ evidence }: Report): Section {
  const rows = evidence.map(({ role, mediaType, bytes, digest }) => [role, mediaType, bytes, code(digest)]);
  const columns = [
    { title: 'Role', weight: 1.3 },
    { title: 'Type', weight: 1.9 },
    { title: 'Bytes', number: true, weight: 0.8 } as const,
    { title: 'Digest', weight: 5 },
  ];
  return {
    id: 'evidence',
    title: 'Evidence',
    blocks: [table('Stored bytes, named by their SHA-256', { columns, rows }, 'No evidence was stored.')],
  };
}

function signaturesSection({ input }: Report, { payloadSha256 }: EnvelopeInfo): Section {
  const signers = input.signatories.flatMap(({ lab, role, holder, keyid, scope, selfDeclared }): Block[] => [
    { kind: 'heading', text: role },
    facts([
      ['Laboratory', lab],
      ['Holder', holder],
      ['Speaks for', scope.includes('*') ? 'the whole report' : scope.join(', ')],
      ['Key', code(keyid)],
      [
        'Vouched for by',
        selfDeclared ? 'the lab itself (self-declared)' : 'the trust folder of whoever verifies',
      ],
    ]),
  ]);
  return {
    id: 'signatures',
    title: 'Approvals and signatures',
    blocks: [
      text([
        'Who signs ',
        code('report.dsse.json'),
        '. A name here is a claim; whether the signatures hold is for a verifier to say.',
      ]),
      ...signers,
      { kind: 'heading', text: 'How to check' },
      facts([
        ['Signed bytes', code(`sha256:${payloadSha256}`)],
        ['Command', code('patchbay verify report.dsse.json --trust DIR')],
        ['Without Patchbay', 'openssl and a shell suffice'],
      ]),
    ],
  };
}
