import { schema } from './gen/e2ap-schema.js';
import { KINDS, PROCEDURES } from './types.ts';
import type { Criticality, Element, ItemName, Item, Kind, MessageName, ProcedureName } from './types.ts';
import { isObject, REST } from '../per/values.ts';

/** What the specification says of an element of a message or list. */
export interface ElementRule {
  readonly id: number;
  readonly name: string;
  readonly criticality: Criticality;
  readonly presence: 'mandatory' | 'optional' | 'conditional';
}

export interface MessageRule {
  readonly name: MessageName;
  readonly procedure: ProcedureName;
  readonly kind: Kind;
  /** Procedure code. */
  readonly code: number;
  readonly criticality: Criticality;
  /** In the order in which they are sent. */
  readonly elements: readonly ElementRule[];
  /** The same by their identifiers, with their places in that order. */
  readonly places: ReadonlyMap<number, ElementRule & { readonly place: number }>;
}

const SIMPLE_NAME = /^id-/u;

const RULES: ReadonlyMap<string, MessageRule> = new Map(
  (schema.sets.get('E2AP.Procedures') ?? []).flatMap(({ values, names }) => {
    const procedure = (names['&code'] ?? '').replace(SIMPLE_NAME, '') as ProcedureName;
    const messages: Partial<Record<Kind, MessageName>> = PROCEDURES[procedure];
    return KINDS.flatMap((kind) => {
      const name = messages[kind];
      if (name === undefined) return [];
      const about = { code: Number(values['&code']), criticality: values['&criticality'] as Criticality };
      const elements = elementsOf(`E2AP.${name}-IEs`);
      const places = new Map(elements.map((rule, place) => [rule.id, { ...rule, place }]));
      return [[name, { name, procedure, kind, ...about, elements, places }] as const];
    });
  }),
);

const BY_CODE: Readonly<Record<Kind, ReadonlyMap<number, MessageRule>>> = {
  initiating: rulesOf('initiating'),
  successful: rulesOf('successful'),
  unsuccessful: rulesOf('unsuccessful'),
};

const NAMES = new Map(
  [...schema.sets.values()].flat().flatMap(({ values, names }) => {
    const name = names['&id'];
    return name === undefined ? [] : [[Number(values['&id']), name.replace(SIMPLE_NAME, '')] as const];
  }),
);

const ITEM_RULES: ReadonlyMap<string, ElementRule> = new Map(
  [...schema.sets.keys()]
    .filter((set) => set.endsWith('-ItemIEs'))
    .flatMap((set) => elementsOf(set).map((rule) => [rule.name, rule])),
);

export function messageRule(name: MessageName): MessageRule {
  const rule = RULES.get(name);
  if (rule === undefined) throw new TypeError(`E2AP has no message ${name}`);
  return rule;
}

/** `undefined` for a procedure, or a message in it, that the specification does not have. */
export function messageRuleOf(kind: Kind, code: number): MessageRule | undefined {
  return BY_CODE[kind].get(code);
}

export function procedureOf(code: number): ProcedureName | undefined {
  return messageRuleOf('initiating', code)?.procedure;
}

function rulesOf(kind: Kind): ReadonlyMap<number, MessageRule> {
  return new Map([...RULES.values()].flatMap((rule) => (rule.kind === kind ? [[rule.code, rule]] : [])));
}

/** The name of an element, wherever it stands; `undefined` of an identifier that is not in use. */
export function elementName(id: number): string | undefined {
  return NAMES.get(id);
}

export function elementsOf(set: string): readonly ElementRule[] {
  return (schema.sets.get(set) ?? []).map(({ values, names }) => ({
    id: Number(values['&id']),
    name: (names['&id'] ?? '').replace(SIMPLE_NAME, ''),
    criticality: values['&criticality'] as Criticality,
    presence: values['&presence'] as ElementRule['presence'],
  }));
}

/** Values as elements of a list. */
export function wrapItems<Name extends ItemName>(
  name: Name,
  values: readonly Item<Name>[],
): readonly Element[] {
  const { id, criticality } = itemRule(name);
  return values.map((value) => ({ id, criticality, value }));
}

/** The values in a list, as far as they are of that name and could be read. */
export function unwrapItems<Name extends ItemName>(
  name: Name,
  elements: readonly Element[] | undefined,
): readonly Item<Name>[] {
  const { id } = itemRule(name);
  return (elements ?? []).flatMap((element) =>
    element.id === id && isRead(element.value) ? [element.value as Item<Name>] : [],
  );
}

/** Whether a value came out of its octets: it did not where nobody knew its type, or where it was no encoding of that. */
export function isRead(value: unknown): boolean {
  return !(isObject(value) && Object.keys(value).length === 1 && value[REST] instanceof Uint8Array);
}

/** What the specification says of an item of a list, by its identifier. */
export function itemRuleOf(id: number): ElementRule | undefined {
  return [...ITEM_RULES.values()].find((rule) => rule.id === id);
}

function itemRule(name: ItemName): ElementRule {
  const rule = ITEM_RULES.get(name);
  if (rule === undefined) throw new TypeError(`E2AP has no item ${name}`);
  return rule;
}
