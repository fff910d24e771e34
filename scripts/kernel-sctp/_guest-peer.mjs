// In the guest: the kernel gives back what it is sent, and then calls back whoever has called.
import { connect, echo, exchange, KERNEL_PORT, openSctp, OUR_PORT, SETTINGS } from './_exchange.mjs';

const [count, ...hosts] = process.argv.slice(2);
const listening = await Promise.all(hosts.map(listen));
console.log('ready');
await Promise.all(listening.map(serve));

async function listen(host) {
  const transport = await openSctp({ name: 'sctp:kernel' }, { host, settings: SETTINGS });
  return { transport, associations: (await transport.listen({ port: KERNEL_PORT })).associations };
}

async function serve({ transport, associations }) {
  for await (const association of associations) {
    await echo(association);
    const back = await connect(transport, { host: association.peer.host, port: OUR_PORT });
    await exchange(back, Number(count));
  }
}
