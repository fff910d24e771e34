import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const FRONT_DOOR = fileURLToPath(new URL('../../patchbay', import.meta.url));

/** Stands in for npm: notes what it was asked, and "builds" a main.js that tells what it was given. */
const NPM = `#!/bin/sh
echo "$*" >>npm-calls
sleep 0.3
case $1 in
  ci) mkdir -p node_modules ;;
  run) [ ! -e src/broken.ts ] || { echo 'broken.ts(1,1): no' ; exit 2; }
    mkdir -p dist/src/cli
    echo 'console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)]))' >dist/src/cli/main.js ;;
esac
`;

/** Stands in for apt-get: notes what it was asked, and has everything but tshark. */
const APT_GET = `#!/bin/sh
echo "$*" >>apt-calls
case "$*" in *tshark*) exit 100 ;; esac
`;

let dir = '';
let house = '';
let bin = '';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbay-door-'));
  house = join(dir, 'a house');
  bin = join(dir, 'bin');
  const files = {
    'package-lock.json': '{}',
    '.npmrc': '',
    'tsconfig.json': '{}',
    'tsconfig.build.json': '{}',
    'scripts/generate-proto.mjs': '',
    'scripts/generate-asn1.mjs': '',
    'scripts/copy-generated.mjs': '',
    'scripts/make-store-template.mjs': '',
    'src/a file.ts': '1',
    'runners/b.ts': '1',
    'proto/c.proto': '1',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(house, name)), { recursive: true });
    await writeFile(join(house, name), text);
  }
  await copyFile(FRONT_DOOR, join(house, 'patchbay'));
  await program('npm', NPM);
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function program(name: string, text: string): Promise<void> {
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, name), text);
  await chmod(join(bin, name), 0o755);
}

function start(
  args: readonly string[],
  { cwd = dir, door = join(house, 'patchbay'), path = PATH() } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(door, [...args], { cwd, env: { PATH: path } }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

const PATH = (): string => [bin, dirname(process.execPath), '/usr/bin', '/bin'].join(':');

async function npmCalls(): Promise<readonly string[]> {
  const text = await readFile(join(house, 'npm-calls'), 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

describe('./patchbay', () => {
  it('installs and builds at the first start, says nothing at the second, and hands over arguments as they are', async () => {
    const first = await start(['plan', 'a b', '', '*']);
    expect(first).toMatchObject({ code: 0, stdout: `${JSON.stringify([dir, 'plan', 'a b', '', '*'])}\n` });
    expect(first.stderr).toContain('installing packages');
    const second = await start(['plan']);
    expect(second).toEqual({ code: 0, stdout: `${JSON.stringify([dir, 'plan'])}\n`, stderr: '' });
    expect(await npmCalls()).toHaveLength(2);
  });

  it('works through a chain of symbolic links, from any folder', async () => {
    await symlink('a house/patchbay', join(dir, 'inner'));
    await symlink(join(dir, 'inner'), join(bin, 'patchbay'));
    const ended = await start(['x'], { cwd: '/', door: join(bin, 'patchbay') });
    expect(ended).toMatchObject({ code: 0, stdout: '["/","x"]\n' });
  });

  it('builds again when a source changed, installs again when the lock file changed', async () => {
    await start([]);
    await writeFile(join(house, 'src/a file.ts'), '2');
    await start([]);
    expect((await npmCalls()).map((call) => call.split(' ')[0])).toEqual(['ci', 'run', 'run']);
    await writeFile(join(house, 'package-lock.json'), '{ }');
    await start([]);
    expect((await npmCalls()).map((call) => call.split(' ')[0])).toEqual(['ci', 'run', 'run', 'ci', 'run']);
  });

  it('prepares the house once when it is started several times at once', async () => {
    const ended = await Promise.all([start(['1']), start(['2']), start(['3']), start(['4'])]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(await npmCalls()).toHaveLength(2);
  });

  it('takes over from a start that died', async () => {
    await mkdir(join(house, '.patchbay-setup'));
    // Above the largest process id there can be.
    await writeFile(join(house, '.patchbay-setup/pid'), '99999999\n');
    expect(await start(['x'])).toMatchObject({ code: 0 });
  });

  it('installs what its tests use before they run, gets over what is not to be had, and ends as they do', async () => {
    await program('apt-get', APT_GET);
    await program('id', '#!/bin/sh\necho 0\n');
    for (const name of [
      'sh',
      'cat',
      'cksum',
      'dirname',
      'env',
      'find',
      'mkdir',
      'rm',
      'sleep',
      'sort',
      'tr',
      'xargs',
      'node',
    ])
      await symlink(name === 'node' ? process.execPath : join('/usr/bin', name), join(bin, name));
    await writeFile(
      join(house, 'scripts/test.mjs'),
      'console.log("1 passed, 0 failed, 0 skipped"); process.exit(7);',
    );
    const ended = await start(['test'], { path: bin });
    expect(ended).toMatchObject({ code: 7, stdout: '1 passed, 0 failed, 0 skipped\n' });
    expect(ended.stderr).toContain('could not install tshark; the tests that need it are skipped by name');
    const calls = (await readFile(join(house, 'apt-calls'), 'utf8')).trimEnd().split('\n');
    expect(calls[0]).toMatch(/^install .* openssl redis-server .* tshark\b/u);
    expect(calls[1]).toMatch(/^update/u);
    expect(calls[2]).toBe(calls[0]);
    expect(calls.slice(3).map((call) => call.split(' ').at(-1))).toEqual(
      calls[0]?.split(' ').slice(-calls.length + 3),
    );
  });

  it('refuses a Node that is too old, in one sentence, before it does anything', async () => {
    await program('node', '#!/bin/sh\necho v20.18.1\n');
    const ended = await start(['demo']);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^patchbay: Node\.js 20\.19 or newer is needed, this is 20\.18\.1 .*\n$/u);
    expect(await npmCalls()).toEqual([]);
  });

  it('says so when the build fails, does not take it for built, and leaves no lock', async () => {
    await writeFile(join(house, 'src/broken.ts'), '');
    for (const calls of [2, 3]) {
      const ended = await start(['demo']);
      expect(ended).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toContain('the build failed');
      expect(await npmCalls()).toHaveLength(calls);
    }
    expect(await start(['test'])).toMatchObject({ code: 2, stdout: '0 passed, 1 failed, 0 skipped\n' });
  });
});
