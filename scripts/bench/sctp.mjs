// Messages and round trips a second of each SCTP transport of this machine, between two processes on loopback, beside what
// usrsctp's own `tsctp` does in the same run. Needs a build (`npm run build`).
import { fork, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

const OPTIONS = {
  bytes: { type: 'string', default: '120' },
  seconds: { type: 'string', default: '3' },
  transports: { type: 'string', default: 'sctp:ts-udp,sctp:ts-raw,sctp:usrsctp' },
};
const SIDE = new URL('_sctp-side.mjs', import.meta.url);
const TSCTP = '/usr/lib/usrsctp/tsctp';
const TSCTP_MESSAGES = '100000';

export async function run(argv) {
  const { values } = parseArgs({ args: argv, options: OPTIONS });
  const [bytes, seconds] = [Number(values.bytes), Number(values.seconds)];
  const figures = { bytes, seconds, tsctp: await tsctp(bytes) };
  for (const transport of values.transports.split(',')) {
    figures[transport] = await measure(transport, { bytes, seconds });
    console.error(transport, JSON.stringify(figures[transport]));
  }
  return figures;
}

async function measure(transport, sizes) {
  const options = { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] };
  const server = fork(SIDE, ['server', JSON.stringify({ transport, ...sizes })], options);
  const [ready] = await once(server, 'message');
  if (ready.unusable !== undefined) {
    server.disconnect();
    return `not measured: ${ready.unusable}`;
  }
  const client = fork(
    SIDE,
    ['client', JSON.stringify({ transport, ...sizes, udpPort: ready.udpPort })],
    options,
  );
  const [figures] = await once(client, 'message');
  client.disconnect();
  server.disconnect();
  await Promise.all([once(client, 'exit'), once(server, 'exit')]);
  return figures;
}

/** Both ends of usrsctp's own tool, in UDP on loopback. Debian's build writes a line for every call, which costs it some. */
async function tsctp(bytes) {
  if (!existsSync(TSCTP)) return 'not measured: libusrsctp-examples is not installed';
  const common = ['-l', String(bytes)];
  const server = spawn(TSCTP, ['-E', '19899', '-U', '19898', ...common], { stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const args = ['-E', '19898', '-U', '19899', ...common, '-n', TSCTP_MESSAGES, '-D', '127.0.0.1'];
  const { stdout } = spawnSync(TSCTP, args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'latin1',
    maxBuffer: 256 * 1024 * 1024,
    timeout: 60_000,
  });
  server.kill('SIGKILL');
  const [, messages, took] =
    /Sending of (\d+) messages of length \d+ took ([\d.]+) seconds/u.exec(stdout) ?? [];
  if (messages === undefined) return 'not measured: it did not come to an end';
  return { messagesPerSecond: Math.round(Number(messages) / Number(took)) };
}
