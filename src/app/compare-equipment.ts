import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type CapturedMessage, MessageReader } from '../../runners/interfaces/capture/message-reader.ts';
import { E2AP_PPID } from '../../runners/interfaces/e2/codec.ts';
import { E2Listener } from '../../runners/interfaces/e2sm/e2-statements.ts';
import type { E2Statement } from '../domain/e2-statement.ts';
import type { Equipment } from '../domain/equipment.ts';
import { HarnessError } from '../kernel/errors.ts';
import { compareOnE2, type Incompatibility, type Side } from '../planning/compatibility/compare.ts';
import { withClaims } from '../plans/select-cases.ts';
import { SIMULATORS } from './catalogue.ts';

export type { Incompatibility } from '../planning/compatibility/compare.ts';

export interface Comparison {
  readonly ric: string;
  readonly node: string;
  /** How many messages of E2AP the capture had; `null` without one. */
  readonly messages: number | null;
  readonly findings: readonly Incompatibility[];
}

/**
 * What is known beforehand to stand between two products, by their documents and, where there is one, by a capture of both.
 * `WRONG_USE` where they are not a near-RT RIC and an E2 node, `NOT_FOUND`, `CAPTURE_INVALID`.
 */
export async function compareEquipment(
  pair: readonly [Equipment, Equipment],
  capture: string | null,
): Promise<Comparison> {
  const heard = capture === null ? null : await listenTo(capture);
  const side = (equipment: Equipment): Side => ({
    equipment: withClaims(equipment, SIMULATORS),
    captured: (equipment.role === 'near-rt-ric' ? heard?.ric : heard?.node) ?? [],
  });
  const findings = compareOnE2(side(pair[0]), side(pair[1]));
  if (findings === null) {
    const roles = pair.map(({ role }) => role).join(' and ');
    throw new HarnessError('WRONG_USE', `compared are a near-rt-ric and an E2 node; these are ${roles}`);
  }
  const [ric, node] = pair[0].role === 'near-rt-ric' ? pair : [pair[1], pair[0]];
  return { ric: ric.id, node: node.id, messages: heard?.messages ?? null, findings };
}

interface Heard {
  readonly ric: readonly E2Statement[];
  readonly node: readonly E2Statement[];
  readonly messages: number;
}

async function listenTo(file: string): Promise<Heard> {
  await stat(file).catch((cause: unknown) => {
    throw new HarnessError('NOT_FOUND', `${file} cannot be read`, { cause });
  });
  const listener = new E2Listener();
  let messages = 0;
  const hear = ({ bytes, ppid, n, association, from }: CapturedMessage): void => {
    // Some products send 0, so that only what is known to be something else is left out.
    if (ppid !== E2AP_PPID && ppid !== 0) return;
    messages += 1;
    const source = `message ${n} of the capture`;
    listener.hear({ bytes, source, association, inUdp: from.udpPort !== undefined });
  };
  const reader = new MessageReader({ onMessage: hear });
  for await (const piece of createReadStream(file)) reader.push(piece as Buffer);
  reader.end();
  return { ric: listener.ric, node: listener.node, messages };
}
