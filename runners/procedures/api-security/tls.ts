import type { Json } from '../../../src/kernel/json.ts';
import type { Verdict } from '../../../src/domain/verdict.ts';
import { isProfileSuite } from '../../interfaces/tls/cipher-suites.ts';
import { scanTls, type TlsScan } from '../../interfaces/tls/scan.ts';
import { OLD_VERSIONS, type TlsVersion } from '../../interfaces/tls/versions.ts';
import {
  type Bench,
  Blocked,
  clause,
  type Judged,
  type JudgedClause,
  type Procedure,
  type Seen,
} from '../procedure.ts';
import { judgeCleartext, probeCleartext } from './cleartext.ts';
import { clientStep, judgeRefused, MTLS_VERSIONS, strangers, tryClient } from './client-certificates.ts';
import {
  claimsMutualTls,
  claimsTls,
  CLAIMS,
  exchange,
  onlySubject,
  openApi,
  type SecuredApi,
  welcome,
} from './secured-api.ts';
import { exchangesIn, judgeAnswered, type SeenExchange } from './seen-exchanges.ts';

/** Groups of under 224 bits of curve or 2048 bits of modulus give under 112 bits of strength (NIST SP 800-57). */
const WEAK_GROUPS = new Set(['secp160r1', 'secp192r1']);
const MIN_DH_BITS = 2048;
const UNTRUSTED = ['selfSigned', 'unknownAuthority'] as const;

/** SEC-TLS-001: versions, suites, groups, compression, cleartext, and who is let in. */
export const tlsProfile: Procedure = {
  id: 'api-security.tls',
  parameters: {
    responseTimeMs: { type: 'number', unit: 'ms', about: 'the longest a request or a hand-shake may take' },
  },
  clauses: [
    'answered',
    'no-cleartext',
    'no-old-versions',
    'tls12',
    'tls13',
    'suites-in-profile',
    'groups-in-profile',
    'no-compression',
    'client-certificate-required',
    'untrusted-client-refused-tls12',
    'untrusted-client-refused-tls13',
  ],
  drive,
  judge,
};

/** The API, when the case has something to look at; `Blocked` when it speaks no TLS and never said so. */
export async function openTlsApi(bench: Bench): Promise<SecuredApi> {
  const api = await openApi(bench);
  if (!api.secure && !claimsTls(onlySubject(bench.subjects))) {
    const text = `the end point is http:, and the ICS does not claim ${CLAIMS.tls}`;
    throw new Blocked({ code: 'ICS_NOT_CLAIMED', text }, 'notApplicable');
  }
  return api;
}

async function drive(bench: Bench, { signal }: { signal: AbortSignal }): Promise<void> {
  const api = await openTlsApi(bench);
  const first = await welcome({ bench, api }, { signal });
  await probeCleartext({ bench, api }, { signal });
  if (!api.secure || first.response === null) return;
  const limits = { timeoutMs: bench.number('responseTimeMs') };
  const scan = await scanTls(api, limits, { signal });
  bench.observe('scan', 'tls-scan', scan as unknown as Json);
  if (claimsMutualTls(onlySubject(bench.subjects))) await tryStrangers({ bench, api, scan }, { signal });
  // Everything above is only worth something when the product was still there at the end.
  const request = { method: 'GET', url: `${api.root}/policytypes` };
  await exchange({ bench, api }, { step: 'farewell', request }, { signal });
}

async function tryStrangers(
  { bench, api, scan }: { bench: Bench; api: SecuredApi; scan: TlsScan },
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const clients = await strangers();
  for (const version of MTLS_VERSIONS) {
    if (!scan.versions[version].accepted) continue;
    for (const which of ['none', ...UNTRUSTED] as const) {
      await tryClient({ bench, api }, { clients, which, version }, { signal });
    }
  }
}

function judge(seen: Seen): Judged {
  const exchanges = exchangesIn(seen.observations);
  const observed = seen.observations.find(({ kind }) => kind === 'tls-scan');
  const scan = observed?.data as unknown as TlsScan | undefined;
  const about = (id: string, finding: (scan: TlsScan) => readonly [Verdict, string]): JudgedClause =>
    scan === undefined
      ? notScanned(id, exchanges)
      : clause(id, trusted(finding(scan), scan), observed?.n ?? 0);
  return {
    clauses: [
      judgeAnswered(exchanges),
      judgeCleartext(exchanges),
      about('no-old-versions', noOldVersions),
      about('tls12', (facts) => offers(facts, 'TLSv1.2')),
      about('tls13', (facts) => offers(facts, 'TLSv1.3')),
      about('suites-in-profile', suitesInProfile),
      about('groups-in-profile', groupsInProfile),
      about('no-compression', ({ compression }) =>
        compression ? ['fail', 'took DEFLATE'] : ['pass', 'chose none'],
      ),
      ...judgeClients(exchanges, seen),
    ],
    remarks: remarksOn(scan, exchanges),
  };
}

