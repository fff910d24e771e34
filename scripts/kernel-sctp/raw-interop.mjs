// Our transports straight on IP against the SCTP of Linux, each as client and as server, over a TAP interface to a guest. Prints a line of
// JSON for each. Needs root, and a network namespace of its own: `unshare --net node scripts/kernel-sctp/raw-interop.mjs [MESSAGES]`.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connect, echo, exchange, KERNEL_PORT, openSctp, OUR_PORT, SETTINGS } from './_exchange.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const count = Number(process.argv[2] ?? '200');
const TAP = 'pb-sctp';
const KERNEL = { 4: '10.78.0.2', 6: 'fd78::2' };
// A raw socket sees all packets to its address: so each has its own.
const OURS = [
  { name: 'sctp:ts-raw', 4: '10.78.0.1', 6: 'fd78::1' },
  { name: 'sctp:usrsctp-raw', 4: '10.78.0.3', 6: 'fd78::3' },
];

layCable();
const guest = boot();
const gone = once(guest, 'exit').then(() => {
  throw new Error('the guest has ended');
});
try {
  // Before it listens it refuses.
  await Promise.race([once(guest.stdout, 'data'), gone]);
  for (const family of [4, 6])
    for (const ours of OURS) await Promise.race([meet(ours.name, ours[family], KERNEL[family]), gone]);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
gone.catch(() => {});
const ended = once(guest, 'exit');
guest.kill('SIGTERM');
await ended;
process.exit();

async function meet(name, host, kernel) {
  const transport = await openSctp({ name }, { host, settings: SETTINGS });
  const { associations } = await transport.listen({ port: OUR_PORT });
  const out = await exchange(await connect(transport, { host: kernel, port: KERNEL_PORT }), count);
  console.log(JSON.stringify({ client: name, server: 'sctp:kernel', host: kernel, messages: out }));
  const { value: association } = await associations[Symbol.asyncIterator]().next();
  const back = await echo(association);
  console.log(JSON.stringify({ client: 'sctp:kernel', server: name, host, messages: back }));
  await transport[Symbol.asyncDispose]();
}

function layCable() {
  const ip = (line) => execFileSync('ip', line.split(' '));
  ip(`tuntap add dev ${TAP} mode tap`);
  for (const { 4: v4, 6: v6 } of OURS) {
    ip(`addr add ${v4}/24 dev ${TAP}`);
    ip(`addr add ${v6}/64 dev ${TAP} nodad`);
  }
  ip(`link set ${TAP} up`);
}

function boot() {
  const addresses = `${KERNEL[4]}/24+${KERNEL[6]}/64`;
  return spawn(
    process.execPath,
    [
      ...[here('../with-kernel-sctp.mjs'), '--tap', `${TAP},${addresses}`, '--'],
      ...[process.execPath, here('_guest-peer.mjs'), String(count), KERNEL[4], KERNEL[6]],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
}
