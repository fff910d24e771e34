// Messages and round trips a second of each SCTP transport of this machine, between two processes on loopback, beside what
// usrsctp's own `tsctp` does in the same run. Needs a build (`npm run build`).
import { fork, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const OPTIONS = {
  bytes: { type: 'string', default: '120' },
  seconds: { type: 'string', default: '3' },
  transports: {
    type: 'string',
    default: 'sctp:kernel,sctp:ts-udp,sctp:ts-raw,sctp:usrsctp,sctp:usrsctp-raw',
  },
};
const SIDE = new URL('_sctp-side.mjs', import.meta.url);
const TSCTP = '/usr/lib/usrsctp/tsctp';
const TSCTP_MESSAGES = '100000';

export async function run(argv) {
  const { values } = parseArgs({ args: argv, options: OPTIONS });
  const [bytes, seconds] = [Number(values.bytes), Number(values.seconds)];
  const figures = { bytes, seconds, tsctp: await tsctp(bytes) };
  for (const transport of values.transports.split(',')) {
    figures[transport] = besideTsctp(await measure(transport, { bytes, seconds }), figures.tsctp);
    console.error(transport, JSON.stringify(figures[transport]));
  }
  return figures;
}

/** How many messages for one of the native tool, taken in the same run. */
function besideTsctp(figures, native) {
  if (figures.messagesPerSecond === undefined || native.messagesPerSecond === undefined) return figures;
  return { ...figures, toTsctp: Number((figures.messagesPerSecond / native.messagesPerSecond).toFixed(2)) };
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

/** Both ends of usrsctp's own tool, in UDP on loopback. Debian's build writes a line for every call, which costs it least where that goes to a file. */
async function tsctp(bytes) {
  if (!existsSync(TSCTP)) return 'not measured: libusrsctp-examples is not installed';
  const common = ['-l', String(bytes)];
  const server = spawn(TSCTP, ['-E', '19899', '-U', '19898', ...common], { stdio: 'ignore' });
  await new Promise((resolve) => setTimeout(resolve, 500));
  const args = ['-E', '19898', '-U', '19899', ...common, '-n', TSCTP_MESSAGES, '-D', '127.0.0.1'];
  const folder = mkdtempSync(join(tmpdir(), 'patchbay-tsctp-'));
  const file = join(folder, 'said');
  const said = openSync(file, 'w');
  spawnSync(TSCTP, args, { stdio: ['ignore', said, 'ignore'], timeout: 60_000 });
  closeSync(said);
  server.kill('SIGKILL');
  const [, messages, took] =
    /Sending of (\d+) messages of length \d+ took ([\d.]+) seconds/u.exec(readFileSync(file, 'latin1')) ?? [];
  rmSync(folder, { recursive: true });
  if (messages === undefined) return 'not measured: it did not come to an end';
  return { messagesPerSecond: Math.round(Number(messages) / Number(took)) };
}
