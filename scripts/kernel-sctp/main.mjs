// `npm run sctp:kernel`: everything that is tested against the SCTP of Linux itself, in a guest that has it. Arguments go to vitest.
// Needs a build (`npm run build`); what goes straight on IP needs root.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const MESSAGES = '2000';
const guest = [process.execPath, here('../with-kernel-sctp.mjs'), '--timeout', '1200', '--'];
const vitest = ['npx', 'vitest', 'run', '--project', 'guest', ...process.argv.slice(2)];

if (!passes([...guest.slice(0, 2), '--check', 'x'])) process.exit(2);
const all = [
  passes([...guest, 'env', 'PATCHBAY_SCTP_GUEST=yes', ...vitest]),
  passes([...guest, process.execPath, here('udp-interop.mjs'), MESSAGES]),
];
if (process.getuid() === 0)
  all.push(passes(['unshare', '--net', process.execPath, here('raw-interop.mjs'), MESSAGES]));
else console.error('straight on IP: not run, since it needs root');
process.exit(all.every((passed) => passed) ? 0 : 1);

function passes([program, ...args]) {
  return spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}
