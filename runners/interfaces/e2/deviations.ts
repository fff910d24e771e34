import { elementName, itemRuleOf, messageRule } from './messages.ts';
import type { AnyMessage, Criticality, Element } from './types.ts';
import { isObject, REST } from '../per/values.ts';

/** A criticality that is not the one that the specification gives: no receiver may mind, and yet the sender is wrong. */
export interface CriticalityDeviation {
  /** Of the message itself `null`. */
  readonly id: number | null;
  readonly name: string;
  readonly expected: Criticality;
  readonly got: Criticality;
}

/** @see O-RAN.WG3.E2AP clauses 9.1, 9.3 */
export function criticalityDeviations(message: AnyMessage): readonly CriticalityDeviation[] {
  const { criticality: expected, elements: rules } = messageRule(message.name);
  const { criticality: got, name } = message;
  const byId = new Map(rules.map((rule) => [rule.id, rule.criticality]));
  return [
    ...(got === expected ? [] : [{ id: null, name, expected, got }]),
    ...message.elements.flatMap((element) => [
      ...deviation(element, byId.get(element.id)),
      ...inItems(element.value),
    ]),
  ];
}

function inItems(value: unknown): readonly CriticalityDeviation[] {
  if (Array.isArray(value)) return value.flatMap(inItem);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => (name === REST ? [] : inItems(member)));
}

function inItem(item: unknown): readonly CriticalityDeviation[] {
  if (!isObject(item) || typeof item['id'] !== 'number' || !('criticality' in item)) return inItems(item);
  const element = item as unknown as Element;
  return [...deviation(element, itemRuleOf(element.id)?.criticality), ...inItems(element.value)];
}

function deviation(
  { id, criticality: got }: Element,
  expected: Criticality | undefined,
): readonly CriticalityDeviation[] {
  if (expected === undefined || expected === got) return [];
  return [{ id, name: elementName(id) ?? `element ${id}`, expected, got }];
}
