import type { E2AP$Cause, E2AP$CriticalityDiagnostics, Sets } from './gen/e2ap.js';
import type {
  AcceptedIesOf,
  AcceptedIn,
  AnyAcceptedIn,
  AnyMessageIn,
  InitiatingIn,
  MessageIn,
  IesOf,
  ItemsOf,
  MessageNameOf,
  Procedures as ProcedureTable,
  RequestIn,
} from '../ap/types.ts';

export { KINDS, type Criticality, type Element, type Kind } from '../ap/types.ts';

/**
 * Messages and information elements of E2AP by the names of the specification (`E2setupRequest`, `RANfunctionsAdded`), typed
 * from our own module text. Values are those of `per/values.ts`.
 */

export type Cause = E2AP$Cause;
export type CriticalityDiagnostics = E2AP$CriticalityDiagnostics;

export type MessageName = MessageNameOf<Procedures>;
type Rows<Name extends MessageName> = Sets[`E2AP.${Name}-IEs`];

/** The elements that each message is sent with. */
export type Messages = { readonly [Name in MessageName]: IesOf<Rows<Name>> };
export type Ies<Name extends MessageName> = Messages[Name];
/** Of those, what is surely there in a message that `comprehend` accepts. */
export type AcceptedIes<Name extends MessageName> = AcceptedIesOf<Rows<Name>>;

export type AllItems = ItemsOf<Sets, 'E2AP'>;
/** What stands in lists, as `RANfunction-Item`. */
export type ItemName = keyof AllItems;
export type Item<Name extends ItemName> = AllItems[Name];

/** E2AP as types. */
export interface E2apShape {
  readonly procedures: typeof PROCEDURES;
  readonly messages: Messages;
  readonly accepted: { readonly [Name in MessageName]: AcceptedIes<Name> };
}

/** What a message holds of its own. */
export type E2Message<Name extends MessageName = MessageName> = MessageIn<E2apShape, Name>;

/** Any message: `name` tells which, and what its elements may be. */
export type AnyMessage = AnyMessageIn<E2apShape>;

/** A message that `comprehend` accepts. */
export type AcceptedMessage<Name extends MessageName = MessageName> = AcceptedIn<E2apShape, Name>;
export type AnyAccepted = AnyAcceptedIn<E2apShape>;

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
} as const satisfies ProcedureTable;

type Procedures = typeof PROCEDURES;
export type ProcedureName = keyof Procedures;

/** Messages that begin a procedure, and those of them that want an answer. */
export type InitiatingName = InitiatingIn<E2apShape>;
export type RequestName = RequestIn<E2apShape>;
