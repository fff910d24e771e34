import type { E2AP$Cause, E2AP$Criticality, E2AP$CriticalityDiagnostics, Sets } from './gen/e2ap.js';

/**
 * Messages and information elements of E2AP by the names of the specification (`E2setupRequest`, `RANfunctionsAdded`), typed
 * from our own module text. Values are those of `per/values.ts`.
 */

export type Criticality = E2AP$Criticality;
export type Cause = E2AP$Cause;
export type CriticalityDiagnostics = E2AP$CriticalityDiagnostics;

type WithoutId<Name> = Name extends `id-${infer Rest}` ? Rest : never;
type ValueOf<Row> = Row extends { readonly '&Value': infer Value } ? Value : never;

type NamesOfMessages<Set> = Set extends `E2AP.${infer Name}-IEs` ? Name : never;
export type MessageName = NamesOfMessages<keyof Sets>;

type Rows<Name extends MessageName> = Sets[`E2AP.${Name}-IEs`];
type Presence<Row> = Row extends { readonly '&presence': infer Word } ? Word : never;

/** The elements that a message is sent with. */
export type Ies<Name extends MessageName> = {
  readonly [
    Id in keyof Rows<Name> as Presence<Rows<Name>[Id]> extends 'mandatory' ? WithoutId<Id> : never
  ]: ValueOf<Rows<Name>[Id]>;
} & {
  readonly [Id in keyof Rows<Name> as Presence<Rows<Name>[Id]> extends 'mandatory' ? never : WithoutId<Id>]?:
    ValueOf<Rows<Name>[Id]> | undefined;
};

type ItemRows = {
  [Set in keyof Sets as Set extends `E2AP.${string}-ItemIEs` ? Set : never]: {
    [Id in keyof Sets[Set] as WithoutId<Id>]: ValueOf<Sets[Set][Id]>;
  };
};
type AllItems = UnionToIntersection<ItemRows[keyof ItemRows]>;
type UnionToIntersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (
  all: infer All,
) => void
  ? All
  : never;

/** What stands in lists, as `RANfunction-Item`. */
export type ItemName = keyof AllItems;
export type Item<Name extends ItemName> = AllItems[Name];

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
export interface E2Message<Name extends MessageName = MessageName> {
  readonly name: Name;
  readonly procedure: ProcedureName;
  readonly kind: Kind;
  readonly criticality: Criticality;
  /** The first element of each name that the message knows. */
  readonly ies: Partial<Ies<Name>>;
  /** All of them, in the order in which they came. */
  readonly elements: readonly Element[];
}

/** Any message: `name` tells which, and what its elements may be. */
export type AnyMessage = { [Name in MessageName]: E2Message<Name> }[MessageName];

/** Elements that are there in every message that the rules of the protocol let through: mandatory, and `reject`. */
type Assured<Row> = Row extends { readonly '&presence': 'mandatory'; readonly '&criticality': 'reject' }
  ? true
  : false;
export type AcceptedIes<Name extends MessageName> = {
  readonly [Id in keyof Rows<Name> as Assured<Rows<Name>[Id]> extends true ? WithoutId<Id> : never]: ValueOf<
    Rows<Name>[Id]
  >;
} & {
  readonly [Id in keyof Rows<Name> as Assured<Rows<Name>[Id]> extends true ? never : WithoutId<Id>]?:
    ValueOf<Rows<Name>[Id]> | undefined;
};

/** A message that `comprehend` accepts. */
export interface AcceptedMessage<Name extends MessageName = MessageName> extends E2Message<Name> {
  readonly ies: Partial<Ies<Name>> & AcceptedIes<Name>;
}
export type AnyAccepted = { [Name in MessageName]: AcceptedMessage<Name> }[MessageName];

/**
 * The procedures and their messages.
 * @see O-RAN.WG3.E2AP clauses 8.1, 9.3
 */
export const PROCEDURES = {
  E2setup: {
    initiating: 'E2setupRequest',
    successful: 'E2setupResponse',
    unsuccessful: 'E2setupFailure',
  },
  ErrorIndication: { initiating: 'ErrorIndication' },
  Reset: { initiating: 'ResetRequest', successful: 'ResetResponse' },
  RICcontrol: {
    initiating: 'RICcontrolRequest',
    successful: 'RICcontrolAcknowledge',
    unsuccessful: 'RICcontrolFailure',
  },
  RICindication: { initiating: 'RICindication' },
  RICserviceQuery: { initiating: 'RICserviceQuery' },
  RICserviceUpdate: {
    initiating: 'RICserviceUpdate',
    successful: 'RICserviceUpdateAcknowledge',
    unsuccessful: 'RICserviceUpdateFailure',
  },
  RICsubscription: {
    initiating: 'RICsubscriptionRequest',
    successful: 'RICsubscriptionResponse',
    unsuccessful: 'RICsubscriptionFailure',
  },
  RICsubscriptionDelete: {
    initiating: 'RICsubscriptionDeleteRequest',
    successful: 'RICsubscriptionDeleteResponse',
    unsuccessful: 'RICsubscriptionDeleteFailure',
  },
  E2nodeConfigurationUpdate: {
    initiating: 'E2nodeConfigurationUpdate',
    successful: 'E2nodeConfigurationUpdateAcknowledge',
    unsuccessful: 'E2nodeConfigurationUpdateFailure',
  },
  E2connectionUpdate: {
    initiating: 'E2connectionUpdate',
    successful: 'E2connectionUpdateAcknowledge',
    unsuccessful: 'E2connectionUpdateFailure',
  },
  RICsubscriptionDeleteRequired: { initiating: 'RICsubscriptionDeleteRequired' },
  E2removal: {
    initiating: 'E2RemovalRequest',
    successful: 'E2RemovalResponse',
    unsuccessful: 'E2RemovalFailure',
  },
  RICsubscriptionModification: {
    initiating: 'RICsubscriptionModificationRequest',
    successful: 'RICsubscriptionModificationResponse',
    unsuccessful: 'RICsubscriptionModificationFailure',
  },
  RICsubscriptionModificationRequired: {
    initiating: 'RICsubscriptionModificationRequired',
    successful: 'RICsubscriptionModificationConfirm',
    unsuccessful: 'RICsubscriptionModificationRefuse',
  },
  RICquery: {
    initiating: 'RICQueryRequest',
    successful: 'RICQueryResponse',
    unsuccessful: 'RICQueryFailure',
  },
} as const satisfies Record<string, { readonly [K in Kind]?: MessageName }>;

type Procedures = typeof PROCEDURES;
export type ProcedureName = keyof Procedures;

/** Messages that begin a procedure, and those of them that want an answer. */
export type InitiatingName = Procedures[ProcedureName]['initiating'];
export type RequestName = Extract<Procedures[ProcedureName], { readonly successful: string }>['initiating'];

type ProcedureOf<Name extends InitiatingName> = Extract<
  Procedures[ProcedureName],
  { readonly initiating: Name }
>;
export type SuccessName<Name extends RequestName> =
  ProcedureOf<Name> extends { readonly successful: infer Answer extends MessageName } ? Answer : never;
export type FailureName<Name extends RequestName> =
  ProcedureOf<Name> extends { readonly unsuccessful: infer Answer extends MessageName } ? Answer : never;
