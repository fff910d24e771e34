import { isDheSuite, LEGACY_SUITES, suiteName, TLS12_SUITES, TLS13_SUITES } from './cipher-suites.ts';
import { GROUP_NAMES, type GroupName, type Offer } from './client-hello.ts';
import { type Address, probe, type ProbeReply } from './probe.ts';
import { TLS_VERSIONS, type TlsVersion } from './versions.ts';

/** One version, as the server answered to it. */
export interface VersionScan {
  readonly accepted: boolean;
  /** Suites in the order in which the server chose them; empty for what it refused. */
  readonly suites: readonly string[];
  /** How it said no to the last offer: `alert protocol_version`, `closed`, `silent` … */
  readonly refusedBy: string;
}

export interface TlsScan {
  readonly versions: Readonly<Record<TlsVersion, VersionScan>>;
  /** Named groups taken for a key exchange, over all accepted versions from TLS 1.2 on. */
  readonly groups: readonly string[];
  /** Smallest modulus of a finite-field exchange with a group of the server's own, in bits; null: none seen. */
  readonly smallestDhBits: number | null;
  /** The server took compression when it was offered. */
  readonly compression: boolean;
  /** How many ClientHellos were delivered. */
  readonly offers: number;
  /** How many of them were not answered at all in time. */
  readonly silences: number;
  /** How many could not be delivered, after the first one was. */
  readonly undelivered: number;
}

export interface ScanLimits {
  /** For each ClientHello, in ms. */
  readonly timeoutMs: number;
}

/** Some servers stumble over very long lists; no list of ours is longer. */
const MAX_SUITES_PER_OFFER = 48;

/**
 * Finds out what a TLS server accepts, by asking for one version at a time, and again for the rest of the suites until
 * it refuses. Judges nothing.
 * @see RFC 5246, RFC 8446
 */
export async function scanTls(
  at: Address,
  limits: ScanLimits,
  { signal }: { signal: AbortSignal },
): Promise<TlsScan> {
  const scanner = new Scanner(at, limits, signal);
  const versions: Partial<Record<TlsVersion, VersionScan>> = {};
  for (const version of TLS_VERSIONS) versions[version] = await scanner.version(version);
  const whole = versions as Readonly<Record<TlsVersion, VersionScan>>;
  const groups = await scanner.groups(whole);
  const smallestDhBits = await scanner.smallestDhBits(whole);
  const compression = await scanner.compression(whole['TLSv1.2']);
  return { versions: whole, groups, smallestDhBits, compression, ...scanner.counts };
}

class Scanner {
  readonly counts = { offers: 0, silences: 0, undelivered: 0 };
  readonly #at: Address;
  readonly #limits: ScanLimits;
  readonly #signal: AbortSignal;

  constructor(at: Address, limits: ScanLimits, signal: AbortSignal) {
    this.#at = at;
    this.#limits = limits;
    this.#signal = signal;
  }

  async version(version: TlsVersion): Promise<VersionScan> {
    const suites: string[] = [];
    let refusedBy = 'nothing offered';
    for (const chunk of chunks(suitesFor(version))) {
      let left = chunk;
      while (left.length > 0) {
        const reply = await this.#offer({ version, suites: left, groups: GROUP_NAMES });
        const code = left.find((suite) => taken(reply, version) === suiteName(suite));
        if (code === undefined) {
          refusedBy = refusalOf(reply, version);
          break;
        }
        suites.push(suiteName(code));
        left = left.filter((suite) => suite !== code);
      }
      if (refusedBy === 'silent' || refusedBy.startsWith('unreachable')) break;
    }
    return { accepted: suites.length > 0, suites, refusedBy };
  }

  async groups(versions: TlsScan['versions']): Promise<readonly string[]> {
    const found = new Set<string>();
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      if (!versions[version].accepted) continue;
      const suites = suitesFor(version).filter((code) => versions[version].suites.includes(suiteName(code)));
      for (const group of GROUP_NAMES) {
        if (await this.#group(group, { version, suites })) found.add(group);
      }
    }
    return [...found];
  }

  async smallestDhBits(versions: TlsScan['versions']): Promise<number | null> {
    let smallest: number | null = null;
    for (const version of TLS_VERSIONS) {
      const suites = suitesFor(version).filter(
        (code) => isDheSuite(suiteName(code)) && versions[version].suites.includes(suiteName(code)),
      );
      if (suites.length === 0) continue;
      // No finite-field group is named, so that the server shows one of its own.
      const groups: readonly GroupName[] = ['secp256r1'];
      const reply = await this.#offer({ version, suites, groups }, { keyExchange: true });
      if (reply.kind === 'server-hello' && reply.dhBits !== undefined)
        smallest = Math.min(smallest ?? reply.dhBits, reply.dhBits);
    }
    return smallest;
  }

  async compression(tls12: VersionScan): Promise<boolean> {
    if (!tls12.accepted) return false;
    const suites = TLS12_SUITES.filter((code) => tls12.suites.includes(suiteName(code)));
    const reply = await this.#offer({ version: 'TLSv1.2', suites, groups: GROUP_NAMES, compression: true });
    return reply.kind === 'server-hello' && reply.compression !== 0;
  }

  /** Up to TLS 1.2 the groups also say which certificates are understood (RFC 8422 §5.1.1), so P-256 stands second. */
  async #group(group: GroupName, offer: Omit<Offer, 'groups'>): Promise<boolean> {
    const lists: readonly (readonly GroupName[])[] =
      offer.version === 'TLSv1.3' ? [[group]] : [[group], [group, 'secp256r1']];
    for (const groups of lists) {
      const reply = await this.#offer({ ...offer, groups }, { keyExchange: true });
      if (reply.kind === 'server-hello' && reply.group === group) return true;
    }
    return false;
  }

  async #offer(offer: Offer, options: { keyExchange?: boolean } = {}): Promise<ProbeReply> {
    const limits = { ...this.#limits, ...options };
    const reply = await probe(this.#at, { offer, limits }, { signal: this.#signal });
    if (reply.kind === 'unreachable') this.counts.undelivered += 1;
    else this.counts.offers += 1;
    if (reply.kind === 'silent') this.counts.silences += 1;
    return reply;
  }
}

/** The suite a server chose, when it kept to the version that was offered. */
function taken(reply: ProbeReply, version: TlsVersion): string | undefined {
  return reply.kind === 'server-hello' && reply.version === version ? reply.suite : undefined;
}

function refusalOf(reply: ProbeReply, version: TlsVersion): string {
  switch (reply.kind) {
    case 'server-hello':
      return reply.version === version
        ? `chose ${reply.suite}, not offered`
        : `answered with ${reply.version}`;
    case 'alert':
      return `alert ${reply.description}`;
    case 'not-tls':
      return `no TLS: ${reply.firstBytes}`;
    case 'unreachable':
      return `unreachable: ${reply.detail}`;
    case 'closed':
    case 'silent':
      return reply.kind;
  }
}

function suitesFor(version: TlsVersion): readonly number[] {
  if (version === 'TLSv1.3') return TLS13_SUITES;
  return version === 'TLSv1.2' ? TLS12_SUITES : LEGACY_SUITES;
}

function chunks(list: readonly number[]): readonly (readonly number[])[] {
  const parts: (readonly number[])[] = [];
  for (let at = 0; at < list.length; at += MAX_SUITES_PER_OFFER)
    parts.push(list.slice(at, at + MAX_SUITES_PER_OFFER));
  return parts;
}
