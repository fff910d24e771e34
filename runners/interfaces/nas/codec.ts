import type { Definition, Field } from './fields.ts';
import { SPARE } from './fields.ts';
import { NasReader } from './nas-reader.ts';
import {
  type DecodedNas,
  type Ies,
  MESSAGES,
  type MobilityName,
  type NasFault,
  type NasName,
  type SessionHead,
  type SessionName,
  type UnknownElement,
} from './types.ts';

/** Extended protocol discriminators. @see TS 24.007 clause 11.2.3.1.1A */
export const EPD = { mobility: 0x7e, session: 0x2e } as const;

const PLAIN = 0;
const DEFINITIONS: ReadonlyMap<number, readonly [NasName, Definition]> = new Map(
  Object.entries(MESSAGES).map(([name, definition]) => [definition.type, [name as NasName, definition]]),
);

/** The octets of a message of mobility management, without security. @throws RangeError for a value that has no place */
export function encodeMobility<Name extends MobilityName>(name: Name, ies: Ies<Name>): Uint8Array {
  const { type } = MESSAGES[name];
  return Uint8Array.of(EPD.mobility, PLAIN, type, ...encodeIes(MESSAGES[name], ies));
}

/** The octets of a message of session management. @throws RangeError for a value that has no place */
export function encodeSession<Name extends SessionName>(
  name: Name,
  { pduSessionId, transaction }: SessionHead,
  ies: Ies<Name>,
): Uint8Array {
  const { type } = MESSAGES[name];
  return Uint8Array.of(EPD.session, pduSessionId, transaction, type, ...encodeIes(MESSAGES[name], ies));
}

function encodeIes({ mandatory, optional }: Definition, ies: object): readonly number[] {
  const values = ies as Readonly<Record<string, number | Uint8Array | undefined>>;
  const octets: number[] = [];
  let lower: number | null = null;
  for (const field of mandatory) {
    const value = field.name === SPARE ? 0 : values[field.name];
    if (value === undefined) throw new RangeError(`${field.name} is missing`);
    if (field.format !== 'half') octets.push(...encodeField(field, value));
    else if (lower === null) lower = fourBits(field, value);
    else {
      octets.push((fourBits(field, value) << 4) | lower);
      lower = null;
    }
  }
  return [...octets, ...optional.flatMap((field) => encodeOptional(field, values[field.name]))];
}

function encodeOptional(field: Field, value: number | Uint8Array | undefined): readonly number[] {
  return value === undefined ? [] : encodeField(field, value);
}

function encodeField(field: Field, value: number | Uint8Array): readonly number[] {
  const { format, iei, name } = field;
  if (format === 'tv1') return [iei | fourBits(field, value)];
  const [least, most] = field.octets;
  if (typeof value === 'number' || value.length < least || value.length > most)
    throw new RangeError(`${name} has ${least} to ${most} octets`);
  const { length } = value;
  const lengths = { v: [], tv: [], lv: [length], tlv: [length] } as const;
  const long = [length >> 8, length & 0xff];
  const head: readonly number[] =
    format === 'lv-e' || format === 'tlv-e' ? long : lengths[format as keyof typeof lengths];
  return [...(format.startsWith('t') ? [iei] : []), ...head, ...value];
}

function fourBits({ name }: Field, value: number | Uint8Array): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0xf)
    throw new RangeError(`${name} is a number of four bits`);
  return value;
}

/** What octets without security say; what is ciphered is no message. Never throws. */
export function decodeNas(bytes: Uint8Array): DecodedNas {
  const [discriminator, second = 0, third = 0, fourth = 0] = bytes;
  const isSession = discriminator === EPD.session;
  const wrong = (message: string, cause: NasFault['cause'] = 'protocol-error'): DecodedNas => {
    return { bytes, message: null, faults: [{ cause, offset: 0, message }] };
  };
  if (bytes.length < (isSession ? 4 : 3)) return wrong('the message ends before its type');
  if (!isSession && discriminator !== EPD.mobility)
    return wrong(`no protocol has the discriminator ${discriminator ?? 0}`);
  if (!isSession && (second & 0xf) !== PLAIN) return wrong('the message is protected');
  const type = isSession ? fourth : third;
  const found = DEFINITIONS.get(type);
  if (found === undefined || isSession !== type >= 0xc0)
    return wrong(`there is no message of type ${type}`, 'message-type-non-existent');
  const session = isSession ? { pduSessionId: second, transaction: third } : null;
  const [name, definition] = found;
  const { ies, unknown, faults } = decodeIes(new NasReader(bytes, isSession ? 4 : 3), definition);
  return { bytes, message: { name, session, ies, unknown } as DecodedNas['message'], faults };
}

interface Read {
  readonly ies: Record<string, number | Uint8Array>;
  readonly unknown: UnknownElement[];
  readonly faults: NasFault[];
}

function decodeIes(reader: NasReader, { mandatory, optional }: Definition): Read {
  const read: Read = { ies: {}, unknown: [], faults: [] };
  for (const field of mandatory) {
    const offset = reader.offset;
    const value = reader.mandatory(field);
    if (value === null) {
      const message = `${field.name} is missing or too short`;
      read.faults.push({ cause: 'invalid-mandatory-information', offset, message });
      return read;
    }
    if (field.name === SPARE) continue;
    read.ies[field.name] = value;
    checkLength(field, value, { offset, faults: read.faults });
  }
  readOptional(reader, optional, read);
  return read;
}

/** 7.6.1 and 7.6.3: unknown elements are passed over unless their identifier says that they must be understood; the first of several counts. */
function readOptional(reader: NasReader, optional: readonly Field[], read: Read): void {
  for (let element = reader.optional(optional); element !== null; element = reader.optional(optional)) {
    const { field, iei, value, offset } = element;
    if (value === null) {
      read.faults.push({ cause: 'protocol-error', offset, message: `element ${iei} breaks off` });
      return;
    }
    if (field !== null) {
      if (read.ies[field.name] !== undefined) continue;
      read.ies[field.name] = value;
      checkLength(field, value, { offset, faults: read.faults });
      continue;
    }
    read.unknown.push({ iei, value: typeof value === 'number' ? Uint8Array.of(value) : value });
    if ((iei & 0xf0) === 0) {
      const message = `element ${iei} has to be understood`;
      read.faults.push({ cause: 'invalid-mandatory-information', offset, message });
    }
  }
}

function checkLength(
  { name, octets: [least, most], format }: Field,
  value: number | Uint8Array,
  { offset, faults }: { readonly offset: number; readonly faults: NasFault[] },
): void {
  if (typeof value === 'number' || (value.length >= least && value.length <= most)) return;
  const cause = format.startsWith('t') ? 'protocol-error' : 'invalid-mandatory-information';
  faults.push({ cause, offset, message: `${name} has ${value.length} octets, not ${least} to ${most}` });
}
