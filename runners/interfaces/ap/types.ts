/**
 * What the application protocols of the RAN (E2AP, NGAP, F1AP, E1AP, XnAP) have in common: procedures of up to three messages, messages
 * that are lists of information elements with an identifier and a criticality each. Names are those of the specifications; values are
 * those of `per/values.ts`.
 */

export type Criticality = 'reject' | 'ignore' | 'notify';

/** What a message does in its procedure. */
export const KINDS = ['initiating', 'successful', 'unsuccessful'] as const;
export type Kind = (typeof KINDS)[number];

/** An information element as it travels. */
export interface Element {
  readonly id: number;
  readonly criticality: Criticality;
  /** Octets where the schema does not know the identifier; `{ '...': octets }` where they could not be read as what they should be. */
  readonly value: unknown;
}

/** What a message holds of its own: whoever sends it may leave out what should be there. */
export interface ApMessage<Name extends string = string, Procedure extends string = string, Ies = object> {
  readonly name: Name;
  readonly procedure: Procedure;
  readonly kind: Kind;
  readonly criticality: Criticality;
  /** The first element of each name that the message knows. */
  readonly ies: Partial<Ies>;
  /** All of them, in the order in which they came. */
  readonly elements: readonly Element[];
}

/** The messages of the procedures of a protocol, by the names of both. */
export type Procedures = Readonly<Record<string, { readonly [K in Kind]?: string }>>;

/** The names of all messages of procedures. */
export type MessageNameOf<Table extends Procedures> = {
  [Procedure in keyof Table]: Extract<Table[Procedure][keyof Table[Procedure]], string>;
}[keyof Table];

type WithoutId<Name> = Name extends `id-${infer Rest}` ? Rest : never;
type ValueOf<Row> = Row extends { readonly '&Value': infer Value } ? Value : never;
type Presence<Row> = Row extends { readonly '&presence': infer Word } ? Word : never;

/** The elements that a message is sent with, from the objects of its set. */
export type IesOf<Rows> = {
  readonly [Id in keyof Rows as Presence<Rows[Id]> extends 'mandatory' ? WithoutId<Id> : never]: ValueOf<
    Rows[Id]
  >;
} & {
  readonly [Id in keyof Rows as Presence<Rows[Id]> extends 'mandatory' ? never : WithoutId<Id>]?:
    ValueOf<Rows[Id]> | undefined;
};

/** Elements that are there in every message that the rules of the protocol let through: mandatory, and `reject`. */
type Assured<Row> = Row extends { readonly '&presence': 'mandatory'; readonly '&criticality': 'reject' }
  ? true
  : false;
export type AcceptedIesOf<Rows> = {
  readonly [Id in keyof Rows as Assured<Rows[Id]> extends true ? WithoutId<Id> : never]: ValueOf<Rows[Id]>;
} & {
  readonly [Id in keyof Rows as Assured<Rows[Id]> extends true ? never : WithoutId<Id>]?:
    ValueOf<Rows[Id]> | undefined;
};

type ItemRows<Sets, Module extends string> = {
  [Set in keyof Sets as Set extends `${Module}.${string}-ItemIEs` ? Set : never]: {
    [Id in keyof Sets[Set] as WithoutId<Id>]: ValueOf<Sets[Set][Id]>;
  };
};
type UnionToIntersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** What stands in lists of elements, as `RANfunction-Item`. */
export type ItemsOf<Sets, Module extends string> = UnionToIntersection<
  ItemRows<Sets, Module>[keyof ItemRows<Sets, Module>]
>;
