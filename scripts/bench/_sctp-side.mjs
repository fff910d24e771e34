// One end of the bench: `server` takes messages and echoes those on stream 1; `client` measures.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const built = (name) => import(new URL(`../../dist/runners/interfaces/sctp/${name}.js`, import.meta.url));
const [role, json] = process.argv.slice(2);
const { transport, bytes, seconds, udpPort } = JSON.parse(json);
const { openSctp } = await built('open-sctp');
const PORT = 36_421;
const [FLOW, ECHO] = [0, 1];
const isRaw = transport.endsWith('-raw');
const SERVER_HOST = isRaw ? '127.0.0.3' : '127.0.0.1';
process.on('disconnect', () => process.exit(0));
await (role === 'server' ? serve() : measure());

async function serve() {
  try {
    const port = await freeUdpPort();
    const end = await openSctp({ name: transport }, { host: SERVER_HOST, udpPort: port });
    const { associations } = await end.listen({ port: PORT });
    process.send({ udpPort: port });
    for await (const association of associations) void answer(association);
  } catch (error) {
    process.send({ unusable: `${error.code}: ${error.message}` });
  }
}

async function answer(association) {
  let count = 0;
  for await (const { bytes: got, stream, ppid } of association.messages) {
    if (stream === ECHO && ppid === 1) await association.send(got, { stream });
    else if (ppid === 2) await association.send(Buffer.from(String(count)), { stream: FLOW });
    else count += 1;
  }
}

async function measure() {
  const host = isRaw ? '127.0.0.2' : '127.0.0.1';
  const end = await openSctp({ name: transport }, { host });
  // The kernel is in UDP only when it is told to.
  const udp = transport === 'sctp:kernel' ? {} : { remoteUdpPort: udpPort };
  const to = { host: SERVER_HOST, port: PORT, ...udp };
  const association = await end.connect(to, { signal: AbortSignal.timeout(20_000) });
  const messages = association.messages[Symbol.asyncIterator]();
  const payload = new Uint8Array(bytes);
  const roundTripsPerSecond = await roundTrips(association, messages, payload);
  const start = performance.now();
  let sent = 0;
  for (; performance.now() - start < seconds * 1_000; sent += 1)
    await association.send(payload, { stream: FLOW, ppid: 60 });
  // The count comes back behind everything else of that stream: what is counted has arrived.
  await association.send(payload, { stream: FLOW, ppid: 2 });
  const { value } = await messages.next();
  const took = (performance.now() - start) / 1_000;
  if (Number(Buffer.from(value.bytes).toString()) !== sent) throw new Error('messages were lost');
  process.send({ messagesPerSecond: Math.round(sent / took), roundTripsPerSecond });
}

async function roundTrips(association, messages, payload) {
  const start = performance.now();
  let count = 0;
  for (; performance.now() - start < seconds * 500; count += 1) {
    await association.send(payload, { stream: ECHO, ppid: 1 });
    await messages.next();
  }
  return Math.round((count * 1_000) / (performance.now() - start));
}

async function freeUdpPort() {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
