import type { Sets } from './gen/xnap.js';
import type {
  AcceptedIesOf,
  AcceptedIn,
  AnyAcceptedIn,
  AnyMessageIn,
  IesOf,
  MessageNameOf,
  OutgoingIn,
  Procedures,
} from '../ap/types.ts';

/** The procedures of XnAP that our text has, and their messages. @see 3GPP TS 38.423 clauses 8.1, 9.1 */
export const PROCEDURES = {
  xnSetup: { initiating: 'XnSetupRequest', successful: 'XnSetupResponse', unsuccessful: 'XnSetupFailure' },
  nGRANnodeConfigurationUpdate: {
    initiating: 'NGRANNodeConfigurationUpdate',
    successful: 'NGRANNodeConfigurationUpdateAcknowledge',
    unsuccessful: 'NGRANNodeConfigurationUpdateFailure',
  },
  xnRemoval: {
    initiating: 'XnRemovalRequest',
    successful: 'XnRemovalResponse',
    unsuccessful: 'XnRemovalFailure',
  },
  reset: { initiating: 'ResetRequest', successful: 'ResetResponse' },
  errorIndication: { initiating: 'ErrorIndication' },
  handoverPreparation: {
    initiating: 'HandoverRequest',
    successful: 'HandoverRequestAcknowledge',
    unsuccessful: 'HandoverPreparationFailure',
  },
  sNStatusTransfer: { initiating: 'SNStatusTransfer' },
  handoverCancel: { initiating: 'HandoverCancel' },
  retrieveUEContext: {
    initiating: 'RetrieveUEContextRequest',
    successful: 'RetrieveUEContextResponse',
    unsuccessful: 'RetrieveUEContextFailure',
  },
  uEContextRelease: { initiating: 'UEContextRelease' },
  rANPaging: { initiating: 'RANPaging' },
  xnUAddressIndication: { initiating: 'XnUAddressIndication' },
} as const satisfies Procedures;

export type ProcedureName = keyof typeof PROCEDURES;
export type MessageName = MessageNameOf<typeof PROCEDURES>;
type Rows<Name extends MessageName> = Sets[`XnAP.${Name}-IEs`];

/** The elements that each message is sent with. */
export type Messages = { readonly [Name in MessageName]: IesOf<Rows<Name>> };
export type Ies<Name extends MessageName> = Messages[Name];
/** Of those, what is surely there in a message that the rules of the protocol let through. */
export type AcceptedIes<Name extends MessageName> = AcceptedIesOf<Rows<Name>>;

/** The protocol as types. */
export interface XnapShape {
  readonly procedures: typeof PROCEDURES;
  readonly messages: Messages;
  readonly accepted: { readonly [Name in MessageName]: AcceptedIes<Name> };
}

/** Any message: `name` tells which, and what its elements may be. */
export type AnyMessage = AnyMessageIn<XnapShape>;

/** A message that the rules of the protocol let through. */
export type AcceptedMessage<Name extends MessageName = MessageName> = AcceptedIn<XnapShape, Name>;
export type AnyAccepted = AnyAcceptedIn<XnapShape>;

/** A message to send. */
export type Outgoing = OutgoingIn<XnapShape>;
