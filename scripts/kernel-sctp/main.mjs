// `npm run sctp:kernel`: everything that is tested against the SCTP of Linux itself, in a guest that has it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const GUEST = fileURLToPath(new URL('../with-kernel-sctp.mjs', import.meta.url));
const VITEST = ['npx', 'vitest', 'run', '--project', 'guest', ...process.argv.slice(2)];

const { status } = spawnSync(
  process.execPath,
  [GUEST, '--timeout', '1200', '--', 'env', 'PATCHBAY_SCTP_GUEST=yes', ...VITEST],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
process.exit(status ?? 1);
