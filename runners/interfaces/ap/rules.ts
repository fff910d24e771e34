import { type Criticality, type Element, type Kind, KINDS, type Procedures } from './types.ts';
import type { InformationRow, Schema, SchemaType } from '../per/schema.ts';
import { isObject, REST } from '../per/values.ts';

/** What the specification says of an element of a message or list. */
export interface ElementRule {
  readonly id: number;
  readonly name: string;
  readonly criticality: Criticality;
  readonly presence: 'mandatory' | 'optional' | 'conditional';
}

export interface MessageRule<Name extends string = string, Procedure extends string = string> {
  readonly name: Name;
  readonly procedure: Procedure;
  readonly kind: Kind;
  /** Procedure code. */
  readonly code: number;
  readonly criticality: Criticality;
  /** In the order in which they are sent. */
  readonly elements: readonly ElementRule[];
  /** The same by their identifiers, with their places in that order. */
  readonly places: ReadonlyMap<number, ElementRule & { readonly place: number }>;
}

/** A protocol by its own module text. */
export interface ApText {
  /** Of the module, which is that of the protocol. */
  readonly module: string;
  readonly schema: Schema;
  readonly procedures: Procedures;
}

const SIMPLE_NAME = /^id-/u;

/** What a module text says of messages and elements beside their types. */
export class ApRules<Name extends string = string, Procedure extends string = string> {
  readonly protocol: string;
  readonly #text: ApText;
  readonly #byName = new Map<string, MessageRule<Name, Procedure>>();
  readonly #byCode: Readonly<Record<Kind, Map<number, MessageRule<Name, Procedure>>>> = {
    initiating: new Map(),
    successful: new Map(),
    unsuccessful: new Map(),
  };
  readonly #names: ReadonlyMap<number, string>;
  readonly #items: ReadonlyMap<string, ElementRule>;
  readonly #plain: ReadonlySet<number>;

  constructor(text: ApText) {
    this.#text = text;
    this.protocol = text.module;
    const { sets } = text.schema;
    for (const row of sets.get(`${text.module}.Procedures`) ?? []) this.#addProcedure(row);
    this.#names = new Map(
      [...sets.values()].flat().flatMap(({ values, names }) => {
        const name = names['&id'];
        return name === undefined ? [] : [[Number(values['&id']), name.replace(SIMPLE_NAME, '')] as const];
      }),
    );
    const items = [...sets.keys()].filter((set) => set.endsWith('-ItemIEs'));
    this.#items = new Map(items.flatMap((set) => this.elementsOf(set).map((rule) => [rule.name, rule])));
    this.#plain = idsOfOctets(text.schema);
  }

  #addProcedure({ values, names }: InformationRow): void {
    const procedure = (names['&code'] ?? '').replace(SIMPLE_NAME, '') as Procedure;
    const messages = this.#text.procedures[procedure] ?? {};
    for (const kind of KINDS) {
      const name = messages[kind] as Name | undefined;
      if (name === undefined) continue;
      const about = { code: Number(values['&code']), criticality: values['&criticality'] as Criticality };
      const elements = this.elementsOf(`${this.protocol}.${name}-IEs`);
      const places = new Map(elements.map((rule, place) => [rule.id, { ...rule, place }]));
      const rule = { name, procedure, kind, ...about, elements, places };
      this.#byName.set(name, rule);
      this.#byCode[kind].set(about.code, rule);
    }
  }

  message(name: Name): MessageRule<Name, Procedure> {
    const rule = this.#byName.get(name);
    if (rule === undefined) throw new TypeError(`${this.protocol} has no message ${name}`);
    return rule;
  }

  /** All messages of the procedure to which that message belongs. */
  procedureWith(name: Name): Readonly<Partial<Record<Kind, Name>>> {
    return (this.#text.procedures[this.message(name).procedure] ?? {}) as Partial<Record<Kind, Name>>;
  }

  /** `undefined` for a procedure, or a message in it, that the text does not have. */
  messageOf(kind: Kind, code: number): MessageRule<Name, Procedure> | undefined {
    return this.#byCode[kind].get(code);
  }

  messagesOf(kind: Kind): readonly MessageRule<Name, Procedure>[] {
    return [...this.#byCode[kind].values()];
  }

  procedureOf(code: number): Procedure | undefined {
    return this.messageOf('initiating', code)?.procedure;
  }

  /** The name of an element, wherever it stands; `undefined` of an identifier that is not in use. */
  elementName(id: number): string | undefined {
    return this.#names.get(id);
  }

  /** @param set the whole name of a set of elements */
  elementsOf(set: string): readonly ElementRule[] {
    return (this.#text.schema.sets.get(set) ?? []).map(({ values, names }) => ({
      id: Number(values['&id']),
      name: (names['&id'] ?? '').replace(SIMPLE_NAME, ''),
      criticality: values['&criticality'] as Criticality,
      presence: values['&presence'] as ElementRule['presence'],
    }));
  }

  /** Whether octets are what an element has for a value: else they are what nobody could read. */
  isOctets(id: number): boolean {
    return this.#plain.has(id);
  }

  /** What the specification says of an item of a list, by its identifier. */
  itemOf(id: number): ElementRule | undefined {
    return [...this.#items.values()].find((rule) => rule.id === id);
  }

  /** Values as elements of a list. */
  wrapItems(name: string, values: readonly unknown[]): readonly Element[] {
    const { id, criticality } = this.#item(name);
    return values.map((value) => ({ id, criticality, value }));
  }

  /** The values in a list, as far as they are of that name and could be read. */
  unwrapItems(name: string, elements: readonly Element[] | undefined): readonly unknown[] {
    const { id } = this.#item(name);
    return (elements ?? []).flatMap((element) =>
      element.id === id && isRead(element.value) ? [element.value] : [],
    );
  }

  /** The elements of a set that stands in a structure or extends it. @param set without the name of the module */
  wrapElements(set: string, ies: object): readonly Element[] {
    const values = ies as Readonly<Record<string, unknown>>;
    return this.elementsOf(`${this.protocol}.${set}`).flatMap(({ id, criticality, name }) =>
      values[name] === undefined ? [] : [{ id, criticality, value: values[name] }],
    );
  }

  /** Their values by their names, as far as they are of that set and could be read. */
  unwrapElements(set: string, elements: readonly Element[] | undefined): Readonly<Record<string, unknown>> {
    const names = new Map(this.elementsOf(`${this.protocol}.${set}`).map(({ id, name }) => [id, name]));
    const read: Record<string, unknown> = {};
    for (const { id, value } of elements ?? []) {
      const name = names.get(id);
      if (name !== undefined && isRead(value)) read[name] ??= value;
    }
    return read;
  }

  #item(name: string): ElementRule {
    const rule = this.#items.get(name);
    if (rule === undefined) throw new TypeError(`${this.protocol} has no item ${name}`);
    return rule;
  }
}

/** Whether a value came out of its octets: it did not where nobody knew its type, or where it was no encoding of that. */
export function isRead(value: unknown): boolean {
  return !(isObject(value) && Object.keys(value).length === 1 && value[REST] instanceof Uint8Array);
}

function idsOfOctets({ tables, types }: Schema): ReadonlySet<number> {
  const isOctets = (type: SchemaType | undefined): boolean =>
    type?.kind === 'octets' || (type?.kind === 'reference' && isOctets(types.get(type.name)));
  const rows = [...tables].flatMap(([name, table]) => (name.endsWith('/&Value') ? [...table] : []));
  return new Set(rows.flatMap(([id, type]) => (isOctets(type) ? [Number(id)] : [])));
}
