import { expect, it } from 'vitest';
import type { EquipmentId } from '../../../../../src/domain/ids.ts';
import type { Json } from '../../../../../src/kernel/json.ts';
import { newPrivateKey } from '../../../../../runners/interfaces/aka/suci.ts';
import {
  homeKeysIn,
  homePrivateKeys,
  homePublicKey,
} from '../../../../../runners/procedures/ng/home-keys.ts';

const A = { id: 1, profile: 'A', publicKey: '5a'.repeat(32) };
const B = { id: 2, profile: 'B', privateKey: { file: '/keys/home-2.json' } };

function said(keys: Json | undefined): ReturnType<typeof homeKeysIn> {
  return homeKeysIn({
    id: 'acme/one' as EquipmentId,
    ixit: keys === undefined ? {} : { 'ng.homeNetworkKeys': keys },
  });
}

it('reads keys of the home network, public and secret ones', async () => {
  expect(said(undefined)).toEqual([]);
  const keys = said([B, A]);
  expect(homePublicKey(keys)).toMatchObject({ profile: 'A', id: 1 });
  const privateKey = newPrivateKey();
  const secret = (): Promise<string> =>
    Promise.resolve(JSON.stringify({ privateKey: Buffer.from(privateKey).toString('hex') }));
  expect(await homePrivateKeys({ secret }, keys)).toEqual([{ profile: 'B', id: 2, privateKey }]);
});

it.each([
  ...['keys', [1], [{ ...A, profile: 'C' }], [{ ...A, id: 256 }], [{ ...A, publicKey: '02' }]],
  ...[[{ ...A, profile: 'B' }], [{ ...B, privateKey: '00' }]],
])('blocks a case whose keys are not what they should be: %j', (keys) => {
  expect(() => said(keys)).toThrow(/ng\.homeNetworkKeys/u);
});

it('says of a secret only that it is none', async () => {
  const secret = (): Promise<string> => Promise.resolve('{"privateKey":"1234"}');
  await expect(homePrivateKeys({ secret }, said([B]))).rejects.toThrow(/key 2 .* 32 octets/u);
});
