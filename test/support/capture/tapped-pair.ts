import { TapRecorder } from '../../../runners/interfaces/capture/tap-recorder.ts';
import type { Carrier } from '../../../runners/interfaces/sctp/carrier.ts';
import { openEndpoint } from '../../../runners/interfaces/sctp/endpoint.ts';
import { type Impairment, impair } from '../../../runners/interfaces/sctp/impair.ts';
import { makePipe, PIPE_HOSTS } from '../../../runners/interfaces/sctp/pipe.ts';
import { tapCarrier } from '../../../runners/interfaces/sctp/tap.ts';
import type { SctpAssociation } from '../../../runners/interfaces/sctp/types.ts';
import { virtualTimers } from '../sctp/virtual-timers.ts';

export interface TappedPair {
  readonly client: SctpAssociation;
  readonly server: SctpAssociation;
  /** Ends both ends; captures made at either of them. */
  readonly finish: () => Promise<readonly [Uint8Array, Uint8Array]>;
}

export interface TappedPairOptions {
  readonly impairment?: Impairment;
  /** Where the packets are to stand in UDP in the captures, between these ports; default: on IP itself. */
  readonly udpPorts?: readonly [number, number];
}

const ADDRESSES = ['192.0.2.1', '192.0.2.2'];
const SETTINGS = { rtoInitialMs: 60, rtoMinMs: 20, rtoMaxMs: 1_000, sackDelayMs: 20 };
const PORT = 36_421;

/** An association of our own stack in this process, over a network that does as it is told, with a capture at either end. */
export async function tappedPair({
  impairment = {},
  udpPorts = [0, 0],
}: TappedPairOptions = {}): Promise<TappedPair> {
  const timers = virtualTimers();
  const beganMs = Date.UTC(2026, 0, 1);
  const recorderFor = (name: string) =>
    new TapRecorder({ name, nowMs: () => beganMs + timers.now(), maxBytes: 64 * 1024 * 1024 });
  const recorders = [recorderFor(PIPE_HOSTS[0]), recorderFor(PIPE_HOSTS[1])] as const;
  const open = (carrier: Carrier, end: 0 | 1) =>
    openEndpoint({
      carrier: tapped(impair(carrier, timers, impairment), { end, recorder: recorders[end], udpPorts }),
      timers,
      settings: SETTINGS,
    });
  const [near, far] = makePipe({ timers });
  const [connecting, listening] = [open(near, 0), open(far, 1)];
  const listener = await listening.listen({ port: PORT });
  const accepted = listener.associations[Symbol.asyncIterator]().next();
  const to = { host: PIPE_HOSTS[1], port: PORT, localPort: 40_001 };
  const client = await connecting.connect(to, { signal: AbortSignal.timeout(10_000) });
  const server = await accepted;
  if (server.done === true) throw new Error('nobody came');
  const finish = async () => {
    await client.close();
    await listening[Symbol.asyncDispose]();
    await connecting[Symbol.asyncDispose]();
    return [recorders[0].file(), recorders[1].file()] as const;
  };
  return { client, server: server.value, finish };
}

function tapped(
  carrier: Carrier,
  {
    end,
    recorder,
    udpPorts,
  }: { end: 0 | 1; recorder: TapRecorder; udpPorts: NonNullable<TappedPairOptions['udpPorts']> },
): Carrier {
  const address = (host: string) => {
    const of = host === PIPE_HOSTS[0] ? 0 : 1;
    return { host: ADDRESSES[of] ?? host, port: udpPorts[of] };
  };
  return tapCarrier(carrier, { host: PIPE_HOSTS[end], port: 0 }, (packet, from, to) =>
    recorder.tap(packet, address(from.host), address(to.host)),
  );
}
