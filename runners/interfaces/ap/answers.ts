import type { DecodedPdu } from './codec.ts';
import type { CauseOfProtocol, Comprehension, Finding } from './comprehension.ts';
import type { ApProtocol } from './protocol.ts';
import { referenceIn } from './reference.ts';
import type { AnyMessageIn, ApMessage, ApShape, IesIn, Kind, NameIn, OutgoingIn } from './types.ts';
import { PerError } from '../per/error.ts';

const TRIGGERS = {
  initiating: 'initiating-message',
  successful: 'successful-outcome',
  unsuccessful: 'unsuccessful-outcome',
} as const satisfies Record<Kind, string>;

const ERROR_INDICATION = 'ErrorIndication';
const MAX_DIAGNOSED = 256;
/** Of an ERROR INDICATION that must have a transaction and is about a message without one. */
const NO_TRANSACTION = 0;

type Elements = Readonly<Record<string, unknown>>;

export type CauseOfError = CauseOfProtocol | 'semantic-error' | 'message-not-compatible-with-receiver-state';

/** What a receiver answers because of how a message was made, in any of the protocols. */
export class Answers<S extends ApShape> {
  readonly #protocol: ApProtocol<S>;

  constructor(protocol: ApProtocol<S>) {
    this.#protocol = protocol;
  }

  readonly outgoing = <Name extends NameIn<S>>(name: Name, ies: IesIn<S, Name>): OutgoingIn<S> => ({
    name,
    ies,
  });

  /**
   * What has to be sent because of how a message was made; `null` for nothing.
   *
   * A request is refused by its own failure where there is one and enough of the request is there to fill it; else by
   * ERROR INDICATION. Nothing answers an ERROR INDICATION (10.5). Of an answer that cannot be taken, the sender hears only when
   * its encoding is wrong or it wants to be told (10.3.4.2).
   * @see 3GPP TS 38.413 clause 10, which is that of the other protocols
   */
  readonly protocolAnswer = (
    decoded: DecodedPdu<AnyMessageIn<S>>,
    { action, cause, findings }: Comprehension,
  ): OutgoingIn<S> | null => {
    const { envelope } = decoded;
    const message = decoded.message as ApMessage | null;
    if (cause === null || message?.name === 'ErrorIndication') return null;
    if (envelope === null || message === null || cause === 'transfer-syntax-error')
      return this.errorIndication(decoded, cause, findings);
    if (message.kind !== 'initiating')
      return action === 'reject' ? null : this.errorIndication(decoded, cause, findings);
    const refusal =
      action === 'reject' ? this.failure(message, { protocol: cause }, diagnosed(findings)) : null;
    return refusal ?? this.errorIndication(decoded, cause, findings);
  };

  /** The ERROR INDICATION about a message; also for what is wrong with its meaning (10.4). */
  readonly errorIndication = (
    { envelope, message }: Pick<DecodedPdu<AnyMessageIn<S>>, 'envelope' | 'message'>,
    cause: CauseOfError,
    findings: readonly Finding[] = [],
  ): OutgoingIn<S> => {
    const about =
      envelope === null ? {} : { procedureCode: envelope.code, triggeringMessage: TRIGGERS[envelope.kind] };
    const criticality = envelope === null ? {} : { procedureCriticality: envelope.criticality };
    const ies = {
      ...this.#soundReferenceOf(message),
      Cause: { protocol: cause },
      CriticalityDiagnostics: { ...about, ...criticality, ...diagnosed(findings) },
    };
    return this.#fitting(ERROR_INDICATION as NameIn<S>, ies);
  };

  /**
   * The message that reports the failure of a request; `null` where there is none, or where what it must name is not in the request.
   */
  readonly failure = (
    message: ApMessage,
    cause: unknown,
    diagnostics: object | null = null,
  ): OutgoingIn<S> | null => {
    const { rules, reference } = this.#protocol;
    const { unsuccessful: name } = rules.procedureWith(message.name as NameIn<S>);
    if (name === undefined) return null;
    const ies: Elements = {
      ...referenceIn(reference, message.ies as Elements),
      Cause: cause,
      ...(diagnostics === null || Object.keys(diagnostics).length === 0
        ? {}
        : { CriticalityDiagnostics: diagnostics }),
    };
    const { elements } = rules.message(name);
    const lacks = elements.some((rule) => rule.presence === 'mandatory' && ies[rule.name] === undefined);
    return lacks ? null : this.#fitting(name, ies);
  };

  /** Of those elements the ones that the message has. */
  #fitting(name: NameIn<S>, ies: Elements): OutgoingIn<S> {
    const known = this.#protocol.rules
      .message(name)
      .elements.filter((rule) => ies[rule.name] !== undefined)
      .map((rule) => [rule.name, ies[rule.name]] as const);
    return { name, ies: Object.fromEntries<unknown>(known) } as unknown as OutgoingIn<S>;
  }

  /** Of a message that breaks the rules of its encoding, those parts of the reference that we may send: others are not allowed in ours either. */
  #soundReferenceOf(message: ApMessage | null): Elements {
    const { reference, rules } = this.#protocol;
    const { inErrorIndication = (ies: Elements) => ies } = reference;
    const named = inErrorIndication(referenceIn(reference, (message?.ies ?? {}) as Elements));
    const { elements } = rules.message(ERROR_INDICATION as NameIn<S>);
    const parts = elements.flatMap(({ name, presence }) => {
      if (named[name] !== undefined && this.#isSound({ [name]: named[name] }))
        return [[name, named[name]] as const];
      return name === 'TransactionID' && presence === 'mandatory' ? [[name, NO_TRANSACTION] as const] : [];
    });
    return Object.fromEntries(parts);
  }

  #isSound(reference: Elements): boolean {
    const { codec } = this.#protocol;
    const name = ERROR_INDICATION as NameIn<S>;
    try {
      codec.encodeElements(name, codec.elementsFor(name, reference as Partial<IesIn<S, NameIn<S>>>));
      return true;
    } catch (error) {
      if (error instanceof PerError) return false;
      throw error;
    }
  }
}

/** Only elements that were not understood or are missing can be named. */
function diagnosed(findings: readonly Finding[]): object {
  const items = findings.flatMap(({ kind, id, criticality }) => {
    if (id === undefined || (kind !== 'notUnderstood' && kind !== 'missing')) return [];
    const typeOfError = kind === 'missing' ? ('missing' as const) : ('not-understood' as const);
    return [{ iECriticality: criticality, 'iE-ID': id, typeOfError }];
  });
  return items.length === 0 ? {} : { iEsCriticalityDiagnostics: items.slice(0, MAX_DIAGNOSED) };
}
