import { decodePdu, type DecodedPdu, PDU_TYPE } from './codec.ts';
import { schema } from './gen/e2ap-schema.js';
import type { PduEntry } from './journal.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import { type RenderOptions, renderTree, type TreeNode } from '../per/render.ts';

/** What an observation of kind `e2-pdu` holds: enough to judge it again from its octets alone. */
export interface ObservedPdu {
  /** Of the entry in the journal of its end. */
  readonly n: number;
  /** In ms on the clock of the journal. */
  readonly atMs: number;
  readonly direction: PduEntry['direction'];
  readonly ppid: number;
  readonly stream: number;
  readonly octets: number;
  /** All of them, unless there are more than `MAX_OBSERVED_OCTETS`. */
  readonly hex: string;
  readonly message: string | null;
  readonly relation: PduEntry['relation'];
  readonly answers: number | null;
  /** What its receiver had to make of it, and why; of what we sent, nothing. */
  readonly action?: string;
  readonly cause?: string;
  readonly findings?: readonly string[];
}

export const MAX_OBSERVED_OCTETS = 64 * 1024;

export function observePdu({ decoded, comprehension, bytes, ...entry }: PduEntry): ObservedPdu & JsonObject {
  const { n, atMs, direction, ppid, stream, relation, answers } = entry;
  const { action, cause, findings = [] } = comprehension ?? {};
  return {
    ...{ n, atMs, direction, ppid, stream, octets: bytes.length },
    hex: Buffer.from(bytes.subarray(0, MAX_OBSERVED_OCTETS)).toString('hex'),
    message: decoded.message?.name ?? null,
    ...{ relation, answers },
    ...(action === undefined ? {} : { action }),
    ...(cause === undefined || cause === null ? {} : { cause }),
    ...(findings.length === 0 ? {} : { findings: findings.map(({ text }) => text) }),
  };
}

/** The message of an observation, read again from its octets; `null` when that is no such observation. */
export function readObservedPdu(data: Json): DecodedPdu | null {
  if (!isJsonObject(data)) return null;
  const { hex } = data;
  if (typeof hex !== 'string' || !/^(?:[0-9a-f]{2})*$/u.test(hex)) return null;
  return decodePdu(new Uint8Array(Buffer.from(hex, 'hex')));
}

/** A message as a tree, for evidence and for people. */
export function pduTree({ pdu }: Pick<DecodedPdu, 'pdu'>, options: RenderOptions = {}): TreeNode {
  return renderTree({ schema, type: PDU_TYPE }, pdu, options);
}
