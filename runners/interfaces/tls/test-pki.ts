import { type Authority, type KeyPair, makeAuthority, makeSelfSigned } from './authority.ts';

const DAY_MS = 86_400_000;
/** O-RAN asks for at most one year; ours live for 90 days. */
const DEFAULT_LIFE_MS = 90 * DAY_MS;
/** Small differences between two clocks do not make a fresh certificate invalid. */
const CLOCK_SLACK_MS = 3_600_000;
const CRL_URL = 'http://localhost/patchbay-test.crl';

/** The ways in which a client certificate can be wrong; each is wrong in this one thing only. */
export const BAD_CLIENTS = [
  'expired',
  'notYetValid',
  'noKeyUsage',
  'noExtendedKeyUsage',
  'wrongExtendedKeyUsage',
  'selfSigned',
  'unknownAuthority',
  'brokenChain',
] as const;
export type BadClient = (typeof BAD_CLIENTS)[number];

export type ClientSet = Readonly<Record<BadClient | 'good', KeyPair>>;

export interface TestPki {
  readonly authority: Authority;
  /** PEM of the root: what both sides trust. */
  readonly ca: string;
  readonly server: KeyPair;
  /** A certificate that the product has to accept. */
  readonly client: KeyPair;
}

export interface ServerProfile {
  /** FQDNs of the subjectAltName; default `localhost`; empty: no FQDN in it. */
  readonly dnsNames?: readonly string[];
  /** Default `127.0.0.1`; empty together with `dnsNames`: no subjectAltName at all. */
  readonly ipAddresses?: readonly string[];
  /** `null`: no cRLDistributionPoints extension. */
  readonly crlUrl?: string | null;
  /** False: no keyUsage extension. */
  readonly keyUsage?: boolean;
  /** From the moment of making; default 90 days; negative: already over. */
  readonly lifeMs?: number;
}

/**
 * A whole test PKI on P-256: a root, a server certificate that keeps to the O-RAN certificate profile, and a good client.
 * For loopback and simulators; its keys are worth nothing.
 * @param now instant of making, in ms since the epoch
 * @see O-RAN.WG11 Security Protocols Specification, table 4.2.3-1
 */
export async function makeTestPki({
  now,
  server,
}: {
  now: number;
  server?: ServerProfile;
}): Promise<TestPki> {
  const authority = await makeTestAuthority({ now, commonName: 'Patchbay test CA' });
  return {
    authority,
    ca: authority.certificate,
    server: await issueServer(authority, { now, ...server }),
    client: await issueGoodClient(authority, { now }),
  };
}

/** A root that lives for ten years. */
export async function makeTestAuthority({
  now,
  commonName,
}: {
  now: number;
  commonName: string;
}): Promise<Authority> {
  return makeAuthority({
    commonName,
    notBefore: new Date(now - 400 * DAY_MS),
    notAfter: new Date(now + 3650 * DAY_MS),
    keyUsage: 'keyCertSign',
  });
}

/** A TLS server certificate: v3, critical keyUsage digitalSignature, serverAuth, FQDN, CRL distribution point. */
export async function issueServer(
  authority: Authority,
  profile: ServerProfile & { now: number },
): Promise<KeyPair> {
  const { now, lifeMs = DEFAULT_LIFE_MS, crlUrl = CRL_URL, keyUsage = true } = profile;
  const notAfter = now + lifeMs;
  return authority.issue({
    commonName: 'patchbay-test-server',
    notBefore: new Date(lifeMs < 0 ? notAfter - 30 * DAY_MS : now - CLOCK_SLACK_MS),
    notAfter: new Date(notAfter),
    ...(keyUsage ? { keyUsage: 'digitalSignature' } : {}),
    extendedKeyUsage: 'serverAuth',
    dnsNames: profile.dnsNames ?? ['localhost'],
    ipAddresses: profile.ipAddresses ?? ['127.0.0.1'],
    ...(crlUrl === null ? {} : { crlUrl }),
  });
}

export async function issueGoodClient(authority: Authority, { now }: { now: number }): Promise<KeyPair> {
  return authority.issue(clientProfile(now));
}

/**
 * One good client certificate of `authority` and one for each way to be wrong.
 * `unknownAuthority` comes from a root that the product was never told about; `brokenChain` was issued by an
 * intermediate of `authority` that is not sent along.
 */
export async function issueClients(authority: Authority, { now }: { now: number }): Promise<ClientSet> {
  const good = clientProfile(now);
  const stranger = await makeTestAuthority({ now, commonName: 'Patchbay unknown CA' });
  const intermediate = await authority.delegate({
    commonName: 'Patchbay test intermediate',
    notBefore: good.notBefore,
    notAfter: good.notAfter,
    keyUsage: 'keyCertSign',
  });
  const past = { notBefore: new Date(now - 60 * DAY_MS), notAfter: new Date(now - 30 * DAY_MS) };
  const future = { notBefore: new Date(now + 30 * DAY_MS), notAfter: new Date(now + 60 * DAY_MS) };
  return {
    good: await authority.issue(good),
    expired: await authority.issue({ ...good, ...past }),
    notYetValid: await authority.issue({ ...good, ...future }),
    noKeyUsage: await authority.issue({ ...plainProfile(now), extendedKeyUsage: good.extendedKeyUsage }),
    noExtendedKeyUsage: await authority.issue({ ...plainProfile(now), keyUsage: good.keyUsage }),
    wrongExtendedKeyUsage: await authority.issue({ ...good, extendedKeyUsage: 'serverAuth' }),
    selfSigned: await makeSelfSigned(good),
    unknownAuthority: await stranger.issue(good),
    brokenChain: await intermediate.issue(good),
  };
}

function clientProfile(now: number) {
  return { ...plainProfile(now), keyUsage: 'digitalSignature', extendedKeyUsage: 'clientAuth' } as const;
}

function plainProfile(now: number) {
  return {
    commonName: 'patchbay-test-client',
    notBefore: new Date(now - CLOCK_SLACK_MS),
    notAfter: new Date(now + DEFAULT_LIFE_MS),
    dnsNames: ['localhost'],
    crlUrl: CRL_URL,
  };
}
