import { type DecodedPdu, elementsFor, encodeElements } from './codec.ts';
import type { CauseOfProtocol, Comprehension, Finding } from './comprehension.ts';
import { messageRule } from './messages.ts';
import {
  PROCEDURES,
  type AnyMessage,
  type Cause,
  type CriticalityDiagnostics,
  type Ies,
  type Kind,
  type MessageName,
} from './types.ts';
import { PerError } from '../per/error.ts';

/** A message to send. */
export type Outgoing = {
  [Name in MessageName]: { readonly name: Name; readonly ies: Ies<Name> };
}[MessageName];

export function outgoing<Name extends MessageName>(name: Name, ies: Ies<Name>): Outgoing {
  return { name, ies } as unknown as Outgoing;
}

const TRIGGERS = {
  initiating: 'initiating-message',
  successful: 'successful-outcome',
  unsuccessful: 'unsuccessful-outcome',
} as const satisfies Record<Kind, string>;

const MAX_DIAGNOSED = 256;

/**
 * What has to be sent because of how a message was made; `null` for nothing.
 *
 * A request is refused by its own failure where there is one and enough of the request is there to fill it; else by
 * ERROR INDICATION. Nothing answers an ERROR INDICATION (10.5). Of an answer that cannot be taken, the sender hears only when
 * its encoding is wrong or it wants to be told (10.3.4.2).
 * @see O-RAN.WG3.E2AP clause 10
 */
export function protocolAnswer(
  decoded: DecodedPdu,
  { action, cause, findings }: Comprehension,
): Outgoing | null {
  const { envelope, message } = decoded;
  if (cause === null || message?.name === 'ErrorIndication') return null;
  if (envelope === null || message === null || cause === 'transfer-syntax-error')
    return errorIndication(decoded, cause, findings);
  if (message.kind !== 'initiating') {
    return action === 'reject' ? null : errorIndication(decoded, cause, findings);
  }
  const refusal = action === 'reject' ? failure(message, { protocol: cause }, diagnosed(findings)) : null;
  return refusal ?? errorIndication(decoded, cause, findings);
}

/** The ERROR INDICATION about a message; also for what is wrong with its meaning (10.4). */
export function errorIndication(
  { envelope, message }: Pick<DecodedPdu, 'envelope' | 'message'>,
  cause: CauseOfProtocol | 'semantic-error' | 'message-not-compatible-with-receiver-state',
  findings: readonly Finding[] = [],
): Outgoing {
  const about =
    envelope === null ? {} : { procedureCode: envelope.code, triggeringMessage: TRIGGERS[envelope.kind] };
  const criticality = envelope === null ? {} : { procedureCriticality: envelope.criticality };
  return outgoing('ErrorIndication', {
    ...soundReferenceOf(message),
    Cause: { protocol: cause },
    CriticalityDiagnostics: { ...about, ...criticality, ...diagnosed(findings) },
  });
}

/**
 * The message that reports the failure of a request; `null` where there is none, or where what it must name is not in the request.
 */
export function failure(
  message: AnyMessage,
  cause: Cause,
  diagnostics: CriticalityDiagnostics | null = null,
): Outgoing | null {
  const messages: Partial<Record<Kind, MessageName>> = PROCEDURES[message.procedure];
  const { unsuccessful: name } = messages;
  if (name === undefined) return null;
  const reference: Readonly<Record<string, unknown>> = referenceOf(message);
  const ies: Readonly<Record<string, unknown>> = {
    ...reference,
    Cause: cause,
    ...(diagnostics === null || Object.keys(diagnostics).length === 0
      ? {}
      : { CriticalityDiagnostics: diagnostics }),
  };
  const rules = messageRule(name).elements;
  if (rules.some((rule) => rule.presence === 'mandatory' && ies[rule.name] === undefined)) return null;
  const known = rules
    .filter((rule) => ies[rule.name] !== undefined)
    .map((rule) => [rule.name, ies[rule.name]] as const);
  return { name, ies: Object.fromEntries<unknown>(known) } as unknown as Outgoing;
}

type Reference = Pick<Ies<'ErrorIndication'>, 'TransactionID' | 'RICrequestID' | 'RANfunctionID'>;

/** By what an answer is known to belong to its request: a transaction, or a request of an application. */
export function referenceOf(message: { readonly ies: object } | null): Reference {
  const { TransactionID, RICrequestID, RANfunctionID } = (message?.ies ?? {}) as Reference;
  return {
    ...(TransactionID === undefined ? {} : { TransactionID }),
    ...(RICrequestID === undefined ? {} : { RICrequestID }),
    ...(RANfunctionID === undefined ? {} : { RANfunctionID }),
  };
}

/** Of a message that breaks the rules of its encoding, those parts of the reference that we may send: others are not allowed in ours either. */
function soundReferenceOf(message: { readonly ies: object } | null): Reference {
  const parts = Object.entries(referenceOf(message)).filter(([name, value]) => isSound({ [name]: value }));
  return Object.fromEntries(parts);
}

function isSound(reference: Reference): boolean {
  try {
    encodeElements('ErrorIndication', elementsFor('ErrorIndication', reference));
    return true;
  } catch (error) {
    if (error instanceof PerError) return false;
    throw error;
  }
}

/** Only elements that were not understood or are missing can be named. */
function diagnosed(findings: readonly Finding[]): CriticalityDiagnostics {
  const items = findings.flatMap(({ kind, id, criticality }) => {
    if (id === undefined || (kind !== 'notUnderstood' && kind !== 'missing')) return [];
    const typeOfError = kind === 'missing' ? ('missing' as const) : ('not-understood' as const);
    return [{ iECriticality: criticality, 'iE-ID': id, typeOfError }];
  });
  return items.length === 0 ? {} : { iEsCriticalityDiagnostics: items.slice(0, MAX_DIAGNOSED) };
}
