import type { Attribute, Cryptoki } from './cryptoki.ts';
import { CKR_USER_ALREADY_LOGGED_IN } from './return-values.ts';
import { HarnessError } from '../../kernel/errors.ts';

/** One session with a token, logged in as its user. */
export interface Session extends AsyncDisposable {
  /** The only object that has these attributes; `HSM_KEY_MISSING` when there is none, or more than one. */
  findOne(what: string, template: readonly Attribute[]): Promise<bigint>;
  read(object: bigint, type: number): Promise<Buffer>;
  sign(mechanism: number, key: bigint, data: Uint8Array): Promise<Uint8Array>;
}

export interface TokenName {
  readonly token?: string;
  readonly serial?: string;
}

const MAX_SLOTS = 256;
const ULONG_BYTES = 8;
const TOKEN_INFO_BYTES = 512;
const LABEL = { at: 0, bytes: 32 };
const SERIAL = { at: 80, bytes: 16 };
const CKF_SERIAL_SESSION = 4;
const CKU_USER = 1;
const MAX_ATTRIBUTE_BYTES = 1024;
const MAX_SIGNATURE_BYTES = 512;

/** Opens a session and logs in. The PIN is wiped from memory afterwards, and never tried twice: a token locks itself. */
export async function openSession(cryptoki: Cryptoki, name: TokenName, pin: Buffer): Promise<Session> {
  const slot = await findSlot(cryptoki, name);
  const out = Buffer.alloc(ULONG_BYTES);
  await cryptoki.call('C_OpenSession', slot, CKF_SERIAL_SESSION, null, null, out);
  const session = out.readBigUInt64LE();
  const close = (): Promise<void> => cryptoki.call('C_CloseSession', session);
  try {
    await cryptoki.callAllowing([CKR_USER_ALREADY_LOGGED_IN], 'C_Login', session, CKU_USER, pin, pin.length);
  } catch (error) {
    await close();
    throw error;
  } finally {
    pin.fill(0);
  }
  return {
    findOne: (what, template) => findOne(cryptoki, session, { what, template }),
    read: (object, type) => readAttribute(cryptoki, session, { object, type }),
    sign: (mechanism, key, data) => signData(cryptoki, session, { mechanism, key, data }),
    [Symbol.asyncDispose]: close,
  };
}

async function findSlot(cryptoki: Cryptoki, { token, serial }: TokenName): Promise<bigint> {
  const list = Buffer.alloc(MAX_SLOTS * ULONG_BYTES);
  const count = ulong(MAX_SLOTS);
  await cryptoki.call('C_GetSlotList', 1, list, count);
  for (let index = 0; index < Number(count.readBigUInt64LE()); index += 1) {
    const slot = list.readBigUInt64LE(index * ULONG_BYTES);
    const info = Buffer.alloc(TOKEN_INFO_BYTES);
    await cryptoki.call('C_GetTokenInfo', slot, info);
    if (token === undefined ? padded(info, SERIAL) === serial : padded(info, LABEL) === token) return slot;
  }
  throw new HarnessError('HSM_TOKEN_MISSING', `no token is called ${token ?? serial ?? ''}`);
}

async function findOne(
  cryptoki: Cryptoki,
  session: bigint,
  { what, template }: { readonly what: string; readonly template: readonly Attribute[] },
): Promise<bigint> {
  await cryptoki.call('C_FindObjectsInit', session, template, template.length);
  const [found, count] = [Buffer.alloc(2 * ULONG_BYTES), Buffer.alloc(ULONG_BYTES)];
  try {
    await cryptoki.call('C_FindObjects', session, found, 2, count);
  } finally {
    await cryptoki.call('C_FindObjectsFinal', session);
  }
  const number = count.readBigUInt64LE();
  if (number === 1n) return found.readBigUInt64LE();
  throw new HarnessError(
    'HSM_KEY_MISSING',
    `the token has ${number === 0n ? 'no' : 'more than one'} ${what}`,
  );
}

async function readAttribute(
  cryptoki: Cryptoki,
  session: bigint,
  { object, type }: { readonly object: bigint; readonly type: number },
): Promise<Buffer> {
  const value = Buffer.alloc(MAX_ATTRIBUTE_BYTES);
  const template = [{ type, value, length: value.length }];
  await cryptoki.call('C_GetAttributeValue', session, object, template, 1);
  const length = template[0]?.length ?? 0;
  if (length > value.length) throw new HarnessError('HSM_FAILED', 'the token gave an attribute without end');
  return value.subarray(0, length);
}

async function signData(
  cryptoki: Cryptoki,
  session: bigint,
  { mechanism, key, data }: { readonly mechanism: number; readonly key: bigint; readonly data: Uint8Array },
): Promise<Uint8Array> {
  await cryptoki.call('C_SignInit', session, { mechanism, parameter: null, length: 0 }, key);
  const [signature, length] = [Buffer.alloc(MAX_SIGNATURE_BYTES), ulong(MAX_SIGNATURE_BYTES)];
  await cryptoki.call('C_Sign', session, data, data.length, signature, length);
  return signature.subarray(0, Number(length.readBigUInt64LE()));
}

/** Text of a CK_TOKEN_INFO: padded with blanks, not ended. */
function padded(info: Buffer, { at, bytes }: { readonly at: number; readonly bytes: number }): string {
  return info.toString('utf8', at, at + bytes).replace(/[ \0]+$/u, '');
}

/** A CK_ULONG to be written to by the module; 64 bits, as on every system but Windows. */
export function ulong(value: number): Buffer {
  const bytes = Buffer.alloc(ULONG_BYTES);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
