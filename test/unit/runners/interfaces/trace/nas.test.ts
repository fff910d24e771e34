import { expect, it } from 'vitest';
import { encodeMobility } from '../../../../../runners/interfaces/nas/codec.ts';
import { encodeIdentity } from '../../../../../runners/interfaces/nas/identity.ts';
import { nasTree } from '../../../../../runners/interfaces/trace/nas.ts';

const TMSI = Uint8Array.of(1, 2, 3, 4);
const sTmsi = encodeIdentity({ kind: 'sTmsi', amf: { set: 1, pointer: 0 }, tmsi: TMSI });
const whole = encodeMobility('ServiceRequest', { ngKsi: 0, serviceType: 1, sTmsi });

function saidOf(nasMessageContainer: Uint8Array): {
  readonly said: readonly string[];
  readonly text: string;
} {
  const said: string[] = [];
  const ies = { ngKsi: 0, serviceType: 1, sTmsi, nasMessageContainer };
  const plain = encodeMobility('ServiceRequest', ies);
  // Integrity protected: what is inside can be read, but for the container.
  const tree = nasTree(Uint8Array.of(0x7e, 1, ...TMSI, 3, ...plain), said);
  return { said, text: JSON.stringify(tree) };
}

it('finds nothing wrong with a message whose rest is ciphered', () => {
  const { said, text } = saidOf(Uint8Array.from(whole, (octet, at) => octet ^ (0xa5 + at)));
  expect(said).toEqual([]);
  expect(text).toContain('"unread":true');
});

it('reads the rest of a message where it is not', () => {
  const { said, text } = saidOf(whole);
  expect(said).toEqual([]);
  expect(text.match(/"ServiceRequest"/gu)).toHaveLength(2);
});
