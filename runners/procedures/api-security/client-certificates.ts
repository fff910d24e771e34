import { readAuthority } from '../../interfaces/tls/authority.ts';
import {
  type BadClient,
  type ClientSet,
  issueClients,
  makeTestAuthority,
} from '../../interfaces/tls/test-pki.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import { type Bench, Blocked, type JudgedClause, clause } from '../procedure.ts';
import { exchange, inlined, onlySubject, secretRef, type SecuredApi } from './secured-api.ts';
import { describe, isTlsRefusal, isUndelivered, type SeenExchange } from './seen-exchanges.ts';

/** Key of the IXIT: a CA that the product trusts and whose key the tester holds. */
export const TEST_CA = 'tls.testCa';
export const MTLS_VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
type MtlsVersion = (typeof MTLS_VERSIONS)[number];

/** Client certificates of the CA that the IXIT names; undefined when it names none. */
export async function clientsOfTestCa(bench: Bench): Promise<ClientSet | undefined> {
  const ixit = onlySubject(bench.subjects).ixit[TEST_CA];
  if (!isJsonObject(ixit)) return undefined;
  const certificate = inlined(ixit['certificate']);
  const key = secretRef(ixit['key']);
  if (certificate === undefined || key === undefined) {
    throw new Blocked(
      { code: 'IXIT_MISSING', text: `${TEST_CA} needs a certificate and a key` },
      'notSupportedByTestbed',
    );
  }
  const authority = await readAuthority({ certificate, key: await bench.secret(key) });
  return issueClients(authority, { now: Date.now() });
}

/** Client certificates that no product in the world has a reason to trust. */
export async function strangers(): Promise<ClientSet> {
  const now = Date.now();
  return issueClients(await makeTestAuthority({ now, commonName: 'Patchbay stranger CA' }), { now });
}

/** Sends one GET with a client certificate of its own, on exactly one TLS version. */
export async function tryClient(
  { bench, api }: { bench: Bench; api: SecuredApi },
  trial: { clients: ClientSet; which: BadClient | 'good' | 'none'; version: MtlsVersion },
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const { which, version, clients } = trial;
  const tls = {
    verify: false,
    ...(which === 'none' ? {} : clients[which]),
    minVersion: version,
    maxVersion: version,
  };
  const request = { method: 'GET', url: `${api.root}/policytypes` };
  await exchange({ bench, api: { ...api, tls } }, { step: clientStep(which, version), request }, { signal });
}

export function clientStep(which: BadClient | 'good' | 'none', version: MtlsVersion): string {
  const name = which.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
  return `client-${name}-${version.toLowerCase().replaceAll(/[v.]/gu, '')}`;
}

/** Refused on every version on which it was tried: without any HTTP answer. */
export function judgeRefused(
  id: string,
  tried: readonly (SeenExchange | undefined)[],
  absent: string,
): JudgedClause {
  const seen = tried.filter((one) => one !== undefined);
  if (seen.length === 0) return clause(id, ['none', absent]);
  const shownBy = seen.map(({ n }) => n);
  const saw = seen
    .map(({ exchange }) => `${exchange.tls?.protocol ?? 'hand-shake'}: ${describe(exchange)}`)
    .join('; ');
  if (seen.some(({ exchange }) => exchange.response !== null)) return clause(id, ['fail', saw], ...shownBy);
  if (seen.some(isUndelivered)) return clause(id, ['inconc', saw], ...shownBy);
  return clause(
    id,
    [seen.every(({ exchange }) => isTlsRefusal(exchange)) ? 'pass' : 'fail', saw],
    ...shownBy,
  );
}
