import { makeCli } from './cli.ts';
import { complain } from './complain.ts';
import { makeProgram } from './program.ts';
import { processEnvironment } from '../app/environment.ts';
import { EXIT } from '../domain/exit-code.ts';
import { HarnessError } from '../kernel/errors.ts';

const DEFAULT_COLUMNS = 80;

const stop = new AbortController();
let interrupted = false as boolean;

process.on('SIGINT', () => {
  // The second time, somebody means it.
  if (interrupted) process.exit(EXIT.interrupted);
  interrupted = true;
  stop.abort(new HarnessError('CANCELLED', 'interrupted'));
});
process.on('SIGTERM', () => stop.abort(new HarnessError('CANCELLED', 'terminated')));
// Whoever reads the results may have seen enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});

const environment = processEnvironment();
const cli = makeCli({
  io: {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    isTty: process.stderr.isTTY,
    signal: stop.signal,
  },
  environment,
  cwd: process.cwd(),
  columns: process.stdout.isTTY ? process.stdout.columns : DEFAULT_COLUMNS,
  exit: (code) => {
    process.exitCode = code;
  },
});

try {
  await makeProgram(cli).parseAsync();
  if (interrupted) process.exitCode = EXIT.interrupted;
} catch (thrown) {
  const debug = ['1', 'true'].includes(environment['PATCHBAY_DEBUG'] ?? '');
  const { code, text } = complain(thrown, { interrupted, debug });
  process.stderr.write(text);
  process.exitCode = code;
}
