import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Summary } from '../../src/app/export.ts';
import { Teardown } from '../../src/kernel/teardown.ts';
import { scratchFolder, untilTrue } from '../support/scratch.ts';
import { startStranger } from '../support/stranger.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(root, 'dist/src/cli/main.js');
const OPENSSL = spawnSync('openssl', ['version']).status === 0;
const WITHIN_MS = 240_000;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let undo: Teardown;
let dir: string;

beforeAll(async () => {
  undo = new Teardown();
  dir = undo.use(await scratchFolder(existsSync('/dev/shm') ? '/dev/shm' : tmpdir())).path;
});

afterAll(async () => {
  await undo[Symbol.asyncDispose]();
});

/** The command line as a process of its own, in a temporary folder by which everything it starts is known. */
function cli(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], {
    cwd: dir,
    env: { ...process.env, TMPDIR: dir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

const run = (...args: readonly string[]): Promise<Ended> => ended(cli(args));

async function equipment(name: string, rest: string): Promise<string> {
  const file = join(dir, `${name}.yaml`);
  const head = `apiVersion: patchbay/v1\nkind: Equipment\nid: ${name}\norganisation: acme\nrole: near-rt-ric\nproduct: {name: A product}\n`;
  await writeFile(file, head + rest);
  return file;
}

const at = (url: string): string =>
  `interfaces: {a1: {endpoint: {url: '${url}', basePath: /A1-P/v2}}}\nics: {a1.policyTypes: [stranger_switch_2.0.0], a1.statusNotification: true}\nixit: {a1.prepare: manual, a1.notifiesOnCreate: true}\n`;

function preflight(file: string, out: string): Promise<Ended> {
  return run('preflight', '--plan', 'a1-producer', '--equipment', file, '--out', join(dir, out), '--json');
}

const summaryOf = ({ stdout }: Ended): Summary => JSON.parse(stdout) as Summary;

/** A port on which somebody listens, who takes connections and does with them what is told; or on which nobody does. */
async function listener(connected: Parameters<typeof createServer>[1]): Promise<number> {
  const server: Server = createServer(connected);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.defer(async () => {
    server.close();
    await Promise.resolve();
  });
  return (server.address() as AddressInfo).port;
}

describe('patchbay preflight', () => {
  let right: Ended;
  let secondRight: Ended;

  beforeAll(async () => {
    const stranger = undo.use(await startStranger('node', { dir }));
    const file = await equipment('acme-stranger', at(`http://127.0.0.1:${stranger.port}`));
    const simulated = await equipment('simulated', 'simulator: {name: near-rt-ric}\n');
    [right, secondRight] = await Promise.all([preflight(file, 'right'), preflight(simulated, 'second')]);
  }, WITHIN_MS);

  it('ends with 0 when everything passes, two of them at once', () => {
    expect(right).toMatchObject({ code: 0 });
    expect(secondRight).toMatchObject({ code: 0 });
    expect(summaryOf(right).verdicts).toMatchObject({ pass: 8, fail: 0, inconc: 0, error: 0, blocked: 0 });
    expect(summaryOf(secondRight).runs).toMatchObject([{ sut: 'acme/simulated', failed: [], reasons: [] }]);
  });

  it('prints what it leaves in summary.json, with what a program needs of it', async () => {
    expect(await readFile(join(dir, 'right/summary.json'), 'utf8')).toBe(right.stdout);
    expect(summaryOf(right)).toMatchObject({
      campaignId: 'pre-flight/a1-producer',
      expected: true,
      reports: ['reports/acme.acme-stranger/report.dsse.json'],
      storeBackend: 'pglite',
      queueBackend: 'store',
      durationMs: expect.any(Number) as number,
      runs: [{ sut: 'acme/acme-stranger', plan: 'a1-producer@1.0.0', state: 'final', verdict: 'pass' }],
    });
  });

  it('leaves a bundle, the public keys and the evidence, and nothing that is secret', async () => {
    const files = (await readdir(join(dir, 'right'), { recursive: true })).sort();
    for (const name of ['report.dsse.json', 'report.html', 'junit.xml'])
      expect(files).toContain(join('reports/acme.acme-stranger', name));
    expect(files.filter((name) => /^trust\/pre-flight\/[0-9a-f]{64}\.pem$/u.test(name))).toHaveLength(2);
    expect(files).toContain('trust/pre-flight/keys.json');
    expect(files.some((name) => /^evidence\/sha256\/([0-9a-f]{2})\/\1[0-9a-f]{62}$/u.test(name))).toBe(true);
    const pems = files.filter((name) => name.endsWith('.pem'));
    for (const name of pems)
      expect(await readFile(join(dir, 'right', name), 'utf8')).toMatch(/^-----BEGIN PUBLIC KEY-----/u);
  });

  it.skipIf(!OPENSSL)('leaves a report that openssl and a shell verify (needs openssl)', async () => {
    const { code, stdout } = await verifyWithShell(await envelope());
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ _type: 'https://in-toto.io/Statement/v1' });
  });

  it('leaves a report that patchbay verifies', async () => {
    const { code, stdout } = await verifyWithPatchbay(await envelope());
    expect({ code, ...(JSON.parse(stdout) as object) }).toMatchObject({ code: 0 });
  });

  it.each(['payload', 'payloadType', 'signature'] as const)(
    'leaves a report that both refuse when one byte of its %s changes',
    async (part) => {
      const broken = changed(await envelope(), part);
      if (OPENSSL) expect((await verifyWithShell(broken)).code).toBe(1);
      const { code, stdout } = await verifyWithPatchbay(broken);
      expect(code).toBe(1);
      expect(stdout).toMatch(/"code": ?"[A-Z_]+"/u);
    },
  );

  interface Envelope {
    payload: string;
    payloadType: string;
    signatures: { sig: string }[];
  }

  async function envelope(): Promise<Envelope> {
    const text = await readFile(join(dir, 'right/reports/acme.acme-stranger/report.dsse.json'), 'utf8');
    return JSON.parse(text) as Envelope;
  }

  function changed(given: Envelope, part: 'payload' | 'payloadType' | 'signature'): Envelope {
    const flip = (text: string): string =>
      `${text.slice(0, 40)}${text[40] === 'A' ? 'B' : 'A'}${text.slice(41)}`;
    if (part === 'payload') return { ...given, payload: flip(given.payload) };
    if (part === 'payloadType') return { ...given, payloadType: given.payloadType.replace('json', 'jsoN') };
    return {
      ...given,
      signatures: given.signatures.map(({ sig, ...rest }) => ({ ...rest, sig: flip(sig) })),
    };
  }

  async function verifyWithPatchbay(given: Envelope): Promise<Ended> {
    const file = join(dir, 'to-verify.json');
    await writeFile(file, JSON.stringify(given));
    return run('verify', file, '--trust', join(dir, 'right/trust'), '--json');
  }

  async function verifyWithShell(given: Envelope): Promise<Ended> {
    const page = await readFile(join(root, 'docs/verify-with-openssl.md'), 'utf8');
    const script = /```sh\n(#!\/bin\/sh\n[\s\S]*?)```/u.exec(page)?.[1];
    if (script === undefined) throw new Error('the page has no script');
    await writeFile(join(dir, 'verify-report.sh'), script);
    await writeFile(join(dir, 'to-verify.json'), JSON.stringify(given));
    const trust = join(dir, 'right/trust/pre-flight');
    const keys = (await readdir(trust)).filter((name) => name.endsWith('.pem'));
    const paths = keys.map((name) => join(trust, name));
    return ended(spawn('sh', [join(dir, 'verify-report.sh'), join(dir, 'to-verify.json'), ...paths]));
  }
});

