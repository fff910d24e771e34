import { expect, it } from 'vitest';
import { openEsp, sealEsp, type SecurityAssociation } from '../../../../../runners/interfaces/esp/esp.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const CIPHERED: SecurityAssociation = {
  spi: 0x1234,
  transform: { kind: 'aes-gcm', key: KEY, salt: Uint8Array.of(9, 8, 7, 6) },
};
const READABLE: SecurityAssociation = { spi: 0x1234, transform: { kind: 'null', key: KEY } };
const CONTENTS = { sequence: 7, nextHeader: 4, payload: new TextEncoder().encode('what is carried') };

it.each([
  ['AES-GCM', CIPHERED],
  ['NULL', READABLE],
])('opens what it has sealed by %s', (_, association) => {
  expect(openEsp(association, sealEsp(association, CONTENTS))).toEqual({
    ok: true,
    value: { ...CONTENTS, payload: expect.objectContaining({ length: CONTENTS.payload.length }) as unknown },
  });
});

it('hides what it carries only where it ciphers', () => {
  const isShown = (association: SecurityAssociation): boolean =>
    Buffer.from(sealEsp(association, CONTENTS)).includes('what is carried');
  expect([isShown(CIPHERED), isShown(READABLE)]).toEqual([false, true]);
});

it.each([
  ['AES-GCM', CIPHERED],
  ['NULL', READABLE],
])('takes nothing of which any octet was changed, by %s', (_, association) => {
  const packet = sealEsp(association, CONTENTS);
  const opened = [...packet.keys()].filter((at) => {
    const changed = Uint8Array.from(packet, (octet, index) => (index === at ? octet ^ 0x10 : octet));
    return openEsp(association, changed).ok;
  });
  expect(opened).toEqual([]);
});

it('takes nothing that is cut, and says why', () => {
  const packet = sealEsp(CIPHERED, CONTENTS);
  expect(openEsp(CIPHERED, packet.subarray(0, 20))).toEqual({ ok: false, error: 'too short for ESP' });
  expect(openEsp(CIPHERED, packet.subarray(0, -1))).toMatchObject({ ok: false });
});
