import type { DecodedPdu } from './codec.ts';
import { elementName, messageRule, procedureOf, type MessageRule } from './messages.ts';
import type { AnyMessage, Criticality, Element } from './types.ts';
import { isAddition, isObject, REST } from '../per/values.ts';

/** Something in a message that its receiver cannot take as it is. */
export interface Finding {
  readonly kind:
    | 'transferSyntax'
    | 'unknownProcedure'
    | 'unknownMessage'
    | 'notUnderstood'
    | 'missing'
    | 'wrongOrder'
    | 'repeated';
  /** How bad that is: as it was sent, or, for what is missing, as the specification has it. */
  readonly criticality: Criticality;
  /** The element that it is about. */
  readonly id?: number;
  /** For people: what it is about and what is wrong. */
  readonly text: string;
}

export type CauseOfProtocol =
  | 'transfer-syntax-error'
  | 'abstract-syntax-error-reject'
  | 'abstract-syntax-error-ignore-and-notify'
  | 'abstract-syntax-error-falsely-constructed-message';

/** What a receiver does with a message: act on it, do nothing, or refuse it; and whether the sender has to hear of it. */
export interface Comprehension {
  readonly action: 'accept' | 'ignore' | 'reject';
  /** To report to the sender; `null` when there is nothing that has to be reported. */
  readonly cause: CauseOfProtocol | null;
  readonly findings: readonly Finding[];
}

/**
 * What the specification makes of a message, whatever it means.
 *
 * @see O-RAN.WG3.E2AP clause 10, which is that of 3GPP TS 38.413: 10.2 transfer syntax, 10.3 abstract syntax
 */
export function comprehend(decoded: DecodedPdu): Comprehension {
  const { faults, envelope, message } = decoded;
  const [fault] = faults;
  if (fault !== undefined) {
    const text = `${fault.path === '' ? 'message' : fault.path}: ${fault.message} (bit ${fault.bitOffset})`;
    const findings = [{ kind: 'transferSyntax', criticality: 'reject', text }] as const;
    return { action: 'reject', cause: 'transfer-syntax-error', findings };
  }
  return weigh(message === null ? [unknownMessage(envelope)] : findingsIn(message));
}

/** 10.3.4.1 and 10.3.4.1A */
function unknownMessage(envelope: DecodedPdu['envelope']): Finding {
  if (envelope === null)
    return {
      kind: 'unknownMessage',
      criticality: 'reject',
      text: 'this is no kind of message that E2AP has',
    };
  const { code, criticality, kind } = envelope;
  const procedure = procedureOf(code);
  return procedure === undefined
    ? { kind: 'unknownProcedure', criticality, text: `there is no procedure with code ${code}` }
    : { kind: 'unknownMessage', criticality, text: `the procedure ${procedure} has no ${kind} message` };
}

/** The worst of the findings decides; what is falsely constructed is refused (10.3.6). */
function weigh(findings: readonly Finding[]): Comprehension {
  if (findings.some(({ kind }) => kind === 'wrongOrder' || kind === 'repeated')) {
    const cause = 'abstract-syntax-error-falsely-constructed-message';
    return { action: 'reject', cause, findings };
  }
  const has = (criticality: Criticality) => findings.some((each) => each.criticality === criticality);
  if (has('reject')) return { action: 'reject', cause: 'abstract-syntax-error-reject', findings };
  const whole = findings.some(({ kind }) => kind === 'unknownProcedure' || kind === 'unknownMessage');
  const action = whole ? 'ignore' : 'accept';
  const cause = has('notify') ? 'abstract-syntax-error-ignore-and-notify' : null;
  return { action, cause, findings };
}

function findingsIn({ name, elements }: AnyMessage): readonly Finding[] {
  const rule = messageRule(name);
  return [
    ...notUnderstood(elements, rule),
    ...missing(elements, rule),
    ...falselyConstructed(elements, rule),
  ];
}

/** 10.3.4.2: unknown identifiers, and values that were added to the protocol later. */
function notUnderstood(elements: readonly Element[], { places }: MessageRule): readonly Finding[] {
  return elements.flatMap(({ id, criticality, value }) => {
    if (!places.has(id))
      return [found('notUnderstood', { id, criticality }, 'does not belong to this message')];
    if (hasUnknownValue(value))
      return [found('notUnderstood', { id, criticality }, 'has a value that is not known')];
    return strangeItems(value);
  });
}

/** Elements in lists are elements like those of the message. */
function strangeItems(value: unknown): readonly Finding[] {
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown) => {
      if (!isElement(item)) return strangeItems(item);
      if (item.value instanceof Uint8Array)
        return [found('notUnderstood', item, 'does not belong to this list')];
      return strangeItems(item.value);
    });
  }
  if (!isObject(value)) return [];
  const findings: Finding[] = [];
  for (const name in value)
    if (name !== REST && typeof value[name] === 'object') findings.push(...strangeItems(value[name]));
  return findings;
}

/** Items say for themselves how bad it is when they are not understood: they are not looked into. */
function hasUnknownValue(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith(REST) && /^\.\.\.\d+$/u.test(value);
  if (typeof value !== 'object' || value instanceof Uint8Array) return false;
  if (Array.isArray(value)) return value.some((item: unknown) => !isElement(item) && hasUnknownValue(item));
  if (!isObject(value)) return false;
  if (isAddition(value[REST])) return true;
  for (const name in value) if (name !== REST && hasUnknownValue(value[name])) return true;
  return false;
}

/** 10.3.5 */
function missing(elements: readonly Element[], { elements: rules }: MessageRule): readonly Finding[] {
  const there = new Set(elements.map(({ id }) => id));
  return rules
    .filter(({ id, presence }) => presence === 'mandatory' && !there.has(id))
    .map((rule) => found('missing', rule, 'is missing'));
}

/** 10.3.6 */
function falselyConstructed(elements: readonly Element[], { places }: MessageRule): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<number>();
  let last = -1;
  for (const element of elements) {
    const place = places.get(element.id)?.place;
    if (place === undefined) continue;
    if (seen.has(element.id)) findings.push(found('repeated', element, 'is there more than once'));
    else if (place < last) findings.push(found('wrongOrder', element, 'does not stand where it should'));
    seen.add(element.id);
    last = Math.max(last, place);
  }
  return findings;
}

function found(
  kind: Finding['kind'],
  { id, criticality }: { readonly id: number; readonly criticality: Criticality },
  what: string,
): Finding {
  return { kind, id, criticality, text: `${elementName(id) ?? `element ${id}`} ${what}` };
}

function isElement(value: unknown): value is Element {
  return isObject(value) && typeof value['id'] === 'number' && 'criticality' in value && 'value' in value;
}
