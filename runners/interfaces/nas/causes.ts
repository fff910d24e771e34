/** Why a procedure of mobility management failed. @see TS 24.501 clause 9.11.3.2 */
export const MM_CAUSE = {
  illegalUe: 3,
  illegalMe: 6,
  servicesNotAllowed: 7,
  identityUnknown: 9,
  implicitlyDeregistered: 10,
  plmnNotAllowed: 11,
  trackingAreaNotAllowed: 12,
  noSuitableCells: 15,
  macFailure: 20,
  synchronisationFailure: 21,
  congestion: 22,
  capabilitiesMismatch: 23,
  securityModeRejected: 24,
  non5gAuthentication: 26,
  noSlice: 62,
  ksiInUse: 71,
  payloadNotForwarded: 90,
  dnnNotSupported: 91,
  semanticallyIncorrect: 95,
  invalidMandatory: 96,
  messageUnknown: 97,
  messageNotCompatible: 98,
  protocolError: 111,
} as const;

/** Why a procedure of session management failed. @see TS 24.501 clause 9.11.4.2 */
export const SM_CAUSE = {
  insufficientResources: 26,
  missingOrUnknownDnn: 27,
  unknownSessionType: 28,
  regularDeactivation: 36,
  sessionDoesNotExist: 54,
  invalidTransaction: 81,
  messageUnknown: 97,
} as const;
