import { err, ok, type Result } from '../../../src/kernel/result.ts';
import { cipher, integrity } from '../nas-security/algorithms.ts';
import type { Algorithm, Direction } from '../nas-security/types.ts';
import { type BearerKind, dataOf, HEAD_OCTETS, headOf, MAC_OCTETS, SEQUENCE_BITS } from './pdu.ts';

/** An algorithm and its key of 16 octets. */
export interface Protected {
  readonly algorithm: Algorithm;
  readonly key: Uint8Array;
}

/** What a bearer is protected by; `null`: by nothing yet, or never. */
export interface PdcpSecurity {
  readonly ciphering: Protected | null;
  readonly integrity: Protected | null;
}

export interface PdcpOptions {
  readonly kind: BearerKind;
  /** Number of the radio bearer, 1 to 32. */
  readonly bearer: number;
  readonly direction: Direction;
}

export const UNPROTECTED: PdcpSecurity = { ciphering: null, integrity: null };

/** COUNT has 32 bits, and no key is used for more of them. */
const COUNTS = 2 ** 32;

/** What sends on a radio bearer, one way. @see TS 38.323 clause 5.2.1 */
export class PdcpSender {
  /** May be changed between two of them: security is activated by a message of the bearer itself. */
  security: PdcpSecurity = UNPROTECTED;
  readonly #options: PdcpOptions;
  #next = 0;

  constructor(options: PdcpOptions) {
    this.#options = options;
  }

  /** COUNT of what is sent next. */
  get next(): number {
    return this.#next;
  }

  /** @throws RangeError when COUNT has come to its end */
  protect(sdu: Uint8Array): Uint8Array {
    if (this.#next >= COUNTS) throw new RangeError('COUNT of PDCP has come to its end');
    const { kind, bearer, direction } = this.#options;
    const count = this.#next;
    this.#next += 1;
    const head = headOf(kind, count);
    const about = { count, bearer: bearer - 1, direction };
    const mac = hasMac(kind, this.security)
      ? macOf(this.security, { about, covered: join(head, sdu) })
      : new Uint8Array(0);
    return join(head, ciphered(this.security, about, join(sdu, mac)));
  }
}

/** A PDU that was received. */
export interface Received {
  readonly sdu: Uint8Array;
  readonly count: number;
}

/** Why a PDU is not delivered. */
export interface PdcpFault {
  readonly kind: 'malformed' | 'control' | 'integrity' | 'repeated';
  readonly text: string;
}

/** How many of the COUNTs before the next one are remembered, to tell what comes twice. */
const REMEMBERED = 4_096;

/**
 * What receives on a radio bearer, one way. SDUs are delivered as they come: what carries them here keeps their order, and
 * where it does not, the bearer is one with delivery out of order.
 * @see TS 38.323 clause 5.2.2
 */
export class PdcpReceiver {
  security: PdcpSecurity = UNPROTECTED;
  readonly #options: PdcpOptions;
  readonly #seen = new Set<number>();
  /** RX_NEXT: COUNT of what should come next. */
  #next = 0;

  constructor(options: PdcpOptions) {
    this.#options = options;
  }

  receive(pdu: Uint8Array): Result<Received, PdcpFault> {
    const { kind, bearer, direction } = this.#options;
    const data = dataOf(kind, pdu);
    if (data === 'control') return fault('control', 'a control PDU');
    if (data === null) return fault('malformed', `${pdu.length} octets are no PDU of ${kind}`);
    const count = this.#countOf(data.sequence);
    if (count < 0 || this.#seen.has(count)) return fault('repeated', `COUNT ${count} was there before`);
    const about = { count, bearer: bearer - 1, direction };
    const plain = ciphered(this.security, about, data.contents);
    const macOctets = hasMac(kind, this.security) ? MAC_OCTETS : 0;
    if (plain.length < macOctets) return fault('malformed', 'the PDU ends before its MAC-I');
    const sdu = plain.slice(0, plain.length - macOctets);
    const head = pdu.subarray(0, HEAD_OCTETS[kind]);
    if (this.security.integrity !== null) {
      const should = macOf(this.security, { about, covered: join(head, sdu) });
      const mac = plain.subarray(plain.length - macOctets);
      if (!should.every((octet, at) => octet === mac[at]))
        return fault('integrity', `MAC-I of COUNT ${count} is not ${hex(should)} but ${hex(mac)}`);
    }
    this.#note(count);
    return ok({ sdu, count });
  }

  /** Whether a PDU that was delivered with that COUNT is by that algorithm and key: security begins with a message that has to be read first. */
  isBy(by: Protected, pdu: Uint8Array, count: number): boolean {
    const { kind, bearer, direction } = this.#options;
    const end = pdu.length - MAC_OCTETS;
    const covered = pdu.subarray(0, end);
    const security = { ciphering: null, integrity: by };
    const should = macOf(security, { about: { count, bearer: bearer - 1, direction }, covered });
    return end >= HEAD_OCTETS[kind] && should.every((octet, at) => octet === pdu[end + at]);
  }

  /** The COUNT with that sequence number that is nearest to the next one. */
  #countOf(sequence: number): number {
    const size = 2 ** SEQUENCE_BITS[this.#options.kind];
    const base = Math.floor(this.#next / size) * size;
    const candidates = [base - size, base, base + size].map((start) => start + sequence);
    const distance = (count: number): number => Math.abs(count - this.#next);
    return candidates.reduce((best, each) => (distance(each) < distance(best) ? each : best));
  }

  #note(count: number): void {
    this.#seen.add(count);
    this.#next = Math.max(this.#next, count + 1);
    for (const each of this.#seen) {
      if (this.#seen.size <= REMEMBERED) break;
      this.#seen.delete(each);
    }
  }
}

interface About {
  readonly count: number;
  readonly bearer: number;
  readonly direction: Direction;
}

/** Signalling has a MAC-I always, of zeros before there is security; user data where it is protected. @see clause 6.3.4 */
function hasMac(kind: BearerKind, { integrity: protectedBy }: PdcpSecurity): boolean {
  return kind === 'srb' || protectedBy !== null;
}

function macOf(
  { integrity: by }: PdcpSecurity,
  { about, covered }: { readonly about: About; readonly covered: Uint8Array },
): Uint8Array {
  if (by === null) return new Uint8Array(MAC_OCTETS);
  return integrity(by.algorithm, { key: by.key, ...about }, covered);
}

function ciphered({ ciphering }: PdcpSecurity, about: About, octets: Uint8Array): Uint8Array {
  return ciphering === null ? octets : cipher(ciphering.algorithm, { key: ciphering.key, ...about }, octets);
}

function join(one: Uint8Array, other: Uint8Array): Uint8Array {
  const joined = new Uint8Array(one.length + other.length);
  joined.set(one);
  joined.set(other, one.length);
  return joined;
}

function fault(kind: PdcpFault['kind'], text: string): Result<Received, PdcpFault> {
  return err({ kind, text });
}

function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex');
}
