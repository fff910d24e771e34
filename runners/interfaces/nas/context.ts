import { NAS_BEARER, type NasKeys, open, type Opened, protect, type Protection } from './protection.ts';
import { algorithmKeyOf, kgnbOf } from '../aka/keys.ts';
import { cipher } from '../nas-security/algorithms.ts';
import type { Algorithm, Direction } from '../nas-security/types.ts';

const SEQUENCE_NUMBERS = 256;

export interface NasContextParts {
  /** K_AMF, 32 octets. */
  readonly kamf: Uint8Array;
  /** Key set identifier, 0 to 6. */
  readonly ksi: number;
  readonly ciphering: Algorithm;
  readonly integrityProtection: Algorithm;
  /** Of what this end sends. */
  readonly sends: Direction;
}

/** A 5G NAS security context at one of its ends: keys, and the COUNTs of both directions. @see TS 33.501 clause 6.4 */
export class NasContext {
  readonly parts: NasContextParts;
  readonly #keys: NasKeys;
  /** COUNT of what is sent next, and the lowest that what comes next may have. */
  #next = 0;
  #expected = 0;

  constructor(parts: NasContextParts) {
    const { kamf, ciphering, integrityProtection } = parts;
    this.parts = parts;
    this.#keys = {
      encryption: algorithmKeyOf(kamf, 'nasEncryption', ciphering),
      integrity: algorithmKeyOf(kamf, 'nasIntegrity', integrityProtection),
      ciphering,
      integrityProtection,
    };
  }

  get ksi(): number {
    return this.parts.ksi;
  }

  /** COUNT of the message that goes out next. */
  get nextCount(): number {
    return this.#next;
  }

  /** The same keys under other algorithms; the COUNTs go on. @see TS 24.501 clause 5.4.2.3 */
  under(algorithms: Pick<NasContextParts, 'ciphering' | 'integrityProtection'>): NasContext {
    const changed = new NasContext({ ...this.parts, ...algorithms });
    changed.#next = this.#next;
    changed.#expected = this.#expected;
    return changed;
  }

  /** A plain message under security, with the next COUNT. */
  protect(plain: Uint8Array, protection: Protection): Uint8Array {
    const count = this.#next;
    this.#next += 1;
    return protect(this.#keys, plain, { protection, direction: this.parts.sends, count });
  }

  /** What came, opened; only what is authentic counts against replay. `null` of what is not protected. */
  open(bytes: Uint8Array): Opened | null {
    const direction = this.#receives;
    const opened = open(this.#keys, bytes, { direction, expected: this.#expected });
    if (opened?.isAuthentic === true) this.#expected = opened.count + 1;
    return opened;
  }

  /** As if nothing of the last 256 COUNTs had been seen: what a network does that does not look for replays. */
  openAgain(bytes: Uint8Array): Opened | null {
    const expected = Math.max(0, this.#expected - SEQUENCE_NUMBERS);
    return open(this.#keys, bytes, { direction: this.#receives, expected });
  }

  /** The contents of a NAS message container of the message that goes out next. @see TS 24.501 clause 4.4.6 */
  cipherContainer(contents: Uint8Array): Uint8Array {
    return this.#underKey(contents, this.parts.sends, this.#next);
  }

  /** The contents of a NAS message container of a message with that COUNT. */
  openContainer(contents: Uint8Array, count: number): Uint8Array {
    return this.#underKey(contents, this.#receives, count);
  }

  /** K_gNB by the COUNT of an uplink message. @see TS 33.501 clause A.9 */
  kgnb(uplinkCount: number): Uint8Array {
    return kgnbOf(this.parts.kamf, uplinkCount);
  }

  get #receives(): Direction {
    return this.parts.sends === 'uplink' ? 'downlink' : 'uplink';
  }

  #underKey(contents: Uint8Array, direction: Direction, count: number): Uint8Array {
    const { ciphering, encryption: key } = this.#keys;
    return cipher(ciphering, { key, bearer: NAS_BEARER, direction, count }, contents);
  }
}
