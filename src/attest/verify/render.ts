import { CODES } from '../../kernel/codes.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { FINDINGS } from '../../domain/verdict.ts';
import type { Standing } from './status.ts';
import type { Signer } from './times.ts';
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
  const { standing } = verification;
  const steps = verification.steps.map((step) => ({ ...step }));
  if (verification.status === 'refused') {
    const [{ code, text }] = verification.reasons;
    const reasons = [{ code, text, remedy: CODES[code].remedy }];
    return { status: 'refused', reasons, standing: standingJson(standing), steps };
  }
  const { payloadSha256, report, signers, selfDeclared, cases, sections, hiddenInside, evidence } =
    verification;
  return {
    status: 'accepted',
    reasons: [],
    standing: standingJson(standing),
    selfDeclared,
    payloadSha256,
    report: { ...report, overridden: report.overridden.map((one) => ({ ...one })) },
    signers: signers.map((signer) => ({ ...signer, time: { ...signer.time } })),
    disclosed: { ...itemsOf(verification), cases: cases.opened, sections: sections.opened },
    undisclosed: { cases: [...cases.hidden], sections: [...sections.hidden], inside: hiddenInside },
    evidence: { ...evidence },
    steps,
  };
}

function standingJson(standing: Standing | null): JsonObject | null {
  if (standing === null) return null;
  const { replacedBy, ...rest } = standing;
  return { ...rest, ...(replacedBy === undefined ? {} : { replacedBy: { ...replacedBy } }) };
}

/** Every hidden part counts as one item, those inside of what was opened too. */
function itemsOf({ cases, sections, hiddenInside }: Accepted): {
  readonly items: number;
  readonly of: number;
} {
  return { items: cases.opened + sections.opened, of: cases.of + sections.of + hiddenInside };
}

function renderAccepted(seen: Accepted): readonly string[] {
  const { report, signers, selfDeclared, payloadSha256, cases, sections, hiddenInside, standing } = seen;
  const counts = FINDINGS.filter((finding) => report.counts[finding] > 0);
  const { items, of } = itemsOf(seen);
  return [
    `accepted${selfDeclared ? ', self-declared: nobody but its maker vouches for these keys' : ''}`,
    `  result    ${report.result} (${counts.map((one) => `${report.counts[one]} ${one}`).join(', ')})`,
    ...report.overridden.map(
      (one) => `  OVERRIDE  ${one.case}: the machine found ${one.machine}, a person decided ${one.person}`,
    ),
    `  report    ${report.series}, revision ${report.revision} (${report.kind}), campaign ${report.campaign}`,
    `  issued    ${report.issuedAt} by ${report.lab} (${report.issuedAtConfirmed ? 'confirmed by a time-stamp' : 'by its own clock'})`,
    `  payload   sha256:${payloadSha256}`,
    ...(standing === null ? [] : renderStanding(standing)),
    ...signers.flatMap(renderSigner),
    `  disclosed ${items} of ${of} items: ${share('cases', cases)}, ${share('sections', sections)}`,
    ...notDisclosed('cases', cases),
    ...notDisclosed('sections', sections),
    ...(hiddenInside > 0 ? [`  NOT disclosed: ${hiddenInside} part(s) inside of what was opened`] : []),
    ...renderEvidence(seen),
    ...notChecked(seen),
  ];
}

function renderStanding({ state, since, reason, lab, replacedBy }: Standing): readonly string[] {
  const by =
    replacedBy === undefined
      ? ''
      : `; replaced by revision ${replacedBy.revision}, sha256:${replacedBy.payload}`;
  const why =
    since === undefined
      ? ''
      : ` since ${since}, says ${lab ?? ''}${reason === undefined ? '' : `: ${reason}`}`;
  return [`  standing  ${state}${why}${by}`];
}

function renderSigner({ lab, role, keyid, selfDeclared, time, revokedAt }: Signer): readonly string[] {
  const own = selfDeclared ? ' (self-declared)' : '';
  const stamp = time.by === 'timestamp' ? [`  stamped   ${time.at} by ${time.authority ?? ''}`] : [];
  const revoked = revokedAt === undefined ? [] : [`  REVOKED   that key, later: at ${revokedAt}`];
  return [`  signed    ${role} of ${lab}, key ${keyid.slice(0, 16)}…${own}`, ...stamp, ...revoked];
}

function renderEvidence({ evidence: { checked, of } }: Accepted): readonly string[] {
  return [`  evidence  ${checked} of ${of} pieces checked`];
}

function notChecked({ steps }: Accepted): readonly string[] {
  return steps.flatMap(({ step, why }) => (why === undefined ? [] : [`  NOT checked: ${step}: ${why}`]));
}

function renderRefused({ reasons: [{ code, text }], steps }: Refused): readonly string[] {
  const at = steps.find(({ state }) => state === 'refused');
  return [
    `refused ${code}`,
    `  because   ${text}`,
    `  at step   ${at?.step ?? ''}`,
    `  what now  ${CODES[code].remedy}`,
  ];
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
