import type { Command } from 'commander';

import type { CompiledAsn1 } from '../../app/asn1.ts';
import type { Cli, JsonOption } from '../cli.ts';

interface CompileOptions extends JsonOption {
  readonly out?: string;
  readonly unaligned?: true;
}

/** `patchbay asn1 …`: message definitions that a user has. */
export function registerAsn1(program: Command, cli: Cli): void {
  const asn1 = program.command('asn1').description('message definitions in ASN.1');
  asn1
    .command('compile')
    .description('compile the modules of a folder to functions for packed encodings (X.691)')
    .argument('<dir>', 'folder with *.asn or *.asn1, everything that they import included')
    .option(
      '--out <file>',
      'the module to write (.js or .mjs, with its declarations); without it, check only',
    )
    .option('--unaligned', 'for the unaligned variant; without it, for the aligned one')
    .option('--json', 'print the result as JSON')
    .action(async (dir: string, { out, unaligned, ...json }: CompileOptions) => {
      const { compileAsn1 } = await import('../../app/asn1.ts');
      const variant = unaligned === true ? 'unaligned' : 'aligned';
      cli.print(json, await compileAsn1(dir, { variant, out: out ?? null }), renderCompiled);
    });
}

function renderCompiled({ files, types, tables, rows, written }: CompiledAsn1): string {
  const counts = `${files.length} files, ${types} types, ${tables} tables of ${rows} rows`;
  return `${counts}\n${written.map((file) => `${file}\n`).join('')}`;
}
