// What `./patchbay test` runs: every check, beside them every test project, and one closing line. Checks use one processor
// and never wait; tests that start processes wait about half of their time.
// A check counts as one test. Arguments choose parts by name; without any, all of them run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const CHECKS = ['lint', 'types', 'format', 'walls', 'plans'];
// What waits most comes first, while there are checks to go beside it; what never waits comes last.
const PROJECTS = ['e2e', 'integration', 'fast'];
// Without a place for its longest file from the start, e2e would end with that file alone.
const WORKERS = { e2e: 3, integration: 2, fast: 2 };
const parts = process.argv.slice(2);
const foreign = parts.find((part) => ![...CHECKS, ...PROJECTS].includes(part));
if (foreign !== undefined) {
  console.error(`patchbay: no part is called ${foreign}; there are ${[...CHECKS, ...PROJECTS].join(', ')}`);
  process.exit(2);
}
const chosen = (name) => parts.length === 0 || parts.includes(name);

const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const skips = [];

const scratch = mkdtempSync(join(scratchRoot(), 'patchbay-test-'));
try {
  await Promise.all([
    oneAfterTheOther(CHECKS.filter(chosen), runCheck),
    oneAfterTheOther(PROJECTS.filter(chosen), runProject),
  ]);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

if (skips.length > 0) console.log(`\nSkipped, for the reason in the name:\n${skips.map(indent).join('\n')}`);
if (failures.length > 0) console.log(`\nFailed:\n${failures.map(indent).join('\n')}`);
const nothingRan = total.passed + total.failed === 0;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || nothingRan ? 1 : 0;

async function oneAfterTheOther(names, run) {
  for (const name of names) await run(name);
}

// Hundreds of small stores are made and thrown away: in memory where there is room, since nobody needs them after a crash.
function scratchRoot() {
  const memory = '/dev/shm';
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= 4 * 2 ** 30 ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}

async function runCheck(check) {
  const startedAt = Date.now();
  const child = spawn('npm', ['run', '--silent', check], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const words = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => words.push(bytes));
  const [status] = await once(child, 'close');
  console.log(`${status === 0 ? 'ok    ' : 'failed'} ${check} (${Date.now() - startedAt} ms)`);
  if (status === 0) total.passed += 1;
  else fail(check, Buffer.concat(words).toString('utf8'));
}

async function runProject(project) {
  const file = join(scratch, `${project}.json`);
  console.log(`\n${project}`);
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      `--project=${project}`,
      `--maxWorkers=${WORKERS[project]}`,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, TMPDIR: dirname(scratch) } },
  );
  const [status, signal] = await once(child, 'close');
  const failedBefore = total.failed;
  const results = readResults(file);
  if (results === null) fail(project, `vitest left no results (${signal ?? `exit ${status}`})`);
  else for (const result of results) count(project, result);
  if (results?.length === 0) fail(project, 'no test file was found');
  // Errors outside of any test, such as an unhandled rejection, show only in the exit code.
  if (status !== 0 && total.failed === failedBefore)
    fail(project, `vitest ended with ${signal ?? `exit ${status}`} although no test failed`);
}

function readResults(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).testResults;
  } catch {
    return null;
  }
}

function count(project, { name, status, assertionResults, message }) {
  const short = name.replace(root, '');
  if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed'))
    fail(short, message || 'the file could not be loaded');
  for (const test of assertionResults) {
    if (test.status === 'passed') total.passed += 1;
    else if (test.status === 'failed') fail(`${short}: ${test.fullName}`);
    else {
      total.skipped += 1;
      skips.push(`${project}: ${short}: ${test.fullName}`);
    }
  }
}

function fail(name, words = '') {
  total.failed += 1;
  failures.push(name);
  if (words.trim() !== '') console.log(words.trimEnd());
}

function indent(line) {
  return `  ${line}`;
}
