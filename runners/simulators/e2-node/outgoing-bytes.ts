import type { Outgoing } from '../../interfaces/e2/answers.ts';
import { elementsFor, encodeElements } from '../../interfaces/e2/codec.ts';
import { messageRule } from '../../interfaces/e2/messages.ts';
import type { Element, Ies } from '../../interfaces/e2/types.ts';
import type { Has } from './defects.ts';

/** The octets of a message as this node sends it: right, but for its defects. */
export function bytesOf({ name, ies }: Outgoing, has: Has): Uint8Array {
  const rule = messageRule(name);
  let elements = elementsFor(name, ies as Ies<typeof name>);
  const change = (element: string, to: (value: unknown) => unknown): void => {
    const id = rule.elements.find((each) => each.name === element)?.id;
    elements = elements.map((each): Element => (each.id === id ? { ...each, value: to(each.value) } : each));
  };
  if (rule.kind !== 'initiating' && has('wrong-transaction-id'))
    change('TransactionID', (value) => (Number(value) + 1) % 256);
  if (name === 'RICsubscriptionResponse' && has('wrong-request-id'))
    change('RICrequestID', (value) => ({ ...(value as object), ricInstanceID: 4_321 }));
  if (name === 'RICsubscriptionResponse' && has('mandatory-ie-missing'))
    elements = elements.filter(
      ({ id }) => id !== rule.elements.find((each) => each.name === 'RANfunctionID')?.id,
    );
  return encodeElements(name, elements);
}
