import type { Command } from 'commander';

import { compileOnce } from '../../app/compile-once.ts';
import type { Cli, JsonOption } from '../cli.ts';

/** `patchbay demo`: exit code 0 when every verdict is the expected one, else 1. */
export function registerDemo(program: Command, cli: Cli): void {
  program
    .command('demo')
    .description('two testbeds, three vendors, plug-and-play and security plans; leaves signed reports')
    .option('--out <dir>', 'where the reports go', 'demo-out')
    .option('--json', 'print the result as JSON')
    .action(async ({ out, json }: JsonOption & { readonly out: string }) => {
      // Loaded when it is wanted: the other commands start in a tenth of the time without it.
      const { runDemo } = await import('../../app/demo.ts');
      compileOnce();
      cli.exit(await runDemo({ out, json: json === true }, cli.io));
    });
}
