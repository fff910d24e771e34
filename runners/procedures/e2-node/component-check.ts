import type { Item } from '../../interfaces/e2/types.ts';

type Component = Item<'E2nodeComponentConfigAddition-Item'>;

const IDENTITIES: Readonly<Record<string, string>> = {
  ng: 'e2nodeComponentInterfaceTypeNG',
  xn: 'e2nodeComponentInterfaceTypeXn',
  e1: 'e2nodeComponentInterfaceTypeE1',
  f1: 'e2nodeComponentInterfaceTypeF1',
  w1: 'e2nodeComponentInterfaceTypeW1',
  s1: 'e2nodeComponentInterfaceTypeS1',
  x2: 'e2nodeComponentInterfaceTypeX2',
};

/**
 * What is wrong with the configuration of a component; null for nothing. The messages inside are looked at from outside: their
 * envelope, which NGAP, XnAP, E1AP, F1AP, W1AP, S1AP and X2AP have in common, says what they are and how long.
 * @see O-RAN.WG3.E2AP clauses 9.2.26, 9.2.27
 */
export function componentFault({
  e2nodeComponentInterfaceType: type,
  e2nodeComponentID: id,
  e2nodeComponentConfiguration: { e2nodeComponentRequestPart, e2nodeComponentResponsePart },
}: Component): string | null {
  const [identity] = Object.keys(id);
  if (identity !== IDENTITIES[type]) return `interface ${type} with an identity of ${identity}`;
  const request = envelopeFault(e2nodeComponentRequestPart, 'initiating');
  if (request !== null) return `the request part ${request}`;
  const response = envelopeFault(e2nodeComponentResponsePart, 'outcome');
  return response === null ? null : `the response part ${response}`;
}

/** A choice of three kinds, procedure code, criticality, length of the rest. @see TS 38.413 clause 9.4.3 and its like */
export function envelopeFault(octets: Uint8Array, wanted: 'initiating' | 'outcome'): string | null {
  const [kind = 0, , criticality = 0] = octets;
  if (octets.length < 4) return `is no message: ${octets.length} octet(s)`;
  if (kind % 0x20 !== 0 || kind > 0x40) return 'is no message of an application protocol';
  if ((kind === 0) !== (wanted === 'initiating')) return `is no ${wanted} message`;
  if (criticality % 0x40 !== 0 || criticality > 0x80) return 'has no criticality';
  const [first = 0, second = 0] = octets.subarray(3);
  const isLong = first >= 0x80;
  // Beyond 16 KiB there are fragments: what stands at their beginning is enough.
  if (first >= 0xc0) return null;
  const length = isLong ? ((first & 0x3f) << 8) | second : first;
  const rest = octets.length - (isLong ? 5 : 4);
  return length === rest ? null : `says it is ${length} octets long and is ${rest}`;
}
