import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aProcedure, anEquipment, aSimulator } from '../../../support/a-procedure.ts';
import { endExecution, execute, outcomeOf } from '../../../support/an-execution.ts';
import { readSecret, type SecretPlace } from '../../../../runners/core/secrets.ts';

let dir: string;
let lab: SecretPlace;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patchbay-secrets-'));
  for (const name of ['secrets', 'secrets/acme', 'secrets-of-others', 'run', 'elsewhere'])
    await mkdir(join(dir, name));
  await writeFile(join(dir, 'secrets/acme/key'), 'swordfish\r\n');
  await writeFile(join(dir, 'secrets-of-others/key'), 'not for you');
  await writeFile(join(dir, 'elsewhere/lab.key'), 'not for you');
  lab = { folder: join(dir, 'secrets') };
});
afterEach(endExecution);
afterEach(() => rm(dir, { recursive: true, force: true }));

const read = (file: string, place: SecretPlace = lab): Promise<string> =>
  readSecret({ file }, { place, runDir: join(dir, 'run') });
const variable = (env: string, place: SecretPlace): Promise<string> =>
  readSecret({ env }, { place, runDir: join(dir, 'run') });

const REFUSED = { code: 'SECRET_REFUSED', fault: 'request' };
const INVALID = { code: 'INPUT_INVALID' };

describe('a secret in a file', () => {
  it('is read from inside the folder of the lab, whichever way it is named', async () => {
    expect(await read('acme/key')).toBe('swordfish');
    expect(await read('./acme/../acme/key')).toBe('swordfish');
    expect(await read(join(dir, 'secrets/acme/key'))).toBe('swordfish');
  });

  it('is read through links that stay inside, and when the folder itself is a link', async () => {
    await symlink('acme', join(dir, 'secrets/current'));
    await symlink(join(dir, 'secrets'), join(dir, 'link'));
    expect(await read('current/key')).toBe('swordfish');
    expect(await read('acme/key', { folder: join(dir, 'link') })).toBe('swordfish');
    expect(await read(join(dir, 'secrets/acme/key'), { folder: join(dir, 'link') })).toBe('swordfish');
  });

  it('is refused outside of it: by path, by .., by a neighbour with a longer name, by a link', async () => {
    await symlink(join(dir, 'elsewhere/lab.key'), join(dir, 'secrets/innocent'));
    await symlink(join(dir, 'elsewhere'), join(dir, 'secrets/folder'));
    for (const path of [
      join(dir, 'elsewhere/lab.key'),
      '../elsewhere/lab.key',
      'acme/../../elsewhere/lab.key',
      '../secrets-of-others/key',
      join(dir, 'secrets-of-others/key'),
      'innocent',
      'folder/lab.key',
      '/etc/passwd',
      '/proc/self/environ',
    ])
      await expect(read(path), path).rejects.toMatchObject(REFUSED);
  });

  it('tells nobody whether a file exists where they may not read', async () => {
    const there = await read(join(dir, 'elsewhere/lab.key')).catch((error: unknown) => String(error));
    const absent = await read(join(dir, 'elsewhere/lab.kex')).catch((error: unknown) => String(error));
    expect(absent.replace('lab.kex', 'lab.key')).toBe(there);
  });

  it('is refused everywhere when the lab gave no folder', async () => {
    await expect(read(join(dir, 'secrets/acme/key'), 'nowhere')).rejects.toMatchObject(REFUSED);
    await expect(read('/dev/null', 'nowhere')).rejects.toMatchObject(REFUSED);
  });

  it('is read from the scratch folder of its run, and of no other', async () => {
    await mkdir(join(dir, 'run/simulator-0'));
    await writeFile(join(dir, 'run/simulator-0/tester.key'), 'made here');
    for (const place of ['nowhere', lab] as const) {
      expect(await read(join(dir, 'run/simulator-0/tester.key'), place)).toBe('made here');
      await expect(read(join(dir, 'run/../elsewhere/lab.key'), place)).rejects.toMatchObject(REFUSED);
    }
  });

  it('may lie anywhere for who tests a product of their own', async () => {
    expect(await read(join(dir, 'elsewhere/lab.key'), 'anywhere')).toBe('not for you');
  });

  it('is one mistake in the request when it is missing, empty, no file or too large', async () => {
    await writeFile(join(dir, 'secrets/empty'), '\n');
    await writeFile(join(dir, 'secrets/big'), 'x'.repeat(65_537));
    await writeFile(join(dir, 'secrets/full'), 'x'.repeat(65_536));
    for (const path of ['none', 'acme', 'acme/key/deeper', 'empty', 'big'])
      await expect(read(path), path).rejects.toMatchObject(INVALID);
    expect(await read('full')).toHaveLength(65_536);
    await expect(read('/proc/none', 'anywhere')).rejects.toMatchObject(INVALID);
  });

  it('does not wait at a pipe that nobody writes to', async () => {
    execFileSync('mkfifo', [join(dir, 'secrets/pipe')]);
    await expect(read('pipe')).rejects.toMatchObject(INVALID);
  });
});

describe('a secret in a variable', () => {
  it('has the prefix in a lab, and any name for a product of your own', async () => {
    vi.stubEnv('PATCHBAY_SECRET_TOKEN', 'swordfish');
    vi.stubEnv('PATCHBAY_TOKEN', 'of the lab');
    expect(await variable('PATCHBAY_SECRET_TOKEN', 'nowhere')).toBe('swordfish');
    expect(await variable('PATCHBAY_TOKEN', 'anywhere')).toBe('of the lab');
    for (const name of ['PATCHBAY_TOKEN', 'PATH', 'patchbay_secret_token', 'XPATCHBAY_SECRET_TOKEN'])
      await expect(variable(name, lab), name).rejects.toMatchObject(REFUSED);
    await expect(variable('PATCHBAY_SECRET_NONE', lab)).rejects.toMatchObject(INVALID);
  });
});

describe('a run', () => {
  it('blocks the case whose secret is refused, in a lab that gave no folder', async () => {
    const asks = aProcedure(async (bench) => {
      await bench.secret({ file: '/etc/passwd' });
    });
    const outcome = await outcomeOf({ procedure: asks });
    expect(outcome).toMatchObject({ disposition: 'blocked', reason: { code: 'SECRET_REFUSED' } });
  });

  it('reads what a simulator left in the scratch folder of the run', async () => {
    const read: string[] = [];
    const reads = aProcedure(async (bench) => {
      read.push(await bench.secret({ file: bench.subjects[0]?.ixit['key'] as string }));
    });
    const plain = aSimulator('sim');
    const simulator = aSimulator('sim', {
      start: async (request, options) => {
        const key = join(request.dir, 'tester.key');
        await writeFile(key, 'made here');
        return { ...(await plain.start(request, options)), ixit: { key } };
      },
    });
    await execute({
      procedure: reads,
      assignment: { subjects: [anEquipment({ simulator: { name: 'sim', defects: [] } })] },
      deps: () => ({ simulators: new Map([['sim', simulator]]) }),
    });
    expect(read).toEqual(['made here']);
  });
});
