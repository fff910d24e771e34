import { CODES } from '../../kernel/codes.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { FINDINGS } from '../../domain/verdict.ts';
import type { Accepted, Refused, Verification, Visibility } from './verify.ts';

const MAX_NAMED = 8;

/** For people; one fact a line. Control characters of the report are made visible, since a terminal would obey them. */
export function renderVerification(verification: Verification): string {
  const lines =
    verification.status === 'accepted' ? renderAccepted(verification) : renderRefused(verification);
  return lines.map((line) => `${tame(line)}\n`).join('');
}

/** The same facts for programs: what `--json` prints. */
export function verificationJson(verification: Verification): JsonObject {
  if (verification.status === 'refused') {
    const [{ code, text }] = verification.reasons;
    return { status: 'refused', reasons: [{ code, text, remedy: CODES[code].remedy }] };
  }
  const { payloadSha256, report, signers, selfDeclared, cases, sections, hiddenInside } = verification;
  return {
    status: 'accepted',
    reasons: [],
    selfDeclared,
    payloadSha256,
    report: { ...report },
    signers: signers.map((signer) => ({ ...signer })),
    disclosed: { cases: cases.opened, sections: sections.opened },
    undisclosed: { cases: [...cases.hidden], sections: [...sections.hidden], inside: hiddenInside },
  };
}

function renderAccepted(seen: Accepted): readonly string[] {
  const { report, signers, selfDeclared, payloadSha256, cases, sections, hiddenInside } = seen;
  const counts = FINDINGS.filter((finding) => report.counts[finding] > 0);
  return [
    `accepted${selfDeclared ? ', self-declared: nobody but its maker vouches for these keys' : ''}`,
    `  result    ${report.result} (${counts.map((one) => `${report.counts[one]} ${one}`).join(', ')})`,
    `  report    ${report.series}, revision ${report.revision}, campaign ${report.campaign}`,
    `  issued    ${report.issuedAt} by ${report.lab} (by its own clock)`,
    `  payload   sha256:${payloadSha256}`,
    ...signers.map(
      ({ lab, role, keyid, selfDeclared: own }) =>
        `  signed    ${role} of ${lab}, key ${keyid.slice(0, 16)}…${own ? ' (self-declared)' : ''}`,
    ),
    `  disclosed ${share('cases', cases)}, ${share('sections', sections)}`,
    ...notDisclosed('cases', cases),
    ...notDisclosed('sections', sections),
    ...(hiddenInside > 0 ? [`  NOT disclosed: ${hiddenInside} part(s) inside of what was opened`] : []),
  ];
}

function renderRefused({ reasons: [{ code, text }] }: Refused): readonly string[] {
  return [`refused ${code}`, `  because   ${text}`, `  what now  ${CODES[code].remedy}`];
}

function share(what: string, { opened, of }: Visibility): string {
  return `details of ${opened} of ${of} ${what}`;
}

function notDisclosed(what: string, { hidden }: Visibility): readonly string[] {
  if (hidden.length === 0) return [];
  const more = hidden.length > MAX_NAMED ? ` and ${hidden.length - MAX_NAMED} more` : '';
  return [`  NOT disclosed: ${what} ${hidden.slice(0, MAX_NAMED).join(', ')}${more}`];
}

/** Makes control characters visible: what others wrote must not steer a terminal. */
export function tame(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}
