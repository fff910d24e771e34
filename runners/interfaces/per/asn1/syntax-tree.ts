import type { Token } from './tokens.ts';

/** What the text of modules says, before any name is looked up. Every node carries the token it begins with. */

export interface ModuleNode {
  readonly name: string;
  readonly begins: Token;
  readonly tagging: 'explicit' | 'implicit' | 'automatic';
  /** Where the type has no marker, `EXTENSIBILITY IMPLIED` puts one. */
  readonly extensibilityImplied: boolean;
  readonly imports: ReadonlyMap<string, string>;
  readonly assignments: ReadonlyMap<string, Assignment>;
}

export type Assignment = {
  readonly name: string;
  readonly begins: Token;
  readonly parameters: readonly Parameter[];
} & (
  | { readonly kind: 'type'; readonly type: TypeNode }
  | { readonly kind: 'value'; readonly type: TypeNode; readonly value: ValueNode }
  | { readonly kind: 'set'; readonly governor: TypeNode; readonly tokens: readonly Token[] }
  | { readonly kind: 'class'; readonly definition: ClassNode }
);

export interface Parameter {
  readonly name: string;
}

/** What a parameter is given: `{…}` stays as it is until it is known whether it is a set, an object or a value. */
export type Argument =
  | { readonly kind: 'type'; readonly type: TypeNode }
  | { readonly kind: 'value'; readonly value: ValueNode }
  | { readonly kind: 'braces'; readonly begins: Token; readonly tokens: readonly Token[] };

export interface ClassNode {
  readonly fields: readonly ClassField[];
  /** Of WITH SYNTAX; `null` where objects are written field by field. */
  readonly syntax: readonly SyntaxItem[] | null;
}

export interface ClassField {
  readonly name: string;
  readonly type: TypeNode | null;
  readonly unique: boolean;
}

export type SyntaxItem =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'field'; readonly text: string }
  | { readonly kind: 'optional'; readonly items: readonly SyntaxItem[] };

export type ValueNode = { readonly begins: Token } & (
  | { readonly kind: 'number' | 'text' | 'bits' | 'hex'; readonly text: string }
  | { readonly kind: 'word'; readonly word: string }
  | { readonly kind: 'choice'; readonly name: string; readonly value: ValueNode }
  | { readonly kind: 'braces'; readonly tokens: readonly Token[] }
);

export interface Tag {
  readonly class: 'UNIVERSAL' | 'APPLICATION' | 'CONTEXT' | 'PRIVATE';
  readonly number: ValueNode;
}

export interface TypeNode {
  readonly begins: Token;
  readonly tag: Tag | null;
  readonly constraints: readonly ConstraintNode[];
  readonly body: TypeBody;
}

export type TypeBody =
  | { readonly kind: 'BOOLEAN' | 'NULL' | 'REAL' | 'OCTET STRING' | 'OBJECT IDENTIFIER' | 'RELATIVE-OID' }
  | { readonly kind: 'INTEGER' | 'BIT STRING'; readonly named: readonly NamedNumber[] }
  | {
      readonly kind: 'ENUMERATED';
      readonly items: readonly EnumerationItem[];
      readonly additions: readonly EnumerationItem[];
      readonly extensible: boolean;
    }
  | { readonly kind: 'string'; readonly set: string }
  | ({ readonly kind: 'SEQUENCE' | 'SET' } & Components)
  | ({ readonly kind: 'CHOICE' } & Components)
  | { readonly kind: 'SEQUENCE OF' | 'SET OF'; readonly element: TypeNode }
  | {
      readonly kind: 'reference';
      readonly module: string | null;
      readonly name: string;
      readonly arguments: readonly Argument[];
    }
  | { readonly kind: 'class field'; readonly class: string; readonly field: string };

export interface NamedNumber {
  readonly name: string;
  readonly value: ValueNode;
}

export interface EnumerationItem {
  readonly name: string;
  readonly value: ValueNode | null;
}

export interface Components {
  readonly root: readonly (Component | ComponentsOf)[];
  readonly additions: readonly (Component | ComponentGroup)[];
  readonly extensible: boolean;
}

export interface Component {
  readonly kind: 'component';
  readonly name: string;
  readonly type: TypeNode;
  readonly optional: boolean;
  readonly default: ValueNode | null;
}

export interface ComponentsOf {
  readonly kind: 'components of';
  readonly type: TypeNode;
}

export interface ComponentGroup {
  readonly kind: 'group';
  readonly components: readonly Component[];
}

export type ConstraintNode =
  | { readonly kind: 'subtype'; readonly root: ElementNode; readonly extensible: boolean }
  | { readonly kind: 'contents'; readonly type: TypeNode }
  | {
      readonly kind: 'table';
      readonly set: readonly Token[];
      readonly at: readonly string[];
      readonly level: number | null;
    }
  | { readonly kind: 'invisible' };

export type ElementNode =
  | { readonly kind: 'union' | 'intersection'; readonly parts: readonly ElementNode[] }
  | { readonly kind: 'range'; readonly from: EndNode; readonly to: EndNode }
  | { readonly kind: 'value'; readonly value: ValueNode }
  | { readonly kind: 'size' | 'alphabet'; readonly constraint: ConstraintNode }
  | { readonly kind: 'nested'; readonly constraint: ConstraintNode }
  | { readonly kind: 'type'; readonly type: TypeNode }
  | { readonly kind: 'invisible' };

/** `value` is `null` at MIN and MAX; `open`: the value itself is not in the range. */
export interface EndNode {
  readonly value: ValueNode | null;
  readonly open: boolean;
}
