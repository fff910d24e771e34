import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findUsrsctp } from '../../../runners/interfaces/sctp/usrsctp-library.ts';

// A short version of `npm run sctp:kernel`.

const root = fileURLToPath(new URL('../../..', import.meta.url));
const GUEST = join(root, 'scripts/with-kernel-sctp.mjs');
const INTEROP = join(root, 'scripts/kernel-sctp');
const MESSAGES = 40;
const missing = whatIsMissing();
const may = process.getuid?.() === 0 && existsSync('/dev/net/tun');

describe.skipIf(missing !== undefined)(
  `SCTP of Linux${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    it('is carried by the kernel transport, and in UDP understands our stacks in both roles', () => {
      const guest = [GUEST, '--timeout', '60', '--', process.execPath];
      const seen = run([process.execPath, ...guest, join(INTEROP, 'udp-interop.mjs')]);
      expect(seen).toEqual(
        ['127.0.0.1', '::1'].flatMap((host) => [
          { client: 'sctp:kernel', server: 'sctp:kernel', host, messages: MESSAGES },
          ...['sctp:ts-udp', 'sctp:usrsctp'].flatMap((ours) => [
            { client: ours, server: 'sctp:kernel', host, messages: MESSAGES },
            { client: 'sctp:kernel', server: ours, host, messages: MESSAGES },
          ]),
        ]),
      );
    });

    it.skipIf(!may)(
      `understands our stacks straight on IP, in both roles${may ? '' : ' (needs root)'}`,
      () => {
        const seen = run(['unshare', '--net', process.execPath, join(INTEROP, 'raw-interop.mjs')]);
        expect(seen).toHaveLength(8);
        const pairs = new Set(seen.map(({ client, server, messages }) => `${client} ${server} ${messages}`));
        expect(pairs).toEqual(
          new Set(
            ['sctp:ts-raw', 'sctp:usrsctp-raw'].flatMap((ours) => [
              `${ours} sctp:kernel ${MESSAGES}`,
              `sctp:kernel ${ours} ${MESSAGES}`,
            ]),
          ),
        );
      },
    );
  },
);

interface Meeting {
  readonly client: string;
  readonly server: string;
  readonly host: string;
  readonly messages: number;
}

function run([program = '', ...args]: readonly string[]): readonly Meeting[] {
  const { status, stdout, stderr } = spawnSync(program, [...args, String(MESSAGES)], {
    encoding: 'utf8',
    timeout: 50_000,
  });
  expect(status, stderr).toBe(0);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Meeting);
}

function whatIsMissing(): string | undefined {
  const { status, stderr } = spawnSync(process.execPath, [GUEST, '--check', 'x'], { encoding: 'utf8' });
  if (status !== 0) return stderr.trim();
  return findUsrsctp() === undefined ? 'libusrsctp2 is not installed' : undefined;
}
