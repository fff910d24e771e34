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

/** A protocol as types: its table of procedures, and by the name of each message its elements, all and those that are surely there. */
export interface ApShape {
  readonly procedures: Procedures;
  readonly messages: object;
  readonly accepted: object;
}
export type NameIn<S extends ApShape> = MessageNameOf<S['procedures']> &
  keyof S['messages'] &
  keyof S['accepted'] &
  string;
export type ProcedureIn<S extends ApShape> = keyof S['procedures'] & string;
export type IesIn<S extends ApShape, Name extends NameIn<S>> = S['messages'][Name];

/** What a message holds of its own. */
export type MessageIn<S extends ApShape, Name extends NameIn<S>> = ApMessage<
  Name,
  ProcedureIn<S>,
  IesIn<S, Name>
>;
/** Any message: `name` tells which, and what its elements may be. */
export type AnyMessageIn<S extends ApShape> = { [Name in NameIn<S>]: MessageIn<S, Name> }[NameIn<S>];

/** A message that the rules of the protocol let through. */
export interface AcceptedIn<S extends ApShape, Name extends NameIn<S>> extends MessageIn<S, Name> {
  readonly ies: Partial<IesIn<S, Name>> & S['accepted'][Name];
}
export type AnyAcceptedIn<S extends ApShape> = { [Name in NameIn<S>]: AcceptedIn<S, Name> }[NameIn<S>];

/** A message to send. */
export type OutgoingIn<S extends ApShape> = {
  [Name in NameIn<S>]: { readonly name: Name; readonly ies: IesIn<S, Name> };
}[NameIn<S>];

type TableOf<S extends ApShape> = S['procedures'][keyof S['procedures']];
/** Messages that begin a procedure, and those of them that want an answer. */
export type InitiatingIn<S extends ApShape> = Extract<TableOf<S>['initiating'], NameIn<S>>;
export type RequestIn<S extends ApShape> = Extract<
  Extract<TableOf<S>, { readonly successful: string }>['initiating'],
  NameIn<S>
>;
type RowOf<S extends ApShape, Name> = Extract<TableOf<S>, { readonly initiating: Name }>;
export type SuccessIn<S extends ApShape, Name extends RequestIn<S>> =
  RowOf<S, Name> extends { readonly successful: infer Answer extends NameIn<S> } ? Answer : never;
export type FailureIn<S extends ApShape, Name extends RequestIn<S>> =
  RowOf<S, Name> extends { readonly unsuccessful: infer Answer extends NameIn<S> } ? Answer : never;

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
