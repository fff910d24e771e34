import { plain, unreadable } from '../exact.ts';
import type {
  E2sm_Rc$Parameter,
  E2sm_Rc$ParameterStructure,
  E2sm_Rc$ParameterValue,
  E2sm_Rc$Scalar,
} from '../gen/rc.js';

/** `{ valueInt: 5 }`, `{ valueOctS: octets }` and so on, as in the standard. */
export type Scalar = Exclude<E2sm_Rc$Scalar, { readonly '...': unknown }>;

/** A RAN parameter: a number that has its meaning from the action, and a value. */
export interface Parameter {
  readonly id: number;
  readonly value: ParameterValue;
}

/** A key names something, other elements say something of it; only they may be without a value, outside of control. */
export type ParameterValue =
  | { readonly key: Scalar }
  | { readonly element: Scalar | null }
  | { readonly structure: readonly Parameter[] }
  | { readonly list: readonly (readonly Parameter[])[] };

/** @throws PerError PER_INVALID for kinds of values that came later */
export function readParameters(from: readonly E2sm_Rc$Parameter[]): readonly Parameter[] {
  return from.map((each) => ({
    id: plain(each['ranParameter-ID'], 'ranParameter-ID'),
    value: readValue(each['ranParameter-valueType']),
  }));
}

export function writeParameters(from: readonly Parameter[]): readonly E2sm_Rc$Parameter[] {
  return from.map(({ id, value }) => ({
    'ranParameter-ID': id,
    'ranParameter-valueType': writeValue(value),
  }));
}

export function readScalar(scalar: E2sm_Rc$Scalar): Scalar {
  if ('...' in scalar) throw unreadable('ranParameter-value', 'a kind of value that is not known here');
  return scalar;
}

function readValue(from: E2sm_Rc$ParameterValue): ParameterValue {
  if ('ranP-Choice-ElementTrue' in from)
    return { key: readScalar(from['ranP-Choice-ElementTrue']['ranParameter-value']) };
  if ('ranP-Choice-ElementFalse' in from) {
    const scalar = from['ranP-Choice-ElementFalse']['ranParameter-value'];
    return { element: scalar === undefined ? null : readScalar(scalar) };
  }
  if ('ranP-Choice-Structure' in from)
    return { structure: readStructure(from['ranP-Choice-Structure']['ranParameter-Structure']) };
  if ('ranP-Choice-List' in from) {
    const items = from['ranP-Choice-List']['ranParameter-List']['list-of-ranParameter'];
    return { list: items.map(readStructure) };
  }
  throw unreadable('ranParameter-valueType', 'a kind of value that is not known here');
}

function readStructure(from: E2sm_Rc$ParameterStructure): readonly Parameter[] {
  return readParameters(from['sequence-of-ranParameters'] ?? []);
}

function writeValue(value: ParameterValue): E2sm_Rc$ParameterValue {
  if ('key' in value) return { 'ranP-Choice-ElementTrue': { 'ranParameter-value': value.key } };
  if ('element' in value)
    return {
      'ranP-Choice-ElementFalse': value.element === null ? {} : { 'ranParameter-value': value.element },
    };
  if ('structure' in value)
    return { 'ranP-Choice-Structure': { 'ranParameter-Structure': writeStructure(value.structure) } };
  const items = value.list.map(writeStructure);
  return { 'ranP-Choice-List': { 'ranParameter-List': { 'list-of-ranParameter': items } } };
}

function writeStructure(parameters: readonly Parameter[]): E2sm_Rc$ParameterStructure {
  return parameters.length === 0 ? {} : { 'sequence-of-ranParameters': writeParameters(parameters) };
}

/** Looks parameters up by number, and says by their path which one is missing or is something else. */
export class ParameterReader {
  readonly #parameters: readonly Parameter[];
  readonly #path: string;

  constructor(parameters: readonly Parameter[], path = '') {
    this.#parameters = parameters;
    this.#path = path;
  }

  has(id: number): boolean {
    return this.#parameters.some((each) => each.id === id);
  }

  structure(id: number): ParameterReader {
    const { value, path } = this.#get(id);
    if (!('structure' in value)) throw unreadable(path, 'a structure was expected');
    return new ParameterReader(value.structure, path);
  }

  /** Some wrap an item of a list in a structure with the number of the item, as the tables of the standard have it; some do not. */
  list(id: number, item: number): readonly ParameterReader[] {
    const { value, path } = this.#get(id);
    if (!('list' in value)) throw unreadable(path, 'a list was expected');
    return value.list.map((parameters, index) => {
      const reader = new ParameterReader(parameters, `${path}[${String(index)}]`);
      return parameters.length === 1 && reader.has(item) ? reader.structure(item) : reader;
    });
  }

  integer(id: number): number {
    const { scalar, path } = this.#scalar(id);
    if (!('valueInt' in scalar)) throw unreadable(path, 'a whole number was expected');
    return plain(scalar.valueInt, path);
  }

  optionalInteger(id: number): number | undefined {
    return this.has(id) ? this.integer(id) : undefined;
  }

  octets(id: number, length: number): Uint8Array {
    const { scalar, path } = this.#scalar(id);
    if (!('valueOctS' in scalar) || scalar.valueOctS.length !== length)
      throw unreadable(path, `${String(length)} octets were expected`);
    return scalar.valueOctS;
  }

  #scalar(id: number): { scalar: Scalar; path: string } {
    const { value, path } = this.#get(id);
    const scalar = 'key' in value ? value.key : 'element' in value ? value.element : null;
    if (scalar === null) throw unreadable(path, 'a value was expected');
    return { scalar, path };
  }

  #get(id: number): { value: ParameterValue; path: string } {
    const path = `${this.#path}${this.#path === '' ? '' : '.'}RAN parameter ${String(id)}`;
    const found = this.#parameters.find((each) => each.id === id);
    if (found === undefined) throw unreadable(path, 'it is missing');
    return { value: found.value, path };
  }
}
