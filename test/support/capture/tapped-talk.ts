import { TapRecorder } from '../../../runners/interfaces/capture/tap-recorder.ts';
import type { Carrier } from '../../../runners/interfaces/sctp/carrier.ts';
import { openEndpoint } from '../../../runners/interfaces/sctp/endpoint.ts';
import { type Impairment, impair, seeded } from '../../../runners/interfaces/sctp/impair.ts';
import { makePipe, PIPE_HOSTS } from '../../../runners/interfaces/sctp/pipe.ts';
import { tapCarrier } from '../../../runners/interfaces/sctp/tap.ts';
import type { SctpAssociation, SctpMessage } from '../../../runners/interfaces/sctp/types.ts';
import { virtualTimers } from '../sctp/virtual-timers.ts';

export interface TappedTalk {
  /** What was sent, by stream, in order; each message begins with its number. */
  readonly sent: ReadonlyMap<number, readonly string[]>;
  /** Captures made at either end. */
  readonly files: readonly [Uint8Array, Uint8Array];
}

const ADDRESSES: Readonly<Record<string, string>> = {
  [PIPE_HOSTS[0]]: '192.0.2.1',
  [PIPE_HOSTS[1]]: '192.0.2.2',
};
const SETTINGS = { rtoInitialMs: 60, rtoMinMs: 20, rtoMaxMs: 1_000, sackDelayMs: 20 };

/** Messages of many sizes on several streams through our own stack, over a network that does as it is told. */
export async function tappedTalk(impairment: Impairment, messages: number): Promise<TappedTalk> {
  const timers = virtualTimers();
  const beganMs = Date.UTC(2026, 0, 1);
  const recorders = PIPE_HOSTS.map(
    (name) => new TapRecorder({ name, nowMs: () => beganMs + timers.now(), maxBytes: 64 * 1024 * 1024 }),
  );
  const ends = makePipe({ timers }).map((carrier, index) =>
    openEndpoint({
      carrier: tapped(impair(carrier, timers, impairment), index, recorders[index]),
      timers,
      settings: SETTINGS,
    }),
  );
  const [client, server] = ends;
  if (client === undefined || server === undefined) throw new Error('a pipe has two ends');
  const listener = await server.listen({ port: 36_421 });
  const limit = { signal: AbortSignal.timeout(10_000) };
  const [association] = await Promise.all([
    client.connect({ host: PIPE_HOSTS[1], port: 36_421, localPort: 40_001 }, limit),
    drain(listener.associations),
  ]);
  const sent = await sendAll(association, messages);
  await association.close();
  await server[Symbol.asyncDispose]();
  await client[Symbol.asyncDispose]();
  const [a, b] = recorders.map((recorder) => recorder.file());
  return { sent, files: [a ?? new Uint8Array(), b ?? new Uint8Array()] };
}

function tapped(carrier: Carrier, index: number, recorder: TapRecorder | undefined): Carrier {
  const address = (host: string) => ({ host: ADDRESSES[host] ?? host, port: 0 });
  const own = { host: PIPE_HOSTS[index === 0 ? 0 : 1], port: 0 };
  return tapCarrier(carrier, own, (packet, from, to) =>
    recorder?.tap(packet, address(from.host), address(to.host)),
  );
}

/** Takes the first association, and whatever it brings until it ends. */
async function drain(associations: AsyncIterable<SctpAssociation>): Promise<void> {
  const taken: SctpMessage[] = [];
  for await (const association of associations) {
    void (async () => {
      for await (const message of association.messages) taken.push(message);
    })();
    return;
  }
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
