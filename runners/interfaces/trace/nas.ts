import type { Json } from '../../../src/kernel/json.ts';
import { decodeNas } from '../nas/codec.ts';
import { decodeIdentity } from '../nas/identity.ts';
import { readProtected } from '../nas/protection.ts';
import type { AnyNasMessage } from '../nas/types.ts';
import type { TreeNode } from '../per/render.ts';

/** Payload container type: 5GSM. @see TS 24.501 clause 9.11.3.40 */
const SESSION_CONTAINER = 1;
/** Messages in messages: the protocol has no more than two in one. */
const DEEPEST = 3;
const UNREAD: TreeNode = { name: 'message', unread: true };

/**
 * A message of NAS as a tree; of one that is ciphered, what can be seen of it.
 *
 * @param said gets what is wrong, a sentence each
 */
export function nasTree(bytes: Uint8Array, said: string[], depth = 0): TreeNode | null {
  const head = readProtected(bytes);
  if (head === null) return plainTree(bytes, said, depth);
  const inside = decodeNas(head.contents);
  // With the null algorithm what is said to be ciphered can be read; else it would be chance.
  const isReadable = inside.message !== null && inside.faults.length === 0;
  return {
    name: 'NAS',
    label: head.protection,
    children: [
      { name: 'sequence', value: head.sequence },
      isReadable ? messageTree(inside.message, said, depth) : UNREAD,
    ],
  };
}

function plainTree(bytes: Uint8Array, said: string[], depth: number): TreeNode | null {
  const { message, faults } = decodeNas(bytes);
  said.push(...faults.map(({ message: text, offset }) => `NAS: ${text} (octet ${offset})`));
  return message === null ? null : messageTree(message, said, depth);
}

function messageTree(message: AnyNasMessage, said: string[], depth: number): TreeNode {
  const { session, unknown } = message;
  const ies: Readonly<Record<string, number | Uint8Array | undefined>> = message.ies;
  const about =
    session === null
      ? []
      : [
          { name: 'pduSessionId', value: session.pduSessionId },
          { name: 'transaction', value: session.transaction },
        ];
  const known = Object.entries(ies).flatMap(([name, value]) =>
    value === undefined ? [] : [elementTree(name, value, contentsOf(name, ies, { said, depth }))],
  );
  const rest = unknown.map(({ iei, value }) => ({
    ...elementTree(`element ${iei}`, value, null),
    unread: true as const,
  }));
  return { name: message.name, children: [...about, ...known, ...rest] };
}

function elementTree(name: string, value: number | Uint8Array, inside: TreeNode | null): TreeNode {
  if (typeof value === 'number') return { name, value };
  const shown = { name, value: Buffer.from(value).toString('hex'), octets: value.length };
  return inside === null ? shown : { ...shown, children: [inside] };
}

interface Around {
  readonly said: string[];
  readonly depth: number;
}

function contentsOf(
  name: string,
  ies: Readonly<Record<string, number | Uint8Array | undefined>>,
  { said, depth }: Around,
): TreeNode | null {
  const value = ies[name];
  if (!(value instanceof Uint8Array) || depth >= DEEPEST) return null;
  if (name === 'mobileIdentity' || name === 'guti' || name === 'sTmsi') return identityTree(value);
  const isSession = name === 'payloadContainer' && ies['payloadContainerType'] === SESSION_CONTAINER;
  if (name === 'nasMessageContainer') return hiddenTree(value, { said, depth: depth + 1 });
  return isSession ? nasTree(value, said, depth + 1) : null;
}

/** The whole of an initial message, ciphered as soon as there are keys. @see TS 24.501 clause 4.4.6 */
function hiddenTree(bytes: Uint8Array, { said, depth }: Around): TreeNode {
  const { message, faults } = decodeNas(bytes);
  return message === null || faults.length > 0 ? UNREAD : messageTree(message, said, depth);
}

function identityTree(value: Uint8Array): TreeNode | null {
  const identity = decodeIdentity(value);
  if (identity === null) return null;
  const { kind, ...parts } = identity;
  const children = Object.entries(parts).map(([name, part]) => ({ name, value: plain(part) }));
  return { name: kind, children };
}

function plain(part: unknown): Json {
  if (part instanceof Uint8Array) return Buffer.from(part).toString('hex');
  return typeof part === 'object' ? JSON.stringify(part) : (part as Json);
}
