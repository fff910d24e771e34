import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderEnvelope } from '../../../src/attest/format/envelope.ts';
import { renderTrust } from '../../../src/attest/format/keys.ts';
import { aSignedReport } from '../../support/signed-report.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const ROOMS = ['src/attest/verify/', 'src/attest/format/', 'src/kernel/', 'src/domain/'];
const BUILTINS = ['crypto', 'fs', 'fs/promises', 'path', 'util'].map((name) => `node:${name}`);

let dir: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'stand-alone-'));
  // The rooms it may use and nothing else: no package, none of our other rooms.
  put('package.json', readFileSync(join(root, 'package.json')));
  for (const room of ROOMS) {
    for (const name of readdirSync(join(root, 'dist', room)).filter((one) => /\.(?:js|d\.ts)$/u.test(one)))
      put(join('dist', room, name), readFileSync(join(root, 'dist', room, name)));
  }
  const { envelope, keys } = await aSignedReport();
  put('report.dsse.json', renderEnvelope(envelope));
  const entries = keys.map(({ entry }) => entry);
  for (const [path, bytes] of renderTrust('lab-north', entries)) put(join('trust', path), bytes);
});
afterAll(() => rmSync(dir, { recursive: true }));

function put(path: string, bytes: Uint8Array | string): string {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), bytes);
  return join(dir, path);
}

function node(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [...args], { cwd: dir, encoding: 'utf8' });
}

const MAIN = 'dist/src/attest/verify/main.js';
const ASKED = ['report.dsse.json', '--trust', 'trust'];

describe('patchbay-verify, alone in a folder', () => {
  it('accepts a report and refuses a changed one, with exit codes of its own', () => {
    expect(node(MAIN, ...ASKED)).toMatchObject({ status: 0, stderr: '' });
    const text = readFileSync(join(dir, 'report.dsse.json'), 'utf8');
    put('changed.json', text.replace(/"sig": "./u, '"sig": "A'));
    const { status, stdout } = node(MAIN, 'changed.json', '--trust', 'trust', '--json');
    expect([status, JSON.parse(stdout)]).toMatchObject([1, { status: 'refused' }]);
  });

  it.each([
    ['no file', ['--trust', 'trust']],
    ['no trust', ['report.dsse.json']],
    ['an unknown option', [...ASKED, '--believe']],
    ['a file that is not there', ['nowhere.json', '--trust', 'trust']],
  ])('calls %s wrong use', (_, args) => {
    const { status, stdout, stderr } = node(MAIN, ...args);
    expect([status, stdout, stderr === '']).toEqual([2, '', false]);
  });

  it('loads its own rooms, files and digests, and nothing that could reach a network, a store or a process', () => {
    const hook =
      'import{writeSync}from"node:fs";export const load=(url,c,n)=>(writeSync(2,`${url}\\n`),n(url,c))';
    const register = `import{register}from"node:module";register("data:text/javascript,${encodeURIComponent(hook)}")`;
    const { status, stderr } = node(
      '--import',
      `data:text/javascript,${encodeURIComponent(register)}`,
      MAIN,
      ...ASKED,
    );
    const loaded = stderr.trim().split('\n');
    const place = new RegExp(`/dist/(?:${ROOMS.join('|')})[a-z0-9-]+\\.js$`, 'u');
    expect(status).toBe(0);
    expect(loaded.length).toBeGreaterThan(15);
    expect(loaded.filter((url) => !place.test(url) && !BUILTINS.includes(url))).toEqual([]);
  });

  it('is a library, too, with types', () => {
    const head = `import { verifyFiles } from 'patchbay/verify';
const signal = new AbortController().signal;
const seen = await verifyFiles({ file: 'report.dsse.json', trust: 'trust' }, { now: Date.now(), signal });\n`;
    put('use.mjs', `${head}console.log(seen.report.result);`);
    expect(node('use.mjs')).toMatchObject({ status: 0, stdout: 'FAIL\n', stderr: '' });
    const result = "console.log(seen.status === 'accepted' ? seen.report.result : seen.reasons[0].code);";
    put('use.ts', `${head}${result}\n// @ts-expect-error a refusal has no report\nconsole.log(seen.report);`);
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--skipLibCheck'];
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    expect(node(join(root, 'node_modules/typescript/bin/tsc'), ...options, ...types, 'use.ts')).toMatchObject(
      {
        status: 0,
      },
    );
  });
});
