import { toBase64, toBase64Url } from '../../../src/attest/format/base64.ts';
import type { Envelope, Signature } from '../../../src/attest/format/envelope.ts';
import type { Random } from '../../chaos/random.ts';

/** An envelope on its way to bytes: what is spelled how. */
interface Spelling {
  readonly members: readonly (readonly [name: string, value: unknown])[];
  readonly indent: number;
}

type Change = (envelope: Envelope, random: Random) => Envelope;
type Respell = (spelling: Spelling, random: Random) => Spelling;

/** Changes of what is in the envelope that change nothing of what it proves. */
const CONTENTS: Readonly<Record<string, Change>> = {
  'signatures in another order': (envelope, random) => ({
    ...envelope,
    signatures: shuffled(envelope.signatures, random),
  }),
  'no keyids': (envelope) => ({ ...envelope, signatures: envelope.signatures.map(({ sig }) => ({ sig })) }),
  'keyids that lie': (envelope) => {
    const keyids = envelope.signatures.map(({ keyid }) => keyid ?? '').reverse();
    const signatures = envelope.signatures.map(({ sig }, index) => ({ sig, keyid: keyids[index] ?? '' }));
    return { ...envelope, signatures };
  },
  'a signature twice': (envelope, random) => ({
    ...envelope,
    signatures: [...envelope.signatures, random.pick(envelope.signatures)],
  }),
  'a signature of a stranger beside': (envelope, random) => ({
    ...envelope,
    signatures: [{ keyid: 'nobody', sig: Uint8Array.of(random.between(0, 255)) }, ...envelope.signatures],
  }),
  'the other form of an ECDSA signature': (envelope) => ({
    ...envelope,
    signatures: envelope.signatures.map(twin),
  }),
};

/** Changes of the spelling alone. */
const SPELLINGS: Readonly<Record<string, Respell>> = {
  'members in another order': (spelling, random) => ({
    ...spelling,
    members: shuffled(spelling.members, random),
  }),
  'a member nobody knows': (spelling) => ({
    ...spelling,
    members: [...spelling.members, ['extension', { payload: 'e30=', deep: [null, { sig: 1 }] }]],
  }),
  'white space': (spelling, random) => ({ ...spelling, indent: random.between(0, 8) }),
  'the other base64 alphabet': (spelling) => respellBase64(spelling, (bytes) => toBase64Url(bytes)),
  'no padding': (spelling) => respellBase64(spelling, (bytes) => toBase64(bytes).replace(/=+$/u, '')),
};

export const HARMLESS_NAMES: readonly string[] = [
  ...Object.keys(CONTENTS),
  ...Object.keys(SPELLINGS),
  'escapes',
];

/** Another spelling of the same proof: one to four of the changes above, one after the other. */
export function respell(
  envelope: Envelope,
  random: Random,
): { readonly name: string; readonly bytes: Uint8Array } {
  const names = shuffled(HARMLESS_NAMES, random).slice(0, random.between(1, 4));
  let changed = envelope;
  for (const [name, change] of Object.entries(CONTENTS))
    if (names.includes(name)) changed = change(changed, random);
  let spelling: Spelling = { members: membersOf(changed), indent: 1 };
  for (const [name, change] of Object.entries(SPELLINGS))
    if (names.includes(name)) spelling = change(spelling, random);
  const text = JSON.stringify(Object.fromEntries(spelling.members), null, spelling.indent);
  const escaped = names.includes('escapes') ? text.replace('"payload"', '"p\\u0061yload"') : text;
  return { name: names.join(' + '), bytes: new TextEncoder().encode(escaped) };
}

function membersOf({ payloadType, payload, signatures }: Envelope): Spelling['members'] {
  const list = signatures.map(({ sig, ...hint }) => ({ ...hint, sig: toBase64(sig) }));
  return [
    ['payloadType', payloadType],
    ['payload', toBase64(payload)],
    ['signatures', list],
  ];
}

function respellBase64(spelling: Spelling, write: (bytes: Uint8Array) => string): Spelling {
  const again = (text: unknown): string => write(Buffer.from(String(text), 'base64'));
  const members = spelling.members.map(([name, value]): readonly [string, unknown] => {
    if (name === 'payload') return [name, again(value)];
    if (name !== 'signatures') return [name, value];
    const list = value as readonly { readonly sig: string }[];
    return [name, list.map((one) => ({ ...one, sig: again(one.sig) }))];
  });
  return { ...spelling, members };
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => [random.between(0, 1_000_000), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** (r, n − s) proves the same as (r, s); an Ed25519 signature has no twin and stays as it is. */
function twin(signature: Signature): Signature {
  const { sig } = signature;
  if (sig.length <= 64 || sig[0] !== 0x30) return signature;
  const rLength = sig[3] ?? 0;
  const r = sig.slice(4, 4 + rLength);
  const s = BigInt(`0x${Buffer.from(sig.slice(6 + rLength)).toString('hex')}`);
  return { ...signature, sig: derOf([r, integer(P256_ORDER - s)]) };
}

function integer(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes;
}

function derOf(integers: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(integers.flatMap((one) => [Uint8Array.of(2, one.length), one]));
  return Buffer.concat([Uint8Array.of(0x30, body.length), body]);
}
