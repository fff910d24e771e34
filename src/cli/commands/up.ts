import type { Command } from 'commander';

import type { Cli } from '../cli.ts';

/** `patchbay up`: serves until it is interrupted. */
export function registerUp(program: Command, cli: Cli): void {
  program
    .command('up')
    .description('serve: HTTP API, ports for runners, and everything behind them')
    .action(async () => {
      // Loaded when it is wanted: the other commands start in a tenth of the time without it.
      const { serve } = await import('../../app/serve.ts');
      cli.exit(await serve(cli.config(), cli.io));
    });
}
