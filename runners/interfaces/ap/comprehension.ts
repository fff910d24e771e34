import type { DecodedPdu } from './codec.ts';
import type { ApRules, MessageRule } from './rules.ts';
import type { ApMessage, Criticality, Element } from './types.ts';
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
 * @see 3GPP TS 38.413 clause 10, which is that of the other protocols: 10.2 transfer syntax, 10.3 abstract syntax
 */
export function comprehendBy(rules: ApRules, decoded: DecodedPdu): Comprehension {
  const { faults, envelope, message } = decoded;
  const [fault] = faults;
  if (fault !== undefined) {
    const text = `${fault.path === '' ? 'message' : fault.path}: ${fault.message} (bit ${fault.bitOffset})`;
    const findings = [{ kind: 'transferSyntax', criticality: 'reject', text }] as const;
    return { action: 'reject', cause: 'transfer-syntax-error', findings };
  }
  return weigh(message === null ? [unknownMessage(rules, envelope)] : findingsIn(rules, message));
}

/** 10.3.4.1 and 10.3.4.1A */
function unknownMessage(rules: ApRules, envelope: DecodedPdu['envelope']): Finding {
  if (envelope === null)
    return {
      kind: 'unknownMessage',
      criticality: 'reject',
      text: `this is no kind of message that ${rules.protocol} has`,
    };
  const { code, criticality, kind } = envelope;
  const procedure = rules.procedureOf(code);
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

function findingsIn(rules: ApRules, { name, elements }: ApMessage): readonly Finding[] {
  const rule = rules.message(name);
  return [
    ...notUnderstood(rules, elements, rule),
    ...missing(elements, rule),
    ...falselyConstructed(rules, elements, rule),
  ];
}

/** 10.3.4.2: unknown identifiers, and values that were added to the protocol later. */
function notUnderstood(
  rules: ApRules,
  elements: readonly Element[],
  { places }: MessageRule,
): readonly Finding[] {
  return elements.flatMap((element) => {
    if (!places.has(element.id))
      return [found('notUnderstood', named(rules, element), 'does not belong to this message')];
    if (hasUnknownValue(element.value))
      return [found('notUnderstood', named(rules, element), 'has a value that is not known')];
    return strangeElements(rules, element.value);
  });
}

/** Elements in lists, in extensions and in added alternatives are elements like those of the message. */
function strangeElements(rules: ApRules, value: unknown): readonly Finding[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => strangeElements(rules, item));
  if (!isObject(value)) return [];
  if (isElement(value)) {
    const unread = value.value instanceof Uint8Array && !rules.isOctets(value.id);
    return unread
      ? [found('notUnderstood', named(rules, value), 'does not belong to this list')]
      : strangeElements(rules, value.value);
  }
  const findings: Finding[] = [];
  for (const name in value)
    if (name !== REST && typeof value[name] === 'object')
      findings.push(...strangeElements(rules, value[name]));
  return findings;
}

/** Elements inside say for themselves how bad it is when they are not understood: they are not looked into. */
function hasUnknownValue(value: unknown): boolean {
  if (typeof value === 'string') return value.startsWith(REST) && /^\.\.\.\d+$/u.test(value);
  if (typeof value !== 'object' || value instanceof Uint8Array || isElement(value)) return false;
  if (Array.isArray(value)) return value.some(hasUnknownValue);
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
function falselyConstructed(
  rules: ApRules,
  elements: readonly Element[],
  { places }: MessageRule,
): readonly Finding[] {
  const findings: Finding[] = [];
  const seen = new Set<number>();
  let last = -1;
  for (const element of elements) {
    const place = places.get(element.id)?.place;
    if (place === undefined) continue;
    if (seen.has(element.id))
      findings.push(found('repeated', named(rules, element), 'is there more than once'));
    else if (place < last)
      findings.push(found('wrongOrder', named(rules, element), 'does not stand where it should'));
    seen.add(element.id);
    last = Math.max(last, place);
  }
  return findings;
}

interface Named {
  readonly id: number;
  readonly name: string;
  readonly criticality: Criticality;
}

function named(rules: ApRules, { id, criticality }: Element): Named {
  return { id, criticality, name: rules.elementName(id) ?? `element ${id}` };
}

function found(kind: Finding['kind'], { id, name, criticality }: Named, what: string): Finding {
  return { kind, id, criticality, text: `${name} ${what}` };
}

function isElement(value: unknown): value is Element {
  return isObject(value) && typeof value['id'] === 'number' && 'criticality' in value && 'value' in value;
}
