import type { Sets } from './gen/ngap.js';
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

/** The procedures of NGAP that our text has, and their messages. @see 3GPP TS 38.413 clauses 8.1, 9.2 */
export const PROCEDURES = {
  NGSetup: { initiating: 'NGSetupRequest', successful: 'NGSetupResponse', unsuccessful: 'NGSetupFailure' },
  RANConfigurationUpdate: {
    initiating: 'RANConfigurationUpdate',
    successful: 'RANConfigurationUpdateAcknowledge',
    unsuccessful: 'RANConfigurationUpdateFailure',
  },
  AMFConfigurationUpdate: {
    initiating: 'AMFConfigurationUpdate',
    successful: 'AMFConfigurationUpdateAcknowledge',
    unsuccessful: 'AMFConfigurationUpdateFailure',
  },
  NGReset: { initiating: 'NGReset', successful: 'NGResetAcknowledge' },
  ErrorIndication: { initiating: 'ErrorIndication' },
  AMFStatusIndication: { initiating: 'AMFStatusIndication' },
  OverloadStart: { initiating: 'OverloadStart' },
  OverloadStop: { initiating: 'OverloadStop' },
  InitialUEMessage: { initiating: 'InitialUEMessage' },
  DownlinkNASTransport: { initiating: 'DownlinkNASTransport' },
  UplinkNASTransport: { initiating: 'UplinkNASTransport' },
  NASNonDeliveryIndication: { initiating: 'NASNonDeliveryIndication' },
  RerouteNASRequest: { initiating: 'RerouteNASRequest' },
  InitialContextSetup: {
    initiating: 'InitialContextSetupRequest',
    successful: 'InitialContextSetupResponse',
    unsuccessful: 'InitialContextSetupFailure',
  },
  UEContextReleaseRequest: { initiating: 'UEContextReleaseRequest' },
  UEContextRelease: { initiating: 'UEContextReleaseCommand', successful: 'UEContextReleaseComplete' },
  UEContextModification: {
    initiating: 'UEContextModificationRequest',
    successful: 'UEContextModificationResponse',
    unsuccessful: 'UEContextModificationFailure',
  },
  PDUSessionResourceSetup: {
    initiating: 'PDUSessionResourceSetupRequest',
    successful: 'PDUSessionResourceSetupResponse',
  },
  PDUSessionResourceRelease: {
    initiating: 'PDUSessionResourceReleaseCommand',
    successful: 'PDUSessionResourceReleaseResponse',
  },
  PDUSessionResourceModify: {
    initiating: 'PDUSessionResourceModifyRequest',
    successful: 'PDUSessionResourceModifyResponse',
  },
  Paging: { initiating: 'Paging' },
  HandoverPreparation: {
    initiating: 'HandoverRequired',
    successful: 'HandoverCommand',
    unsuccessful: 'HandoverPreparationFailure',
  },
  HandoverResourceAllocation: {
    initiating: 'HandoverRequest',
    successful: 'HandoverRequestAcknowledge',
    unsuccessful: 'HandoverFailure',
  },
  HandoverNotification: { initiating: 'HandoverNotify' },
  HandoverCancel: { initiating: 'HandoverCancel', successful: 'HandoverCancelAcknowledge' },
  PathSwitchRequest: {
    initiating: 'PathSwitchRequest',
    successful: 'PathSwitchRequestAcknowledge',
    unsuccessful: 'PathSwitchRequestFailure',
  },
  UplinkRANStatusTransfer: { initiating: 'UplinkRANStatusTransfer' },
  DownlinkRANStatusTransfer: { initiating: 'DownlinkRANStatusTransfer' },
  UERadioCapabilityInfoIndication: { initiating: 'UERadioCapabilityInfoIndication' },
} as const satisfies Procedures;

export type ProcedureName = keyof typeof PROCEDURES;
export type MessageName = MessageNameOf<typeof PROCEDURES>;
type Rows<Name extends MessageName> = Sets[`NGAP.${Name}-IEs`];

/** The elements that each message is sent with. */
export type Messages = { readonly [Name in MessageName]: IesOf<Rows<Name>> };
export type Ies<Name extends MessageName> = Messages[Name];
/** Of those, what is surely there in a message that the rules of the protocol let through. */
export type AcceptedIes<Name extends MessageName> = AcceptedIesOf<Rows<Name>>;

/** The protocol as types. */
export interface NgapShape {
  readonly procedures: typeof PROCEDURES;
  readonly messages: Messages;
  readonly accepted: { readonly [Name in MessageName]: AcceptedIes<Name> };
}

/** Any message: `name` tells which, and what its elements may be. */
export type AnyMessage = AnyMessageIn<NgapShape>;

/** A message that the rules of the protocol let through. */
export type AcceptedMessage<Name extends MessageName = MessageName> = AcceptedIn<NgapShape, Name>;
export type AnyAccepted = AnyAcceptedIn<NgapShape>;

/** A message to send. */
export type Outgoing = OutgoingIn<NgapShape>;
