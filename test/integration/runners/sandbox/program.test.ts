import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { productRoot, startProgram } from '../../../../runners/sandbox/program.ts';
import { runTool } from '../../../../runners/sandbox/tool.ts';
import { isJsonObject, type Json } from '../../../../src/kernel/json.ts';
import { untilTrue } from '../../../support/scratch.ts';

const { signal } = new AbortController();
let dir: string;

beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'patchbay-program-')));
  await writeFile(join(dir, 'package.json'), '{"type":"module"}');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** The name under which `startProgram` finds this text as a module. */
async function program(text: string): Promise<string> {
  await writeFile(join(dir, 'main.js'), text);
  return relative(join(productRoot(), 'dist'), join(dir, 'main'));
}

const start = async (text: string, changes: { readyWithinMs?: number; maxLogBytes?: number } = {}) =>
  startProgram({ module: await program(text), args: ['a b', '$(id)'], cwd: dir, ...changes }, { signal });
const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const gone = async (pid: number): Promise<boolean> => {
  for (let tries = 0; tries < 100 && exists(pid); tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return !exists(pid);
};
const number = (ready: Json, name: string): number =>
  isJsonObject(ready) && typeof ready[name] === 'number' ? ready[name] : NaN;

const STAY = 'setInterval(() => {}, 1000);';

describe('a program', () => {
  it('is ready with its line of JSON, and gets its arguments and a minimal environment only', async () => {
    process.env['PATCHBAY_TEST_SECRET'] = 'swordfish';
    await using own = await start(
      `console.log(JSON.stringify({ args: process.argv.slice(2), env: Object.keys(process.env) })); ${STAY}`,
    );
    delete process.env['PATCHBAY_TEST_SECRET'];
    const { args, env } = own.ready as { args: string[]; env: string[] };
    expect(args).toEqual(['a b', '$(id)']);
    expect(env.filter((name) => !['PATH', 'NODE_ENV'].includes(name))).toEqual([]);
    expect(own.alive()).toBe(true);
  });

  it('ends with everything it started, even what ignores SIGTERM', async () => {
    const own = await start(`
      import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"]);
      process.on('SIGTERM', () => {});
      child.once('spawn', () => console.log(JSON.stringify({ child: child.pid })));
      ${STAY}`);
    const child = number(own.ready, 'child');
    expect(exists(child)).toBe(true);
    await own[Symbol.asyncDispose]();
    expect(own.alive()).toBe(false);
    expect(await own.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await gone(child)).toBe(true);
  });

  it('takes the rest of its group along when it dies by itself', async () => {
    const own = await start(`
      import { spawn } from 'node:child_process';
      const child = spawn('sleep', ['100'], { stdio: 'inherit' });
      child.once('spawn', () => { console.log(JSON.stringify({ child: child.pid })); setTimeout(() => process.exit(7), 50); });`);
    expect(await own.exited).toEqual({ code: 7, signal: null });
    expect(await gone(number(own.ready, 'child'))).toBe(true);
    await own[Symbol.asyncDispose]();
  });

  it('keeps a capped log with the end of what was printed', async () => {
    await using own = await start(
      `process.stdout.write('{}\\n');
       const chunk = Buffer.alloc(1 << 20, 'x');
       let left = 1024;
       const go = () => { while (left-- > 0) if (!process.stdout.write(chunk)) return process.stdout.once('drain', go);
         process.stderr.write('the end', () => setTimeout(() => process.exit(0), 100)); };
       go();`,
      { maxLogBytes: 4096 },
    );
    const before = process.memoryUsage().rss;
    await own.exited;
    expect(own.log().length).toBeLessThan(4300);
    expect(own.log()).toMatch(/^\[the first \d{10} bytes were dropped\]\nx/u);
    expect(own.log()).toContain('the end');
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
  });

  it.each([
    ['never gets ready', STAY, 'took over 300 ms'],
    ['ends too early', `console.error('no such certificate'); process.exit(3);`, 'no such certificate'],
    ['prints something else first', `console.log('hello'); ${STAY}`, 'not JSON'],
    [
      'prints one endless line',
      `setInterval(() => process.stdout.write('x'.repeat(65536)), 1);`,
      'longer than',
    ],
  ])('that %s is refused with SIMULATOR_FAILED', async (_, text, why) => {
    const refused = start(text, { readyWithinMs: why.includes('300') ? 300 : 10_000 });
    await expect(refused).rejects.toMatchObject({ code: 'SIMULATOR_FAILED' });
    await expect(refused).rejects.toThrow(why);
  });

  it('that is not built is refused', async () => {
    const spec = { module: 'runners/simulators/none/main', args: [], cwd: dir };
    await expect(startProgram(spec, { signal })).rejects.toMatchObject({ code: 'SIMULATOR_FAILED' });
  });

  it('is ended when its start is aborted, and the caller sees its own reason', async () => {
    const own = new AbortController();
    const pidFile = join(dir, 'pid');
    const module = await program(
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); ${STAY}`,
    );
    const starting = startProgram({ module, args: [], cwd: dir }, { signal: own.signal });
    const pidIn = async (): Promise<number> => Number(await readFile(pidFile, 'utf8'));
    const isRunning = untilTrue(async () => (await pidIn()) > 0, 'it says its number');
    void isRunning.finally(() => own.abort(new Error('mine')));
    await expect(starting).rejects.toThrow('mine');
    await isRunning;
    expect(await gone(await pidIn())).toBe(true);
  });

  it('notices that we were killed', async () => {
    const sources = (path: string): string => JSON.stringify(pathToFileURL(join(productRoot(), path)).href);
    const tsx = join(productRoot(), 'node_modules/tsx/dist/loader.mjs');
    const module = await program(
      `import { exitWithParent, announceReady } from ${sources('runners/sandbox/child.ts')};
       exitWithParent(); announceReady({}); ${STAY}`,
    );
    const spec = { module, args: [], cwd: dir, env: { NODE_OPTIONS: `--import=${tsx}` } };
    const outer = join(dir, 'outer.ts');
    await writeFile(
      outer,
      `import { startProgram } from ${sources('runners/sandbox/program.ts')};
       const own = await startProgram(${JSON.stringify(spec)}, new AbortController());
       console.log(own.pid); ${STAY}`,
    );
    const we = spawn(process.execPath, ['--import', tsx, outer], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(we.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(exists(pid)).toBe(true);
    we.kill('SIGKILL');
    expect(await gone(pid)).toBe(true);
  });
});

describe('a tool', () => {
  const options = { signal, timeoutMs: 10_000, maxOutputBytes: 1000 };

  it('gets its input and arguments as they are, and its exit code is a result', async () => {
    expect(await runTool('cat', ['-'], { ...options, input: 'abc' })).toMatchObject({
      code: 0,
      stdout: 'abc',
    });
    expect((await runTool('printf', ['%s', '$(id)'], options)).stdout).toBe('$(id)');
    expect((await runTool('false', [], options)).code).toBe(1);
  });

  it('is stopped when it prints too much, takes too long, or is aborted', async () => {
    const much = await runTool('cat', ['/dev/zero'], options);
    expect(much.truncated).toBe(true);
    expect(much.stdout.length).toBe(1000);
    await expect(runTool('sleep', ['60'], { ...options, timeoutMs: 50 })).rejects.toMatchObject({
      code: 'DEADLINE',
    });
    const own = new AbortController();
    const aborted = runTool('sleep', ['60'], { ...options, signal: own.signal });
    own.abort(new Error('mine'));
    await expect(aborted).rejects.toThrow('mine');
  });

  it('that is not there is refused with TOOL_MISSING', async () => {
    await expect(runTool('no-such-tool', [], options)).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  });
});
