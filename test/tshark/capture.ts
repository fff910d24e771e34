import { E2AP_PPID } from '../../runners/interfaces/e2/codec.ts';
import { tappedPair } from '../support/capture/tapped-pair.ts';
import type { Saying } from './saying.ts';

export const UDP_PORT = 9_899;

/** What was said, over an association of our own stack in UDP, one message after the other, as a capture. */
export async function captureOf(
  sayings: readonly Pick<Saying, 'by' | 'bytes'>[],
  ppid = E2AP_PPID,
): Promise<Uint8Array> {
  const { client, server, finish } = await tappedPair({ udpPorts: [UDP_PORT, UDP_PORT] });
  const arriving = {
    node: server.messages[Symbol.asyncIterator](),
    ric: client.messages[Symbol.asyncIterator](),
  };
  for (const { by, bytes } of sayings) {
    await (by === 'node' ? client : server).send(bytes, { ppid, stream: 0 });
    // Else two messages may share a packet, and tshark mixes up what it knows of them.
    await arriving[by].next();
  }
  const [file] = await finish();
  return file;
}
