import type { Sets } from './gen/f1ap.js';
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

/** The procedures of F1AP that our text has, and their messages. @see 3GPP TS 38.473 clauses 8.1, 9.2 */
export const PROCEDURES = {
  F1Setup: { initiating: 'F1SetupRequest', successful: 'F1SetupResponse', unsuccessful: 'F1SetupFailure' },
  gNBDUConfigurationUpdate: {
    initiating: 'GNBDUConfigurationUpdate',
    successful: 'GNBDUConfigurationUpdateAcknowledge',
    unsuccessful: 'GNBDUConfigurationUpdateFailure',
  },
  gNBCUConfigurationUpdate: {
    initiating: 'GNBCUConfigurationUpdate',
    successful: 'GNBCUConfigurationUpdateAcknowledge',
    unsuccessful: 'GNBCUConfigurationUpdateFailure',
  },
  Reset: { initiating: 'Reset', successful: 'ResetAcknowledge' },
  ErrorIndication: { initiating: 'ErrorIndication' },
  GNBDUStatusIndication: { initiating: 'GNBDUStatusIndication' },
  F1Removal: {
    initiating: 'F1RemovalRequest',
    successful: 'F1RemovalResponse',
    unsuccessful: 'F1RemovalFailure',
  },
  InitialULRRCMessageTransfer: { initiating: 'InitialULRRCMessageTransfer' },
  DLRRCMessageTransfer: { initiating: 'DLRRCMessageTransfer' },
  ULRRCMessageTransfer: { initiating: 'ULRRCMessageTransfer' },
  RRCDeliveryReport: { initiating: 'RRCDeliveryReport' },
  UEContextSetup: {
    initiating: 'UEContextSetupRequest',
    successful: 'UEContextSetupResponse',
    unsuccessful: 'UEContextSetupFailure',
  },
  UEContextModification: {
    initiating: 'UEContextModificationRequest',
    successful: 'UEContextModificationResponse',
    unsuccessful: 'UEContextModificationFailure',
  },
  UEContextModificationRequired: {
    initiating: 'UEContextModificationRequired',
    successful: 'UEContextModificationConfirm',
    unsuccessful: 'UEContextModificationRefuse',
  },
  UEContextReleaseRequest: { initiating: 'UEContextReleaseRequest' },
  UEContextRelease: { initiating: 'UEContextReleaseCommand', successful: 'UEContextReleaseComplete' },
  UEInactivityNotification: { initiating: 'UEInactivityNotification' },
  Notify: { initiating: 'Notify' },
  SystemInformationDeliveryCommand: { initiating: 'SystemInformationDeliveryCommand' },
  Paging: { initiating: 'Paging' },
} as const satisfies Procedures;

export type ProcedureName = keyof typeof PROCEDURES;
export type MessageName = MessageNameOf<typeof PROCEDURES>;
type Rows<Name extends MessageName> = Sets[`F1AP.${Name}-IEs`];

/** The elements that each message is sent with. */
export type Messages = { readonly [Name in MessageName]: IesOf<Rows<Name>> };
export type Ies<Name extends MessageName> = Messages[Name];
/** Of those, what is surely there in a message that the rules of the protocol let through. */
export type AcceptedIes<Name extends MessageName> = AcceptedIesOf<Rows<Name>>;

/** What stands in lists of elements, by its name. */
export type AllItems = ItemsOf<Sets, 'F1AP'>;

/** The protocol as types. */
export interface F1apShape {
  readonly procedures: typeof PROCEDURES;
  readonly messages: Messages;
  readonly accepted: { readonly [Name in MessageName]: AcceptedIes<Name> };
}

/** Any message: `name` tells which, and what its elements may be. */
export type AnyMessage = AnyMessageIn<F1apShape>;

/** A message that the rules of the protocol let through. */
export type AcceptedMessage<Name extends MessageName = MessageName> = AcceptedIn<F1apShape, Name>;
export type AnyAccepted = AnyAcceptedIn<F1apShape>;

/** A message to send. */
export type Outgoing = OutgoingIn<F1apShape>;
