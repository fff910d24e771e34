import type { Json } from '../../../src/kernel/json.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';
import type { CertificateFacts } from '../../interfaces/tls/certificate.ts';
import { BAD_CLIENTS, type BadClient } from '../../interfaces/tls/test-pki.ts';
import {
  clause,
  type Judged,
  type JudgedClause,
  type Procedure,
  type Seen,
  type Bench,
} from '../procedure.ts';
import { type CapturedChain, captureChain } from './capture-chain.ts';
import {
  clientsOfTestCa,
  clientStep,
  judgeRefused,
  MTLS_VERSIONS,
  TEST_CA,
  tryClient,
} from './client-certificates.ts';
import { type SecuredApi, welcome } from './secured-api.ts';
import { exchangesIn, judgeAnswered, type SeenExchange } from './seen-exchanges.ts';
import { openTlsApi } from './tls.ts';

const CLIENT_CLAUSES = {
  expired: 'expired-client-refused',
  notYetValid: 'not-yet-valid-client-refused',
  noKeyUsage: 'no-key-usage-client-refused',
  noExtendedKeyUsage: 'no-extended-key-usage-client-refused',
  wrongExtendedKeyUsage: 'wrong-extended-key-usage-client-refused',
  brokenChain: 'broken-chain-client-refused',
} as const satisfies Partial<Record<BadClient, string>>;
type TriedClient = keyof typeof CLIENT_CLAUSES;
const TRIED_CLIENTS = BAD_CLIENTS.filter((name): name is TriedClient => name in CLIENT_CLAUSES);

/** What the tester's trust anchor finds wrong with a chain, dates and names aside: these have clauses of their own. */
const NOT_ABOUT_THE_CHAIN = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** SEC-X509-001: the product's own certificate, and faulty ones presented to it. */
export const certificateProfile: Procedure = {
  id: 'api-security.x509',
  parameters: {
    responseTimeMs: { type: 'number', unit: 'ms', about: 'the longest a request or a hand-shake may take' },
  },
  clauses: [
    'answered',
    'version-3',
    'validity-at-most-one-year',
    'in-force',
    'key-usage-critical',
    'crl-distribution-point',
    'subject-alt-name-fqdn',
    'chain',
    ...Object.values(CLIENT_CLAUSES),
  ],
  drive,
  judge,
};

async function drive(bench: Bench, { signal }: { signal: AbortSignal }): Promise<void> {
  const api = await openTlsApi(bench);
  const first = await welcome({ bench, api }, { signal });
  if (!api.secure || first.response === null) return;
  const captured = await captureChain(api, { timeoutMs: bench.number('responseTimeMs') }, { signal });
  const shown = captured === null ? null : { ...captured, at: Date.now() };
  bench.observe('chain', 'certificate-chain', shown as unknown as Json);
  await tryClients({ bench, api }, { signal });
}

async function tryClients(
  { bench, api }: { bench: Bench; api: SecuredApi },
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const clients = await clientsOfTestCa(bench);
  if (clients === undefined) return;
  for (const version of MTLS_VERSIONS) {
    for (const which of ['good', ...TRIED_CLIENTS] as const) {
      await tryClient({ bench, api }, { clients, which, version }, { signal });
    }
  }
}

type Captured = CapturedChain & {
  /** When it was captured, in ms since the epoch. */
  readonly at: number;
};

function judge(seen: Seen): Judged {
  const exchanges = exchangesIn(seen.observations);
  const observed = seen.observations.find(({ kind }) => kind === 'certificate-chain');
  const captured = observed?.data as unknown as Captured | null | undefined;
  const leaf = captured?.chain[0] ?? undefined;
  const n = observed?.n ?? 0;
  const about = (id: string, finding: (leaf: CertificateFacts, at: number) => readonly [Verdict, string]) =>
    leaf === undefined || captured === undefined || captured === null
      ? clause(id, unread(captured))
      : clause(id, finding(leaf, captured.at), n);
  return {
    clauses: [
      judgeAnswered(exchanges),
      about('version-3', ({ version }) => [version === 3 ? 'pass' : 'fail', `version ${version}`]),
      about('validity-at-most-one-year', validity),
      about('in-force', inForce),
      about('key-usage-critical', keyUsage),
      about('crl-distribution-point', ({ crlDistributionPoints: count }) => [
        count > 0 ? 'pass' : 'fail',
        `${count} distribution points`,
      ]),
      about('subject-alt-name-fqdn', alternativeName),
      captured === undefined || captured === null
        ? clause('chain', unread(captured))
        : clause('chain', chainFinding(captured), n),
      ...TRIED_CLIENTS.map((which) => judgeClient(which, exchanges)),
    ],
    remarks:
      captured?.verifyError === 'ERR_TLS_CERT_ALTNAME_INVALID'
        ? ['the certificate does not name the host under which it was reached']
        : [],
  };
}

