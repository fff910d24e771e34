import type { Command } from 'commander';
import { expect, it } from 'vitest';

import { makeCli } from '../../src/cli/cli.ts';
import { makeProgram } from '../../src/cli/program.ts';

it('the help of every command is the one in test/golden/files/cli-help.txt', async () => {
  const cli = makeCli({
    io: { stdout: () => {}, stderr: () => {}, isTty: false, signal: new AbortController().signal },
    environment: {},
    cwd: '/',
    columns: 80,
    exit: () => {},
  });
  await expect(helpOf(makeProgram(cli), '')).toMatchFileSnapshot('files/cli-help.txt');
});

function helpOf(command: Command, above: string): string {
  const name = `${above}${command.name()}`;
  const own = `===== ${name}\n\n${command.helpInformation()}`;
  return [own, ...command.commands.map((child) => helpOf(child, `${name} `))].join('\n');
}
