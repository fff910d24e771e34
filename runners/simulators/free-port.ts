import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { HarnessError } from '../../src/kernel/errors.ts';

/** Below what the system gives to whoever wants any port (32768 and more): until it is used, only who wants just that one takes it. */
const [FIRST, AFTER_LAST] = [10_000, 30_000];
const ATTEMPTS = 32;

/**
 * Taken in a moment by a process: whoever else takes it meanwhile makes its start fail, with the reason.
 * @throws HarnessError SCTP_PORT_TAKEN when none could be found
 */
export async function freeUdpPort(host: string): Promise<number> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const port = randomInt(FIRST, AFTER_LAST);
    if (await isFree(host, port)) return port;
  }
  throw new HarnessError('SCTP_PORT_TAKEN', `${host} has no UDP port that is free`);
}

async function isFree(host: string, port: number): Promise<boolean> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const listening = once(socket, 'listening');
  socket.bind(port, host);
  try {
    await listening;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    socket.close();
    return false;
  }
  socket.close();
  await once(socket, 'close');
  return true;
}
