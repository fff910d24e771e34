import type { Command } from 'commander';

import { compileOnce } from '../../app/compile-once.ts';
import type { Cli, JsonOption } from '../cli.ts';

interface PreflightOptions extends JsonOption {
  readonly plan: string;
  readonly equipment: readonly string[];
  readonly out: string;
}

/** `patchbay preflight`: what a vendor runs before asking for a slot; the exit code speaks of the findings. */
export function registerPreflight(program: Command, cli: Cli): void {
  program
    .command('preflight')
    .description('run one plan on one product (or pairing) here and now; no server is needed')
    .requiredOption('--plan <id>', 'the plan: a1-producer, a1-producer@1 …')
    .requiredOption('--equipment <file...>', 'equipment: YAML or JSON; one for each subject of the plan')
    .requiredOption('--out <dir>', 'where the report goes')
    .option('--json', 'print the result as JSON')
    .action(async ({ json, ...options }: PreflightOptions) => {
      // Loaded when it is wanted: the other commands start in a tenth of the time without it.
      const { runPreflight } = await import('../../app/preflight.ts');
      compileOnce();
      cli.exit(await runPreflight({ ...options, json: json === true }, cli.io));
    });
}
