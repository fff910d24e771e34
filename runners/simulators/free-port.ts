import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Taken in a moment by a process: whoever else takes it meanwhile makes its start fail, with the reason. */
export async function freeUdpPort(host: string): Promise<number> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}
