import { encodeMobility } from '../../interfaces/nas/codec.ts';
import type { Ies, MobilityName } from '../../interfaces/nas/types.ts';
import type { UeMemory } from './memory.ts';
import type { InitialReason, UeAction, UeFact } from './types.ts';

/** A message within a connection: under security as soon as there is one. */
export function send<Name extends MobilityName>(ue: UeMemory, name: Name, ies: Ies<Name>): UeAction {
  return secured(ue, name, encodeMobility(name, ies));
}

export function tell(fact: UeFact): UeAction {
  return { do: 'tell', fact };
}

function secured(ue: UeMemory, message: MobilityName, plain: Uint8Array): UeAction {
  const nas = ue.isSecured && ue.context !== null ? ue.context.protect(plain, 'ciphered') : plain;
  return { do: 'send', message, nas };
}

export interface Initial<Name extends MobilityName> {
  readonly name: Name;
  /** Elements that go out without ciphering. */
  readonly clear: Ies<Name>;
  /** All elements. */
  readonly whole: Ies<Name>;
  readonly cause: InitialReason['cause'];
}

/**
 * A message that opens a connection, or that might have: with a security context its elements that are nobody's business travel ciphered in
 * a container; without one they wait until the network has secured the connection.
 * @see TS 24.501 clause 4.4.6
 */
export function sendInitial<Name extends 'RegistrationRequest' | 'ServiceRequest' | 'DeregistrationRequest'>(
  ue: UeMemory,
  { name, clear, whole, cause }: Initial<Name>,
): UeAction {
  const all = encodeMobility(name, whole);
  if (ue.isConnected && ue.isSecured) return secured(ue, name, all);
  const { guti, context } = ue;
  const initial = { cause, sTmsi: guti === null ? null : { ...guti.amf, tmsi: guti.tmsi } };
  ue.initial = all;
  ue.isConnected = true;
  ue.isSecured = false;
  const plain = encodeMobility(name, clear);
  ue.isInitialWhole = plain.length === all.length;
  if (context === null) return { do: 'send', message: name, nas: plain, initial };
  ue.kgnbCount = context.nextCount;
  const contents = ue.isInitialWhole
    ? plain
    : encodeMobility(name, { ...clear, nasMessageContainer: context.cipherContainer(all) });
  ue.isInitialWhole = true;
  return { do: 'send', message: name, nas: context.protect(contents, 'integrity'), initial };
}
