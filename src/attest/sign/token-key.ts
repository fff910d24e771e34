import { err, ok, type Result } from '../../kernel/result.ts';
import { isJsonObject, type Json } from '../../kernel/json.ts';
import { parseStrictJson } from '../format/strict-json.ts';
import type { LabRole, Signer } from './signer.ts';

/** Where a key on a PKCS#11 token is, and where its PIN is; never the PIN itself. */
export interface TokenKey {
  /** Path of the PKCS#11 module: a shared library. */
  readonly module: string;
  /** Label of the token. */
  readonly token?: string;
  /** Serial number of the token; a token is named by one of the two. */
  readonly serial?: string;
  /** CKA_LABEL of the key. */
  readonly label?: string;
  /** CKA_ID of the key, in hexadecimal; a key is named by one of the two. */
  readonly id?: string;
  readonly pin: SecretPlace;
  /** What the public half must be. */
  readonly keyid?: string;
}

/** Where a secret is. */
export type SecretPlace = { readonly file: string } | { readonly env: string };

/** A signer on a token holds a session until it is disposed. */
export type TokenSigner = Signer & AsyncDisposable & { readonly spki: Uint8Array };

/** Opens a key on a token; comes from outside, so that nobody without a token loads what speaks to one. */
export type OpenToken = (
  key: TokenKey,
  who: { readonly lab: string; readonly role: LabRole },
) => Promise<TokenSigner>;

const TEXTS = ['module', 'token', 'serial', 'label', 'id', 'keyid'] as const;
const MAX_CHARS = 4096;
const MAX_BYTES = 64 * 1024;

/** Reads `<role>.pkcs11.json`, or says what is wrong with it. */
export function parseTokenKey(bytes: Uint8Array): Result<TokenKey, string> {
  if (bytes.length > MAX_BYTES) return err('too large');
  const json = parseStrictJson(bytes);
  if (!json.ok) return err(json.error.text);
  const value = json.value;
  if (!isJsonObject(value)) return err('an object is expected');
  const unknown = Object.keys(value).find((name) => name !== 'pin' && !TEXTS.some((one) => one === name));
  if (unknown !== undefined) return err(`${JSON.stringify(unknown.slice(0, 80))} is not expected`);
  const wrong = TEXTS.find((name) => value[name] !== undefined && !isText(value[name]));
  if (wrong !== undefined) return err(`${wrong} is not a text`);
  const { module, token, serial, label, id, keyid } = value as Readonly<Record<string, string | undefined>>;
  const pin = parsePlace(value['pin']);
  if (module === undefined) return err('module is missing');
  if ((token === undefined) === (serial === undefined))
    return err('exactly one of token and serial is expected');
  if ((label === undefined) === (id === undefined)) return err('exactly one of label and id is expected');
  if (id !== undefined && !/^(?:[0-9a-f]{2}){1,64}$/u.test(id)) return err('id is not hexadecimal');
  if (keyid !== undefined && !/^[0-9a-f]{64}$/u.test(keyid)) return err('keyid is not 64 hexadecimal digits');
  if (pin === undefined)
    return err('pin is not {"file": …} or {"env": …}: a PIN never stands in here itself');
  return ok({
    module,
    ...(token === undefined ? {} : { token }),
    ...(serial === undefined ? {} : { serial }),
    ...(label === undefined ? {} : { label }),
    ...(id === undefined ? {} : { id }),
    pin,
    ...(keyid === undefined ? {} : { keyid }),
  });
}

export function renderTokenKey(key: TokenKey): string {
  return `${JSON.stringify(key, null, 2)}\n`;
}

function parsePlace(value: Json | undefined): SecretPlace | undefined {
  if (!isJsonObject(value) || Object.keys(value).length !== 1) return undefined;
  const { file, env } = value;
  if (isText(file)) return { file };
  return isText(env) ? { env } : undefined;
}

function isText(value: Json | undefined): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_CHARS && !value.includes('\0');
}