/** A scan on the way of which the product went away proves nothing by what it did not take. */
function trusted([verdict, saw]: readonly [Verdict, string], scan: TlsScan): readonly [Verdict, string] {
  if (verdict !== 'pass' || scan.undelivered === 0) return [verdict, saw];
  return ['inconc', `${scan.undelivered} offers could not be delivered`];
}

function notScanned(id: string, exchanges: ReadonlyMap<string, SeenExchange>): JudgedClause {
  const first = exchanges.get('welcome');
  if (first?.exchange.request.url.startsWith('http:') !== true) return clause(id, ['none', 'not reached']);
  return ['tls12', 'tls13'].includes(id)
    ? clause(id, ['fail', 'the end point speaks no TLS, though the ICS claims it'], first.n)
    : clause(id, ['none', 'the end point speaks no TLS']);
}

function noOldVersions({ versions }: TlsScan): readonly [Verdict, string] {
  const accepted = OLD_VERSIONS.filter((version) => versions[version].accepted);
  if (accepted.length > 0) return ['fail', `accepted ${accepted.join(', ')}`];
  return ['pass', OLD_VERSIONS.map((version) => `${version}: ${versions[version].refusedBy}`).join('; ')];
}

function offers({ versions }: TlsScan, version: TlsVersion): readonly [Verdict, string] {
  const { accepted, suites, refusedBy } = versions[version];
  return accepted ? ['pass', suites.join(', ')] : ['fail', `refused: ${refusedBy}`];
}

/** Over the versions that are allowed at all; the others have a clause of their own. */
function suitesInProfile({ versions }: TlsScan): readonly [Verdict, string] {
  const suites = [...versions['TLSv1.2'].suites, ...versions['TLSv1.3'].suites];
  const outside = suites.filter((name) => !isProfileSuite(name));
  if (outside.length > 0) return ['fail', `outside the profile: ${outside.join(', ')}`];
  return suites.length === 0
    ? ['none', 'no suite of TLS 1.2 or 1.3 was accepted']
    : ['pass', `${suites.length} suites`];
}

function groupsInProfile({ groups, smallestDhBits }: TlsScan): readonly [Verdict, string] {
  const weak = groups.filter((group) => WEAK_GROUPS.has(group));
  if (smallestDhBits !== null && smallestDhBits < MIN_DH_BITS) weak.push(`DH of ${smallestDhBits} bits`);
  return weak.length > 0 ? ['fail', `weak: ${weak.join(', ')}`] : ['pass', groups.join(', ')];
}

function judgeClients(
  exchanges: ReadonlyMap<string, SeenExchange>,
  { subjects }: Seen,
): readonly JudgedClause[] {
  const why = claimsMutualTls(onlySubject(subjects))
    ? 'this TLS version is not accepted'
    : `${CLAIMS.mutualTls} is not claimed, and no client certificate is in the equipment file`;
  const [tls12, tls13] = MTLS_VERSIONS;
  const untrusted = (version: typeof tls12 | typeof tls13) =>
    UNTRUSTED.map((which) => exchanges.get(clientStep(which, version)));
  return [
    judgeRefused(
      'client-certificate-required',
      MTLS_VERSIONS.map((version) => exchanges.get(clientStep('none', version))),
      why,
    ),
    judgeRefused('untrusted-client-refused-tls12', untrusted(tls12), why),
    judgeRefused('untrusted-client-refused-tls13', untrusted(tls13), why),
  ];
}

function remarksOn(
  scan: TlsScan | undefined,
  exchanges: ReadonlyMap<string, SeenExchange>,
): readonly string[] {
  const remarks: string[] = [];
  if (scan !== undefined && scan.silences > 0) {
    remarks.push(`${scan.silences} of ${scan.offers} ClientHellos were dropped without an alert`);
  }
  const last = exchanges.get('farewell');
  if (last !== undefined && last.exchange.response === null)
    remarks.push('the product did not answer after the scan');
  return remarks;
}
