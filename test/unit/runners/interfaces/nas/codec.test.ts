import { expect, it } from 'vitest';
import { decodeNas, encodeMobility, encodeSession } from '../../../../../runners/interfaces/nas/codec.ts';
import type { AnyNasMessage } from '../../../../../runners/interfaces/nas/types.ts';
import { registrationMessages } from '../../../../support/nas/registration.ts';

/** What other implementations sent. */
const CHALLENGE = '7e00560002000021681cd489650fdcc7c70eca8fa9be44702010c7f0791fa852e282847c9f4ce5c19451';
const ANSWER = '7e00572d105e86219e7dda9995e3850384cfbea53b';
const SESSION = '7e00680100252e0100c2110006010003300101060603e80603e8290501c0a80c7b25080764656661756c741201';

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

function read(bytes: Uint8Array): AnyNasMessage {
  const { message, faults } = decodeNas(bytes);
  expect(faults).toEqual([]);
  if (message === null) throw new Error('no message');
  return message;
}

function written({ name, session, ies }: AnyNasMessage): string {
  const bytes =
    session === null
      ? encodeMobility(name as never, ies as never)
      : encodeSession(name as never, session, ies as never);
  return Buffer.from(bytes).toString('hex');
}

it('reads what others sent, and writes the same octets', () => {
  for (const hex of [CHALLENGE, ANSWER]) expect(written(read(bytesOf(hex)))).toBe(hex);
  expect(read(bytesOf(CHALLENGE))).toMatchObject({
    name: 'AuthenticationRequest',
    ies: { ngKsi: 0, abba: Uint8Array.of(0, 0) },
  });
});

it('reads a session inside its transport', () => {
  const transport = read(bytesOf(SESSION));
  if (transport.name !== 'DownlinkNasTransport') throw new Error('another message');
  const accept = read(transport.ies.payloadContainer ?? new Uint8Array());
  expect(accept).toMatchObject({
    name: 'PduSessionEstablishmentAccept',
    session: { pduSessionId: 1, transaction: 0 },
    ies: { pduSessionType: 1, sscMode: 1, pduAddress: Uint8Array.of(1, 192, 168, 12, 123) },
  });
});

it('reads every message of a registration as it was written', () => {
  for (const [, bytes] of registrationMessages())
    expect(written(read(bytes))).toBe(Buffer.from(bytes).toString('hex'));
});

it('says with which cause a message is refused', () => {
  const causes = (hex: string) => decodeNas(bytesOf(hex)).faults.map(({ cause }) => cause);
  expect(causes('7e')).toEqual(['protocol-error']);
  expect(causes('7e00ee')).toEqual(['message-type-non-existent']);
  expect(causes('7e00c1')).toEqual(['message-type-non-existent']);
  expect(causes('7e005600')).toEqual(['invalid-mandatory-information']);
  expect(causes('7e00560002000021ff')).toEqual(['protocol-error']);
  // 05 has to be understood, 7f need not be.
  expect(causes('7e0043050100')).toEqual(['invalid-mandatory-information']);
  expect(decodeNas(bytesOf('7e00437f000100'))).toMatchObject({
    faults: [],
    message: { unknown: [{ iei: 0x7f, value: Uint8Array.of(0) }] },
  });
  expect(decodeNas(bytesOf('7e02000000000043')).message).toBeNull();
});

it('takes the first of an element that is repeated', () => {
  const { message, faults } = decodeNas(bytesOf(`7e00446f5f0121${'5f0142'.repeat(2)}`));
  expect(faults).toEqual([]);
  expect(message?.ies).toEqual({ cause: Uint8Array.of(0x6f), backOffTimer: Uint8Array.of(0x21) });
});

it('refuses to write what has no place', () => {
  expect(() => encodeMobility('AuthenticationResponse', { resStar: new Uint8Array(15) })).toThrow(RangeError);
  expect(() => encodeMobility('IdentityRequest', { identityType: 16 })).toThrow(RangeError);
  expect(() => encodeMobility('RegistrationReject', {} as never)).toThrow(/cause is missing/u);
});
