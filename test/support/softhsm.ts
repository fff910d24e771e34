import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TokenKey } from '../../src/attest/sign/token-key.ts';
import { runToEnd } from './scratch.ts';

export const SOFTHSM_MODULE = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
].find((path) => existsSync(path));

export const hasSoftHsm =
  SOFTHSM_MODULE !== undefined &&
  spawnSync('softhsm2-util', ['--version']).status === 0 &&
  spawnSync('openssl', ['version']).status === 0;

export interface SoftHsm extends AsyncDisposable {
  readonly dir: string;
  /** Where the tokens are; without it, they are gone. */
  readonly tokens: string;
  /** A P-256 key `system` (id a1) and an Ed25519 key `signatory` (id a2) on token `lab`. */
  key(changes?: Partial<TokenKey>): TokenKey;
}

/** A token in a folder of its own. The module finds it by an environment variable, which is set until the end. */
export async function openSoftHsm(): Promise<SoftHsm> {
  const dir = await mkdtemp(join(tmpdir(), 'softhsm-'));
  const tokens = join(dir, 'tokens');
  const config = join(dir, 'softhsm2.conf');
  await mkdir(tokens);
  await writeFile(
    config,
    `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  );
  const pinFile = join(dir, 'pin');
  await writeFile(pinFile, '1234\n', { mode: 0o600 });
  const before = process.env['SOFTHSM2_CONF'];
  process.env['SOFTHSM2_CONF'] = config;
  await runToEnd('softhsm2-util', [
    '--init-token',
    '--free',
    ...'--label lab --pin 1234 --so-pin 5678'.split(' '),
  ]);
  await importKey(dir, ['system', 'a1'], ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256']);
  await importKey(dir, ['signatory', 'a2'], ['ed25519']);
  return {
    ...{ dir, tokens },
    key: (changes = {}) => ({
      module: SOFTHSM_MODULE ?? '',
      token: 'lab',
      label: 'system',
      pin: { file: pinFile },
      ...changes,
    }),
    [Symbol.asyncDispose]: async () => {
      if (before === undefined) delete process.env['SOFTHSM2_CONF'];
      else process.env['SOFTHSM2_CONF'] = before;
      await rm(dir, { recursive: true });
    },
  };
}

async function importKey(
  dir: string,
  [label, id]: readonly [string, string],
  kind: readonly string[],
): Promise<void> {
  const pem = join(dir, `${label}.pem`);
  await runToEnd('openssl', ['genpkey', '-algorithm', ...kind, '-out', pem]);
  const where = ['--token', 'lab', '--label', label, '--id', id, '--pin', '1234'];
  await runToEnd('softhsm2-util', ['--import', pem, ...where]);
  await rm(pem);
}
