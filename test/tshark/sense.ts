import { isObject, type ValueObject } from '../../runners/interfaces/per/values.ts';
import type { RandomValues } from '../../runners/interfaces/per/mutate/random-values.ts';

/** Messages of other protocols stand in components; the shortest of each is an ERROR INDICATION without elements. */
export const COMPONENT_MESSAGES = {
  e2nodeComponentInterfaceTypeNG: errorIndication(9),
  e2nodeComponentInterfaceTypeXn: errorIndication(21),
  e2nodeComponentInterfaceTypeE1: errorIndication(1),
  e2nodeComponentInterfaceTypeF1: errorIndication(2),
  // Of a procedure that no protocol has; see `KNOWN`.
  e2nodeComponentInterfaceTypeW1: errorIndication(255),
  e2nodeComponentInterfaceTypeS1: errorIndication(15),
  e2nodeComponentInterfaceTypeX2: errorIndication(3),
} as const satisfies Readonly<Record<string, Uint8Array>>;

/** In bits: IPv4, IPv6, and both one after the other (3GPP TS 38.414 clause 5.1). */
const ADDRESS_LENGTHS = [32, 128, 160];

function errorIndication(procedureCode: number): Uint8Array {
  return Uint8Array.of(0x00, procedureCode, 0x40, 3, 0, 0, 0);
}

/**
 * A random value of E2AP in which that has a meaning which the schema alone does not give one, and which a dissector looks into: what stands
 * in components is a message of their protocol, addresses have lengths that addresses have, and random octets look like no service model.
 */
export function withSense(value: unknown, random: RandomValues): unknown {
  if (Array.isArray(value)) return value.map((each) => withSense(each, random));
  if (!isObject(value)) return value;
  const { e2nodeComponentID: component, tnlAddress, ranFunctionDefinition: definition } = value;
  const sensible: ValueObject = {
    ...value,
    ...('e2nodeComponentConfiguration' in value ? configurationOf(component) : {}),
    ...(tnlAddress === undefined ? {} : { tnlAddress: anAddress(random) }),
    ...(definition instanceof Uint8Array ? { ranFunctionDefinition: noJson(definition) } : {}),
  };
  return Object.fromEntries(Object.entries(sensible).map(([name, each]) => [name, withSense(each, random)]));
}

function configurationOf(component: unknown): ValueObject {
  const [kind = ''] = isObject(component) ? Object.keys(component) : [];
  const messages: Readonly<Record<string, Uint8Array>> = COMPONENT_MESSAGES;
  const message = messages[kind] ?? new Uint8Array();
  const parts = { e2nodeComponentRequestPart: message, e2nodeComponentResponsePart: message };
  return { e2nodeComponentConfiguration: parts };
}

/** JSON is the service model CCC. */
function noJson(octets: Uint8Array): Uint8Array {
  return octets.map((octet) => (octet === 0x7b ? 0 : octet));
}

function anAddress(random: RandomValues): ValueObject {
  const length = ADDRESS_LENGTHS[random.below(ADDRESS_LENGTHS.length)] ?? 32;
  return { bits: random.octets(length / 8), length };
}

/** A random value of a service model as tshark can read it; what it cannot is told in `KNOWN`. */
export function readable(value: unknown, { without }: { readonly without: readonly string[] }): unknown {
  if (value === '') return 'x';
  if (Array.isArray(value)) return value.map((each) => readable(each, { without }));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !without.includes(name));
  return Object.fromEntries(kept.map(([name, each]) => [name, readable(each, { without })]));
}

/** Whether a member of that name stands anywhere in the value. */
export function has(value: unknown, name: string): boolean {
  if (Array.isArray(value)) return value.some((each) => has(each, name));
  return isObject(value) && (name in value || Object.values(value).some((each) => has(each, name)));
}
