// In the guest: the SCTP of Linux with itself, and inside UDP with each of our stacks, as client and as server. Prints a line of JSON for
// each: `node scripts/with-kernel-sctp.mjs -- node scripts/kernel-sctp/udp-interop.mjs [MESSAGES]`.
import { writeFileSync } from 'node:fs';
import { connect, echo, exchange, KERNEL_PORT, openSctp, SETTINGS } from './_exchange.mjs';

const count = Number(process.argv[2] ?? '200');
const [KERNEL_UDP, OUR_UDP] = [9_899, 9_900];
const kernel = { name: 'sctp:kernel', udpPort: KERNEL_UDP };
const ours = ['sctp:ts-udp', 'sctp:usrsctp'].map((name) => ({ name, udpPort: OUR_UDP }));
writeFileSync('/proc/sys/net/sctp/udp_port', String(KERNEL_UDP));

for (const host of ['127.0.0.1', '::1']) {
  await meet({ client: kernel, server: kernel, host });
  for (const end of ours) {
    await meet({ client: end, server: kernel, host });
    await meet({ client: kernel, server: end, host });
  }
}

async function meet({ client, server, host }) {
  const from = await openSctp(client, { host, udpPort: client.udpPort, settings: SETTINGS });
  const to = await openSctp(server, { host, udpPort: server.udpPort, settings: SETTINGS });
  const { associations } = await to.listen({ port: KERNEL_PORT });
  const remoteUdpPort = client === server ? {} : { remoteUdpPort: server.udpPort };
  const association = await connect(from, { host, port: KERNEL_PORT, ...remoteUdpPort });
  const { value: accepted } = await associations[Symbol.asyncIterator]().next();
  const [messages] = await Promise.all([exchange(association, count), echo(accepted)]);
  console.log(JSON.stringify({ client: client.name, server: server.name, host, messages }));
  await from[Symbol.asyncDispose]();
  await to[Symbol.asyncDispose]();
}
