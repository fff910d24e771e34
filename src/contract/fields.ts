import { HarnessError } from '../kernel/errors.ts';

/**
 * Something about one field of a message. Carries the way to the field, built from the inside out, so that
 * the common case (nothing is wrong) pays for no path.
 */
export class FieldProblem extends Error {
  override readonly name = 'FieldProblem';
  readonly path: string;
  readonly what: string;

  constructor(path: string, what: string) {
    super(`${path}: ${what}`);
    this.path = path;
    this.what = what;
  }
}

/** `MESSAGE_INVALID` naming message and field, for anything thrown while a message was read. */
export function messageInvalid(message: string, cause: unknown): HarnessError {
  const text =
    cause instanceof FieldProblem
      ? `${message}.${cause.path}: ${cause.what}`
      : `${message}: not a protobuf message of this kind`;
  return new HarnessError('MESSAGE_INVALID', text, { cause });
}

/** A name or label: 1 to `max` UTF-16 code units without control characters. */
export function text(value: string | null | undefined, field: string, max: number): string {
  const label = freeText(value, field, max);
  if (label === '') throw new FieldProblem(field, 'is missing');
  if (CONTROL.test(label)) throw new FieldProblem(field, 'has control characters');
  return label;
}

/** Words for people; may be empty, absent, or quote whatever a product sent. */
export function freeText(value: string | null | undefined, field: string, max: number): string {
  if (value === undefined || value === null) return '';
  if (value.length > max) throw new FieldProblem(field, `is longer than ${max} characters`);
  return value;
}

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/u;

/** A whole number from 0 to 2^53 − 1. protobufjs decodes 64-bit fields as a number or as a `Long`. */
export function count(value: unknown, field: string): number {
  if (value === undefined || value === null) return 0;
  const number = isLong(value) ? (value.high >>> 0) * 2 ** 32 + (value.low >>> 0) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) {
    throw new FieldProblem(field, 'is not a whole number from 0 to 2^53 - 1');
  }
  return number;
}

/** A whole number from 1 to 2^53 − 1: sequence and fence numbers count from 1. */
export function ordinal(value: unknown, field: string): number {
  const number = count(value, field);
  if (number === 0) throw new FieldProblem(field, 'is missing');
  return number;
}

export function finite(value: number | null | undefined, field: string): number {
  const number = value ?? 0;
  if (!Number.isFinite(number)) throw new FieldProblem(field, 'is not a finite number');
  return number;
}

export function bytes(value: Uint8Array | null | undefined, field: string, max: number): Uint8Array {
  if (value === undefined || value === null || value.length === 0)
    throw new FieldProblem(field, 'is missing');
  if (value.length > max) throw new FieldProblem(field, `is larger than ${max} bytes`);
  return value;
}

/** A nested message that has to be there. */
export function part<W, T>(value: W | null | undefined, field: string, parse: (wire: W) => T): T {
  if (value === undefined || value === null) throw new FieldProblem(field, 'is missing');
  try {
    return parse(value);
  } catch (error) {
    throw inside(field, error);
  }
}

/** Every entry of a repeated field. */
export function each<W, T>(
  values: readonly W[] | null | undefined,
  { field, max }: { readonly field: string; readonly max: number },
  parse: (wire: W) => T,
): readonly T[] {
  if (values === undefined || values === null || values.length === 0) return NOTHING;
  if (values.length > max) throw new FieldProblem(field, `has over ${max} entries`);
  const parsed: T[] = [];
  try {
    for (const value of values) parsed.push(parse(value));
  } catch (error) {
    throw inside(`${field}[${parsed.length}]`, error);
  }
  return parsed;
}

const NOTHING: readonly never[] = [];

/** A map of short texts. */
export function textMap(
  values: Readonly<Record<string, string>> | null | undefined,
  { field, maxEntries, maxText }: { field: string; maxEntries: number; maxText: number },
): Readonly<Record<string, string>> {
  const entries = Object.entries(values ?? {});
  if (entries.length > maxEntries) throw new FieldProblem(field, `has over ${maxEntries} entries`);
  return Object.fromEntries(
    entries.map(([name, value]) => [
      text(name, field, maxText),
      freeText(value, `${field}.${name}`, maxText),
    ]),
  );
}

/** Runs a domain parser on a field. */
export function parsed<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string },
  field: string,
): T {
  if (!result.ok) throw new FieldProblem(field, result.error);
  return result.value;
}

export function inside(field: string, error: unknown): unknown {
  return error instanceof FieldProblem ? new FieldProblem(`${field}.${error.path}`, error.what) : error;
}

function isLong(value: unknown): value is { readonly low: number; readonly high: number } {
  return typeof value === 'object' && value !== null && 'low' in value && 'high' in value;
}
