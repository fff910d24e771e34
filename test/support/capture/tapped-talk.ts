import { type Impairment, seeded } from '../../../runners/interfaces/sctp/impair.ts';
import type { SctpAssociation, SctpMessage } from '../../../runners/interfaces/sctp/types.ts';
import { tappedPair } from './tapped-pair.ts';

export interface TappedTalk {
  /** What was sent, by stream, in order; each message begins with its number. */
  readonly sent: ReadonlyMap<number, readonly string[]>;
  /** Captures made at either end. */
  readonly files: readonly [Uint8Array, Uint8Array];
}

/** Messages of many sizes on several streams through our own stack, over a network that does as it is told. */
export async function tappedTalk(impairment: Impairment, messages: number): Promise<TappedTalk> {
  const { client, server, finish } = await tappedPair({ impairment });
  void drain(server);
  const sent = await sendAll(client, messages);
  return { sent, files: await finish() };
}

/** Takes whatever an association brings until it ends. */
async function drain(association: SctpAssociation): Promise<void> {
  const taken: SctpMessage[] = [];
  for await (const message of association.messages) taken.push(message);
}

async function sendAll(association: SctpAssociation, count: number): Promise<Map<number, string[]>> {
  const random = seeded(count);
  const sent = new Map<number, string[]>();
  for (let index = 0; index < count; index += 1) {
    const stream = index % 4;
    const text = `${index} ${'x'.repeat(Math.floor(random() ** 4 * 5_000))}`;
    sent.set(stream, [...(sent.get(stream) ?? []), text]);
    await association.send(new TextEncoder().encode(text), { stream, ppid: 70 });
  }
  return sent;
}
