/** Shorter ones would be found everywhere by chance. */
export const MIN_SECRET_LENGTH = 4;
const MIN_BASE64_BYTES = 6;

/**
 * A pattern that finds a secret as it is, escaped inside JSON (once or more), percent-encoded, form-encoded,
 * in hexadecimal, and inside base64 of anything that contains it.
 */
export function patternOf(secret: string): string {
  const bytes = new TextEncoder().encode(secret);
  const hex = [...bytes].map((byte) => anyCase(hexOf(byte))).join('');
  const spelled = Array.from(secret, spellings).join('');
  const base64 = bytes.length < MIN_BASE64_BYTES ? [] : base64Cores(bytes).map(spelledBase64);
  return [spelled, hex, ...base64].join('|');
}

/** One character, in every form in which it may be written. */
function spellings(character: string): string {
  const bytes = [...new TextEncoder().encode(character)];
  const forms = [
    escapeForPattern(character),
    bytes.map((byte) => `%(?:25){0,4}${anyCase(hexOf(byte))}`).join(''),
    [...character.split('')]
      .map((unit) => String.raw`\\{1,8}u${anyCase(hexOf(unit.charCodeAt(0), 4))}`)
      .join(''),
    ...(SHORT_ESCAPES[character] ?? []),
  ];
  return `(?:${forms.join('|')})`;
}

const SHORT_ESCAPES: Readonly<Record<string, readonly string[]>> = {
  '"': [String.raw`\\{1,8}"`],
  '\\': [String.raw`\\{1,8}`],
  '/': [String.raw`\\{1,8}/`],
  '\n': [String.raw`\\{1,8}n`],
  '\r': [String.raw`\\{1,8}r`],
  '\t': [String.raw`\\{1,8}t`],
  '\b': [String.raw`\\{1,8}b`],
  '\f': [String.raw`\\{1,8}f`],
  ' ': [String.raw`\+`],
};

function spelledBase64(core: string): string {
  const forms: Readonly<Record<string, string>> = {
    '+': String.raw`(?:\+|-|%2[Bb])`,
    '/': String.raw`(?:\\{0,8}/|_|%2[Ff])`,
  };
  return Array.from(core, (character) => forms[character] ?? character).join('');
}

/** The characters of base64 that depend on the secret alone, for each of the three ways it can lie in the input. */
function base64Cores(bytes: Uint8Array): string[] {
  return [0, 1, 2].map((offset) => {
    const padded = new Uint8Array(offset + bytes.length);
    padded.set(bytes, offset);
    const text = btoa(String.fromCharCode(...padded)).replace(/=+$/u, '');
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor((padded.length * 8) / 6);
    return text.slice(from, to);
  });
}

function escapeForPattern(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/u, String.raw`\$&`);
}

function hexOf(value: number, digits = 2): string {
  return value.toString(16).padStart(digits, '0');
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/gu, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
