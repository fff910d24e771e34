import type { Sets } from './gen/e1ap.js';
import type {
  AcceptedIesOf,
  AcceptedIn,
  AnyAcceptedIn,
  AnyMessageIn,
  IesOf,
  ItemsOf,
  MessageNameOf,
  OutgoingIn,
  Procedures,
} from '../ap/types.ts';

/** The procedures of E1AP that our text has, and their messages. @see 3GPP TS 37.483 clauses 8.1, 9.2 */
export const PROCEDURES = {
  'gNB-CU-UP-E1Setup': {
    initiating: 'GNB-CU-UP-E1SetupRequest',
    successful: 'GNB-CU-UP-E1SetupResponse',
    unsuccessful: 'GNB-CU-UP-E1SetupFailure',
  },
  'gNB-CU-CP-E1Setup': {
    initiating: 'GNB-CU-CP-E1SetupRequest',
    successful: 'GNB-CU-CP-E1SetupResponse',
    unsuccessful: 'GNB-CU-CP-E1SetupFailure',
  },
  'gNB-CU-UP-ConfigurationUpdate': {
    initiating: 'GNB-CU-UP-ConfigurationUpdate',
    successful: 'GNB-CU-UP-ConfigurationUpdateAcknowledge',
    unsuccessful: 'GNB-CU-UP-ConfigurationUpdateFailure',
  },
  'gNB-CU-CP-ConfigurationUpdate': {
    initiating: 'GNB-CU-CP-ConfigurationUpdate',
    successful: 'GNB-CU-CP-ConfigurationUpdateAcknowledge',
    unsuccessful: 'GNB-CU-CP-ConfigurationUpdateFailure',
  },
  reset: { initiating: 'Reset', successful: 'ResetAcknowledge' },
  errorIndication: { initiating: 'ErrorIndication' },
  e1Release: { initiating: 'E1ReleaseRequest', successful: 'E1ReleaseResponse' },
  'gNB-CU-UP-StatusIndication': { initiating: 'GNB-CU-UP-StatusIndication' },
  bearerContextSetup: {
    initiating: 'BearerContextSetupRequest',
    successful: 'BearerContextSetupResponse',
    unsuccessful: 'BearerContextSetupFailure',
  },
  bearerContextModification: {
    initiating: 'BearerContextModificationRequest',
    successful: 'BearerContextModificationResponse',
    unsuccessful: 'BearerContextModificationFailure',
  },
  bearerContextModificationRequired: {
    initiating: 'BearerContextModificationRequired',
    successful: 'BearerContextModificationConfirm',
  },
  bearerContextRelease: {
    initiating: 'BearerContextReleaseCommand',
    successful: 'BearerContextReleaseComplete',
  },
  bearerContextReleaseRequest: { initiating: 'BearerContextReleaseRequest' },
  bearerContextInactivityNotification: { initiating: 'BearerContextInactivityNotification' },
  dLDataNotification: { initiating: 'DLDataNotification' },
  uLDataNotification: { initiating: 'ULDataNotification' },
} as const satisfies Procedures;

export type ProcedureName = keyof typeof PROCEDURES;
export type MessageName = MessageNameOf<typeof PROCEDURES>;
type Rows<Name extends MessageName> = Sets[`E1AP.${Name}-IEs`];

/** The elements that each message is sent with. */
export type Messages = { readonly [Name in MessageName]: IesOf<Rows<Name>> };
export type Ies<Name extends MessageName> = Messages[Name];
/** Of those, what is surely there in a message that the rules of the protocol let through. */
export type AcceptedIes<Name extends MessageName> = AcceptedIesOf<Rows<Name>>;

/** What stands in lists of elements, by its name. */
export type AllItems = ItemsOf<Sets, 'E1AP'>;

/** The protocol as types. */
export interface E1apShape {
  readonly procedures: typeof PROCEDURES;
  readonly messages: Messages;
  readonly accepted: { readonly [Name in MessageName]: AcceptedIes<Name> };
}

/** Any message: `name` tells which, and what its elements may be. */
export type AnyMessage = AnyMessageIn<E1apShape>;

/** A message that the rules of the protocol let through. */
export type AcceptedMessage<Name extends MessageName = MessageName> = AcceptedIn<E1apShape, Name>;
export type AnyAccepted = AnyAcceptedIn<E1apShape>;

/** A message to send. */
export type Outgoing = OutgoingIn<E1apShape>;
