import { Command } from 'commander';
import { makeCli } from '../../src/cli/cli.ts';
import { registerEquipment } from '../../src/cli/commands/equipment.ts';
import { registerTrace } from '../../src/cli/commands/trace.ts';

export interface CliRun {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** Runs a command that needs no orchestrator, in this process; what it throws is thrown. */
export async function runCli(...args: readonly string[]): Promise<CliRun> {
  let [stdout, stderr, code] = ['', '', 0];
  const cli = makeCli({
    io: {
      stdout: (text) => void (stdout += String(text)),
      stderr: (text) => void (stderr += text),
      isTty: false,
      signal: new AbortController().signal,
    },
    ...{ environment: {}, cwd: process.cwd(), columns: 80 },
    exit: (given) => void (code = given),
  });
  const program = new Command().exitOverride();
  for (const register of [registerEquipment, registerTrace]) register(program, cli);
  await program.parseAsync([...args], { from: 'user' });
  return { stdout, stderr, code };
}
