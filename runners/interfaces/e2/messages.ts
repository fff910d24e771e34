import { PROTOCOL } from './codec.ts';
import type { AllItems, Kind, MessageName, ProcedureName } from './types.ts';
import { itemLists } from '../ap/protocol.ts';
import type { ElementRule, MessageRule as RuleOf } from '../ap/rules.ts';

export { isRead, type ElementRule } from '../ap/rules.ts';
export type MessageRule = RuleOf<MessageName, ProcedureName>;

/** What the specification says of messages and elements beside their types. */
export const { rules: RULES } = PROTOCOL;

export function messageRule(name: MessageName): MessageRule {
  return RULES.message(name);
}

/** `undefined` for a procedure, or a message in it, that the specification does not have. */
export function messageRuleOf(kind: Kind, code: number): MessageRule | undefined {
  return RULES.messageOf(kind, code);
}

export function procedureOf(code: number): ProcedureName | undefined {
  return RULES.procedureOf(code);
}

/** The name of an element, wherever it stands; `undefined` of an identifier that is not in use. */
export function elementName(id: number): string | undefined {
  return RULES.elementName(id);
}

export function elementsOf(set: string): readonly ElementRule[] {
  return RULES.elementsOf(set);
}

/** Lists of elements; see `ItemLists`. */
export const { wrapItems, unwrapItems } = itemLists<AllItems>(RULES);

/** What the specification says of an item of a list, by its identifier. */
export function itemRuleOf(id: number): ElementRule | undefined {
  return RULES.itemOf(id);
}
