import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Command } from './dissect.ts';

const RELEASE = 'trixie';
const MIRROR = 'http://deb.debian.org/debian';
const PROGRAM = 'usr/bin/tshark';

/** In the cache of the user, beside the repository and not in it. */
export function defaultRoot(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'patchbay', `${RELEASE}-tshark`);
}

/** Why there is no tshark of its own here and none can be made; `undefined` when it can. */
export function whyMissing(root: string): string | undefined {
  if (process.getuid?.() !== 0) return 'it needs root (debootstrap, chroot)';
  if (existsSync(join(root, PROGRAM))) return undefined;
  return spawnSync('debootstrap', ['--version']).status === 0
    ? undefined
    : 'it needs debootstrap (Debian: debootstrap)';
}

/** tshark of the tree, which is made when it is not there: some minutes, 415 MB. @throws Error when that fails */
export async function tsharkIn(root: string): Promise<Command> {
  if (!existsSync(join(root, PROGRAM))) await makeTree(resolve(root));
  // As nobody, and with nothing of our environment.
  const clean = ['/usr/bin/env', '-i', 'PATH=/usr/bin:/bin', 'LC_ALL=C.UTF-8'];
  return ['chroot', '--userspec=65534:65534', resolve(root), ...clean, 'tshark'];
}

/** What breaks off leaves no tree that looks whole. */
async function makeTree(root: string): Promise<void> {
  const making = `${root}.making`;
  process.stderr.write(`golden:tshark: making ${root} (${RELEASE} with tshark, from ${mirror()})\n`);
  await rm(making, { recursive: true, force: true });
  await mkdir(dirname(root), { recursive: true });
  const args = ['--variant=minbase', '--include=tshark', RELEASE, making, mirror()];
  const child = spawn('debootstrap', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2_000)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`debootstrap ended with ${code}: ${said}`);
  await rename(making, root);
}

/** The one that apt uses for Debian itself. */
function mirror(): string {
  const format = '$(ORIGIN) $(LABEL) $(SITE)';
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  return /^Debian Debian (\S+)$/mu.exec(String(stdout))?.[1] ?? MIRROR;
}