/** A certificate that was shown and cannot be read is the product's; none at all proves nothing. */
function unread(captured: Captured | null | undefined): readonly [Verdict, string] {
  if (captured === undefined) return ['none', 'not reached'];
  if (captured === null) return ['inconc', 'the hand-shake for reading the certificate did not come about'];
  return ['fail', 'the certificate cannot be read'];
}

/** At most one year: until the same day and time of the year after, in UTC. */
function validity({ notBefore, notAfter }: CertificateFacts): readonly [Verdict, string] {
  const limit = new Date(notBefore);
  limit.setUTCFullYear(limit.getUTCFullYear() + 1);
  return [Date.parse(notAfter) <= limit.getTime() ? 'pass' : 'fail', `${notBefore} to ${notAfter}`];
}

function inForce({ notBefore, notAfter }: CertificateFacts, at: number): readonly [Verdict, string] {
  if (at < Date.parse(notBefore)) return ['fail', `not valid before ${notBefore}`];
  return at > Date.parse(notAfter) ? ['fail', `expired at ${notAfter}`] : ['pass', `until ${notAfter}`];
}

function keyUsage({ keyUsage: usage }: CertificateFacts): readonly [Verdict, string] {
  if (usage === null) return ['fail', 'no keyUsage'];
  const right = usage.critical && usage.usages.includes('digitalSignature');
  return [
    right ? 'pass' : 'fail',
    `${usage.critical ? 'critical' : 'not critical'}: ${usage.usages.join(', ')}`,
  ];
}

function alternativeName({ subjectAltName: names }: CertificateFacts): readonly [Verdict, string] {
  const saw = names.map(({ type, value }) => `${type}:${value}`).join(', ');
  return [names.some(({ type }) => type === 'dns') ? 'pass' : 'fail', saw === '' ? 'no subjectAltName' : saw];
}

function chainFinding({ verifyError, anchored, chain }: Captured): readonly [Verdict, string] {
  if (!anchored) return ['none', 'the equipment file names no serverCa'];
  const saw = `${chain.length} certificates${verifyError === null ? '' : `; ${verifyError}`}`;
  return [verifyError === null || NOT_ABOUT_THE_CHAIN.has(verifyError) ? 'pass' : 'fail', saw];
}

/**
 * A refusal means something only where a good certificate of the same CA was let in.
 */
function judgeClient(which: TriedClient, exchanges: ReadonlyMap<string, SeenExchange>): JudgedClause {
  const id = CLIENT_CLAUSES[which];
  const good = MTLS_VERSIONS.map((version) => exchanges.get(clientStep('good', version)));
  if (good.every((seen) => seen === undefined)) {
    return clause(id, ['none', exchanges.size > 1 ? 'not reached' : `the IXIT has no ${TEST_CA}`]);
  }
  const welcomed = MTLS_VERSIONS.filter((_, index) => hasAnswer(good[index]));
  if (welcomed.length === 0) {
    const shownBy = good.flatMap((seen) => (seen === undefined ? [] : [seen.n]));
    return clause(id, ['inconc', `a good certificate of ${TEST_CA} is refused as well`], ...shownBy);
  }
  const tried = welcomed.map((version) => exchanges.get(clientStep(which, version)));
  return judgeRefused(id, tried, 'not reached');
}

function hasAnswer(seen: SeenExchange | undefined): boolean {
  return seen !== undefined && seen.exchange.response !== null;
}
