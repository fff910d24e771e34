// Runs one command on a Linux kernel that speaks SCTP, whatever the kernel of this host does: in User-mode Linux, an ordinary
// process that boots in two seconds and needs neither root nor virtualization. The command sees the file system of the host, read-only, and
// this repository, writable, in the same place; /tmp, /run and /dev/shm are its own, and so is its network. Its exit status is ours.
//
//   node scripts/with-kernel-sctp.mjs [--memory 1G] [--timeout SECONDS] [--tap INTERFACE,ADDRESS/LENGTH[+…]] -- COMMAND [ARGUMENT…]
//
// Programs run some ten times slower there, and nothing can be installed: call `node dist/src/cli/main.js`, not `./patchbay`.
// With --tap (needs root) the guest reaches a TAP interface of the host. Debian: user-mode-linux, kmod, iproute2. `--check` says why it
// cannot run here, and ends with 2 if so.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/u, '');
const INIT = join(root, 'scripts/kernel-sctp/guest-init.sh');
const KERNEL = '/usr/bin/linux.uml';
const NOT_RUN = 125;
const TIMED_OUT = 124;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    memory: { type: 'string', default: '1G' },
    timeout: { type: 'string', default: '600' },
    tap: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
});
const isWide = /\bamx_tile\b/u.test(readFileSync('/proc/cpuinfo', 'latin1'));
const missing = whatIsMissing();
if (missing !== undefined) stop(missing);
if (values.check) process.exit(0);
if (positionals.length === 0) stop('usage: with-kernel-sctp.mjs [--tap …] [--timeout SECONDS] -- COMMAND…');
const work = mkdtempSync(join(root, '.kernel-sctp-'));
try {
  process.exitCode = await run();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function run() {
  writeFileSync(join(work, 'command'), positionals.map(quoted).join(' '));
  const [tap, address = ''] = values.tap?.split(',') ?? [];
  const network = tap === undefined ? [] : [`vec0:transport=tap,ifname=${tap},depth=128,gro=1`];
  const guest = spawn(
    KERNEL,
    [
      ...[`mem=${values.memory}`, 'root=/dev/root', 'rootfstype=hostfs', 'rootflags=/', 'ro'],
      ...[
        'quiet',
        'loglevel=1',
        'con=null',
        'con0=null,fd:2',
        'con1=null,fd:4',
        'con2=null,fd:3',
        ...network,
      ],
      ...[`GUEST_SHARE=${root}`, `GUEST_WORK=${work}`, `GUEST_ADDRESS=${address}`, `init=${INIT}`],
    ],
    {
      env: { ...process.env, ...(isWide ? { LD_PRELOAD: compile() } : {}) },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    },
  );
  // Its own words matter only when it does not get as far as the command.
  const words = [];
  for (const stream of guest.stdio.slice(1, 3)) stream.on('data', (bytes) => words.push(bytes));
  guest.stdio[3].pipe(process.stderr, { end: false });
  guest.stdio[4].pipe(process.stdout, { end: false });
  const end = () => process.kill(-guest.pid, 'SIGKILL');
  const timer = setTimeout(() => (timedOut = true) && end(), Number(values.timeout) * 1_000);
  let timedOut = false;
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end);
  await once(guest, 'close');
  clearTimeout(timer);
  const status = join(work, 'status');
  if (existsSync(status)) return Number(readFileSync(status, 'utf8'));
  process.stderr.write(timedOut ? 'the guest took too long\n' : Buffer.concat(words));
  return timedOut ? TIMED_OUT : NOT_RUN;
}

/** For processors whose registers the guest does not know. */
function compile() {
  const library = join(work, 'wide-registers.so');
  const source = join(root, 'scripts/kernel-sctp/wide-registers.c');
  execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, source], { stdio: ['ignore', 'ignore', 2] });
  return library;
}

function whatIsMissing() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'it needs Linux on x86-64';
  if (!existsSync(KERNEL)) return 'User-mode Linux is not installed (Debian: user-mode-linux)';
  if (!existsSync('/sbin/modprobe')) return 'modprobe is not installed (Debian: kmod)';
  if (!existsSync('/bin/ip')) return 'ip is not installed (Debian: iproute2)';
  const hasCompiler = !isWide || spawnSync('cc', ['--version'], { stdio: 'ignore' }).status === 0;
  return hasCompiler
    ? undefined
    : 'on this processor (AMX) User-mode Linux needs a C compiler (Debian: gcc, libc6-dev)';
}

/** For the shell of the guest. */
function quoted(word) {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

function stop(why) {
  console.error(why);
  process.exit(2);
}
