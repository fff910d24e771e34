import type { Code } from '../../kernel/codes.ts';
import { HarnessError } from '../../kernel/errors.ts';

export const CKR_OK = 0;
export const CKR_USER_ALREADY_LOGGED_IN = 0x100;
export const CKR_CRYPTOKI_ALREADY_INITIALIZED = 0x191;

/** Return values that somebody can do something about; the others are shown as numbers. @see PKCS #11 v2.40, pkcs11t.h */
const NAMES: Readonly<Record<number, string>> = {
  0x05: 'CKR_GENERAL_ERROR',
  0x06: 'CKR_FUNCTION_FAILED',
  0x07: 'CKR_ARGUMENTS_BAD',
  0x12: 'CKR_ATTRIBUTE_TYPE_INVALID',
  0x30: 'CKR_DEVICE_ERROR',
  0x31: 'CKR_DEVICE_MEMORY',
  0x32: 'CKR_DEVICE_REMOVED',
  0x60: 'CKR_KEY_HANDLE_INVALID',
  0x63: 'CKR_KEY_TYPE_INCONSISTENT',
  0x68: 'CKR_KEY_FUNCTION_NOT_PERMITTED',
  0x70: 'CKR_MECHANISM_INVALID',
  0x82: 'CKR_OBJECT_HANDLE_INVALID',
  0xa0: 'CKR_PIN_INCORRECT',
  0xa1: 'CKR_PIN_INVALID',
  0xa2: 'CKR_PIN_LEN_RANGE',
  0xa3: 'CKR_PIN_EXPIRED',
  0xa4: 'CKR_PIN_LOCKED',
  0xb0: 'CKR_SESSION_CLOSED',
  0xb1: 'CKR_SESSION_COUNT',
  0xb3: 'CKR_SESSION_HANDLE_INVALID',
  0xe0: 'CKR_TOKEN_NOT_PRESENT',
  0xe1: 'CKR_TOKEN_NOT_RECOGNIZED',
  0x101: 'CKR_USER_NOT_LOGGED_IN',
  0x102: 'CKR_USER_PIN_NOT_INITIALIZED',
  0x104: 'CKR_USER_ANOTHER_ALREADY_LOGGED_IN',
  0x190: 'CKR_CRYPTOKI_NOT_INITIALIZED',
};

const CODES: readonly (readonly [pattern: RegExp, code: Code])[] = [
  [/^CKR_(?:USER_)?PIN_/u, 'HSM_PIN_REFUSED'],
  [/^CKR_(?:TOKEN_|DEVICE_REMOVED|SESSION_)/u, 'HSM_TOKEN_MISSING'],
  [/^CKR_(?:KEY|OBJECT)_HANDLE_INVALID/u, 'HSM_KEY_MISSING'],
];

export function returnName(value: number): string {
  return NAMES[value] ?? `CKR 0x${value.toString(16)}`;
}

/** What a call of the module that did not go well is thrown as. */
export function failure(call: string, value: number): HarnessError {
  const name = returnName(value);
  const code = CODES.find(([pattern]) => pattern.test(name))?.[1] ?? 'HSM_FAILED';
  return new HarnessError(code, `${call} ended with ${name}`);
}
