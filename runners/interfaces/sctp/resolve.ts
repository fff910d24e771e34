import { lookup } from 'node:dns/promises';
import { SocketAddress } from 'node:net';
import { HarnessError } from '../../../src/kernel/errors.ts';

/** The address of `host` in the form in which sockets give it. `SCTP_UNREACHABLE` when it has none of that family. */
export async function resolveHost(host: string, family: 4 | 6): Promise<string> {
  try {
    const { address } = await lookup(host, { family });
    return new SocketAddress({ address, family: family === 6 ? 'ipv6' : 'ipv4' }).address;
  } catch (cause) {
    throw new HarnessError('SCTP_UNREACHABLE', `${host} has no IPv${family} address`, { cause });
  }
}
