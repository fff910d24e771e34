import type { E2AP$GlobalE2node_ID } from './gen/e2ap.js';

export type GlobalNodeId = E2AP$GlobalE2node_ID;

/**
 * A short name that is the same for the same E2 node: kind, PLMN in hexadecimal, number, and the part of the node, such as
 * `gNB 00f110 1` or `gNB 00f110 1 DU 7`.
 */
export function nodeName(node: GlobalNodeId): string {
  const [kind = 'node', contents] = Object.entries(node)[0] ?? [];
  const parts: string[] = [];
  collect(contents, parts);
  return [kind, ...parts].join(' ');
}

const PART_NAMES: Readonly<Record<string, string>> = {
  'gNB-CU-UP-ID': 'CU-UP',
  'en-gNB-CU-UP-ID': 'CU-UP',
  'gNB-DU-ID': 'DU',
  'en-gNB-DU-ID': 'DU',
  'ngENB-DU-ID': 'DU',
};

function collect(value: unknown, parts: string[]): void {
  if (value instanceof Uint8Array) parts.push(Buffer.from(value).toString('hex'));
  else if (typeof value === 'number' || typeof value === 'bigint') parts.push(String(value));
  else if (isBits(value)) parts.push(numberIn(value));
  else if (typeof value === 'object' && value !== null)
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      const part = PART_NAMES[name];
      if (part !== undefined) parts.push(part);
      collect(member, parts);
    }
}

interface Bits {
  readonly bits: Uint8Array;
  readonly length: number;
}

function isBits(value: unknown): value is Bits {
  const { bits, length } = (value ?? {}) as Partial<Bits>;
  return bits instanceof Uint8Array && typeof length === 'number';
}

function numberIn({ bits, length }: Bits): string {
  const whole = BigInt(`0x0${Buffer.from(bits).toString('hex')}`);
  return (whole >> BigInt(bits.length * 8 - length)).toString();
}
