import { E2Peer, type E2PeerOptions } from '../../../runners/interfaces/e2/peer.ts';
import { openEndpoint } from '../../../runners/interfaces/sctp/endpoint.ts';
import { makePipe, PIPE_HOSTS } from '../../../runners/interfaces/sctp/pipe.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { virtualTimers } from '../sctp/virtual-timers.ts';

type PeerOptions = Omit<E2PeerOptions, 'association'>;

/** An association in this process: the client has connected, the server was listening. */
export async function anAssociation() {
  await using undo = new Teardown();
  const timers = virtualTimers();
  const [near, far] = makePipe({ timers });
  const connecting = undo.use(openEndpoint({ carrier: near, timers }));
  const listening = undo.use(openEndpoint({ carrier: far, timers }));
  const listener = undo.use(await listening.listen({ port: 36_421 }));
  const accepted = listener.associations[Symbol.asyncIterator]().next();
  const to = { host: PIPE_HOSTS[1], port: 36_421 };
  const client = await connecting.connect(to, { signal: AbortSignal.timeout(5_000) });
  const { value: server } = (await accepted) as { value: typeof client };
  const owner = undo.move();
  return { client, server, [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose]() };
}

/** Two peers on one association: the node connects, the RIC is listening. */
export async function twoPeers(options: { readonly node?: PeerOptions; readonly ric?: PeerOptions } = {}) {
  await using undo = new Teardown();
  const { client, server } = undo.use(await anAssociation());
  const node = undo.use(new E2Peer({ association: client, ...options.node }));
  const ric = undo.use(new E2Peer({ association: server, ...options.ric }));
  const owner = undo.move();
  return { node, ric, [Symbol.asyncDispose]: () => owner[Symbol.asyncDispose]() };
}

/** Long enough for what comes, and for what should come. */
export function soon(timeoutMs = 2_000) {
  return { signal: AbortSignal.timeout(10_000), timeoutMs };
}
