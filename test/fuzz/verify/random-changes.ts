import type { Envelope } from '../../../src/attest/format/envelope.ts';
import type { Random } from '../../chaos/random.ts';

export interface Changed {
  readonly name: string;
  readonly envelope: Envelope;
}

type Bytes = Uint8Array;
const utf8 = new TextEncoder();
const below = (random: Random, limit: number): number => random.between(0, limit - 1);

/** One random change of the decoded payload, its type or one decoded signature; never none. */
export function changeAtRandom(envelope: Envelope, random: Random): Changed {
  const place = below(random, 10);
  if (place === 0) return changeType(envelope, random);
  if (place < 3) return changeSignature(envelope, random);
  const { how, bytes } = changeBytes(envelope.payload, random);
  return { name: `payload: ${how}`, envelope: { ...envelope, payload: bytes } };
}

function changeType(envelope: Envelope, random: Random): Changed {
  const { how, bytes } = changeBytes(utf8.encode(envelope.payloadType), random);
  const payloadType = new TextDecoder('latin1').decode(bytes);
  return { name: `type: ${how}`, envelope: { ...envelope, payloadType } };
}

function changeSignature(envelope: Envelope, random: Random): Changed {
  const chosen = below(random, envelope.signatures.length);
  const { how, bytes } = changeBytes(envelope.signatures[chosen]?.sig ?? new Uint8Array(), random);
  const signatures = envelope.signatures.map((one, index) =>
    index === chosen ? { ...one, sig: bytes } : one,
  );
  return { name: `signature ${chosen}: ${how}`, envelope: { ...envelope, signatures } };
}

const WAYS: Readonly<Record<string, (bytes: Bytes, random: Random) => Bytes>> = {
  'a bit': (bytes, random) =>
    withByte(bytes, below(random, bytes.length), (byte) => byte ^ (1 << below(random, 8))),
  'a byte': (bytes, random) => withByte(bytes, below(random, bytes.length), () => below(random, 256)),
  'a byte less': (bytes, random) => splice(bytes, below(random, bytes.length), { drop: 1 }),
  'a byte more': (bytes, random) =>
    splice(bytes, below(random, bytes.length + 1), { drop: 0, put: Uint8Array.of(below(random, 256)) }),
  'cut off': (bytes, random) => bytes.slice(0, below(random, bytes.length)),
  'a piece twice': (bytes, random) => {
    const from = below(random, bytes.length);
    const piece = bytes.slice(from, from + 1 + below(random, 32));
    return splice(bytes, from, { drop: 0, put: piece });
  },
  'a piece elsewhere': (bytes, random) => {
    const [from, to, length] = [
      below(random, bytes.length),
      below(random, bytes.length),
      1 + below(random, 32),
    ];
    const piece = bytes.slice(from, from + length);
    return splice(splice(bytes, from, { drop: piece.length }), Math.min(to, bytes.length - piece.length), {
      drop: 0,
      put: piece,
    });
  },
  'a piece of zeros': (bytes, random) => {
    const from = below(random, bytes.length);
    return bytes.map((byte, index) => (index >= from && index < from + 8 ? 0 : byte));
  },
  'a space more': (bytes, random) =>
    splice(bytes, below(random, bytes.length + 1), { drop: 0, put: utf8.encode(' ') }),
  'another digit': (bytes, random) => withDigit(bytes, random),
  'another word': (bytes, random) => withWord(bytes, random),
};

/** Tries ways until one has changed something. */
function changeBytes(bytes: Bytes, random: Random): { readonly how: string; readonly bytes: Bytes } {
  const ways = Object.entries(WAYS);
  for (;;) {
    const [how, change] = random.pick(ways);
    const changed = change(bytes, random);
    if (Buffer.compare(bytes, changed) !== 0) return { how, bytes: changed };
  }
}

function withByte(bytes: Bytes, at: number, change: (byte: number) => number): Bytes {
  return bytes.map((byte, index) => (index === at ? change(byte) & 0xff : byte));
}

function splice(
  bytes: Bytes,
  at: number,
  { drop, put = new Uint8Array() }: { drop: number; put?: Bytes },
): Bytes {
  return Buffer.concat([bytes.slice(0, at), put, bytes.slice(at + drop)]);
}

function withDigit(bytes: Bytes, random: Random): Bytes {
  const digits = [...bytes.keys()].filter((index) => isDigit(bytes[index] ?? 0));
  if (digits.length === 0) return bytes;
  return withByte(bytes, random.pick(digits), () => 0x30 + below(random, 10));
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

const WORDS = [
  'pass',
  'fail',
  'inconc',
  'error',
  'PASS',
  'FAIL',
  'mandatory',
  'optional',
  'lab-north',
  'original',
];

/** What somebody would write who wants another result. */
function withWord(bytes: Bytes, random: Random): Bytes {
  const text = new TextDecoder('latin1').decode(bytes);
  const [from, to] = [random.pick(WORDS), random.pick(WORDS)];
  return Uint8Array.from(text.replace(from, to), (character) => character.charCodeAt(0));
}