describe('patchbay preflight on a bad day', () => {
  let byName: Readonly<Record<string, Ended>>;

  beforeAll(async () => {
    const silent = await listener(() => {});
    const hangsUp = await listener((socket) => socket.destroy());
    const files = {
      wrong: await equipment('wrong', 'simulator: {name: near-rt-ric, defects: [missing-location]}\n'),
      gone: await equipment('gone', at('http://127.0.0.1:1')),
      silent: await equipment('silent', at(`http://127.0.0.1:${silent}`)),
      noTls: await equipment('no-tls', at(`https://127.0.0.1:${hangsUp}`)),
      hangsUp: await equipment('hangs-up', at(`http://127.0.0.1:${hangsUp}`)),
    };
    const runs = Object.entries(files).map(
      async ([name, file]) => [name, await preflight(file, name)] as const,
    );
    byName = Object.fromEntries(await Promise.all(runs));
  }, WITHIN_MS);

  const seen = (name: string): Ended & { summary: Summary } => {
    const one = byName[name]!;
    return { ...one, summary: summaryOf(one) };
  };

  it('ends with 1 when a clause fails, and names it', () => {
    const { code, summary } = seen('wrong');
    expect(code).toBe(1);
    expect(summary.runs.map(({ failed }) => failed)).toEqual([['A1-003/location']]);
  });

  it('is blocked, and ends with 3, when nobody listens: that says nothing about the product', () => {
    const { code, summary } = seen('gone');
    expect(code).toBe(3);
    expect(summary.verdicts).toMatchObject({ fail: 0, error: 0 });
    expect(summary.verdicts.blocked).toBeGreaterThanOrEqual(8);
    expect(summary.runs[0]?.reasons.join()).toContain('SUT_UNREACHABLE');
  });

  it('fails `answered` when connections are taken and nothing is answered', () => {
    const { code, summary } = seen('silent');
    expect(code).toBe(1);
    const failed = ['1', '2', '3', '4', '5', '6', '7', '8'].map((n) => `A1-00${n}/answered`);
    expect(summary.runs.map((one) => one.failed)).toEqual([failed]);
  });

  it('is blocked when TLS is asked for where there is none', () => {
    const { code, summary } = seen('noTls');
    expect(code).toBe(3);
    expect(summary.verdicts.fail).toBe(0);
    expect(summary.runs[0]?.reasons.join()).toContain('SUT_TLS_FAILED');
  });

  it('fails `answered` when the request is delivered and the connection closed', () => {
    const { code, summary } = seen('hangsUp');
    expect(code).toBe(1);
    expect(summary.runs[0]?.failed).toContain('A1-003/answered');
  });

  it('ends with 130 when it is interrupted, and leaves no process behind', async () => {
    const file = await equipment('slow', 'simulator: {name: near-rt-ric, defects: [silent]}\n');
    const child = cli([
      'preflight',
      '--plan',
      'a1-producer',
      '--equipment',
      file,
      '--out',
      join(dir, 'slow'),
    ]);
    const end = ended(child);
    await untilTrue(async () => (await processesWith(dir)).length > 1, 'a simulator was started', 90_000);
    child.kill('SIGINT');
    expect((await end).code).toBe(130);
    await untilTrue(async () => (await processesWith(dir)).length === 0, 'every process ended');
    expect((await readdir(dir)).filter((name) => name.startsWith('patchbay-preflight-'))).toEqual([]);
  });

  it('refuses a file with every problem in it, by line and column, and starts nothing', async () => {
    const file = join(dir, 'bad.yaml');
    await writeFile(
      file,
      'apiVersion: patchbay/v1\nkind: Equipment\nid: Bad Id\norganisation: acme\nrole: near-rt-rik\nproduct: {nam: x}\n',
    );
    const { code, stdout, stderr } = await preflight(file, 'bad');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/bad\.yaml:3:5: /u);
    expect(stderr).toMatch(/bad\.yaml:5:7: .*near-rt-ric/u);
    expect(stderr).toMatch(/bad\.yaml:6:11: .*name/u);
    expect(existsSync(join(dir, 'bad'))).toBe(false);
  });

  it.each([
    ['an unknown plan', ['--plan', 'a1-nobody', '--equipment', 'x.yaml', '--out', 'x']],
    ['no equipment', ['--plan', 'a1-producer', '--out', 'x']],
    ['a file that is not there', ['--plan', 'a1-producer', '--equipment', 'x.yaml', '--out', 'x']],
  ])('ends with 2 for %s', async (_, args) => {
    const { code, stdout, stderr } = await run('preflight', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });
});

/** Process ids of everything whose command line names the folder, or that works in it. */
async function processesWith(folder: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^[0-9]+$/u.test(name));
  const found = ids.map(async (id) => {
    const line = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
    return line.includes(folder) && !line.includes('producer.mjs') ? id : null;
  });
  return (await Promise.all(found)).filter((id) => id !== null);
}
