/** What ciphering and integrity take besides the key. @see TS 33.501 annex D.2 and D.3 */
export interface CipherInput {
  /** 16 octets. */
  readonly key: Uint8Array;
  /** NAS: overflow and sequence number; PDCP: hyper frame number and sequence number. 32 bits. */
  readonly count: number;
  /** 5 bits; NAS over 3GPP access: 1. */
  readonly bearer: number;
  /** Of the message. */
  readonly direction: Direction;
}

export type Direction = 'uplink' | 'downlink';

export const DIRECTION_BIT = { uplink: 0, downlink: 1 } as const;

/** Numbers of the algorithms of 128 bits. @see TS 33.501 clause 5.11.1 */
export const ALGORITHMS = [0, 1, 2, 3] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** COUNT, then BEARER, DIRECTION and 26 zero bits: what the algorithms of AES and ZUC begin with. */
export function headOf({ count, bearer, direction }: CipherInput): Uint8Array {
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint32(0, count);
  view.setUint8(4, (bearer << 3) | (DIRECTION_BIT[direction] << 2));
  return head;
}

/** The message and a key stream, bit by bit; `next` gives words of 32 bits. */
export function underStream(message: Uint8Array, next: () => number): Uint8Array {
  let word = 0;
  return message.map((octet, at) => {
    if (at % 4 === 0) word = next();
    return octet ^ ((word >>> (24 - 8 * (at % 4))) & 0xff);
  });
}
