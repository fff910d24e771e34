import type { Command } from 'commander';

import type { TestbedView } from '../../api/views.ts';
import { parseTestbed } from '../../inventory/testbed.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { parseDuration, readDocument } from '../input.ts';
import { renderDocument, renderRows } from '../render.ts';

/** `patchbay testbed …`: where runs happen. */
export function registerTestbed(program: Command, cli: Cli): void {
  const testbed = program.command('testbed').description('where runs happen');
  testbed
    .command('submit')
    .description('register a testbed, or change it')
    .argument('<file>', 'the testbed: YAML or JSON')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: JsonOption) => {
      const document = await readDocument(file, parseTestbed);
      await (await cli.orchestrator()).submitTestbed(document);
      cli.print(options, { id: document.id }, ({ id }) => `${id} is registered\n`);
    });
  testbed
    .command('list')
    .description('list testbeds with their slots and runners')
    .option('--json', 'print the result as JSON')
    .action(async (options: JsonOption) => {
      cli.print(options, await (await cli.orchestrator()).testbeds(), renderTestbeds);
    });
  testbed
    .command('show')
    .description('show a testbed')
    .argument('<testbed>', 'organisation/name')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: JsonOption) => {
      cli.print(options, await (await cli.orchestrator()).testbed(id), renderDocument);
    });
  registerModes(testbed, cli);
  registerSlots(testbed, cli);
  testbed
    .command('token')
    .description('make a one-time token with which a runner of this testbed enrols; shown only now')
    .argument('<testbed>', 'organisation/name')
    .option('--valid <time>', 'how long it can be used: 15m, 12h, 7d', '1h')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: JsonOption & { readonly valid: string }) => {
      const made = await (await cli.orchestrator()).createEnrolmentToken(id, parseDuration(options.valid));
      cli.print(options, made, ({ token }) => `${token}\n`);
    });
}

function registerModes(testbed: Command, cli: Cli): void {
  const modes = [
    { verb: 'drain', about: 'take no new runs', says: 'takes no new runs' },
    { verb: 'resume', about: 'take runs again', says: 'takes runs again' },
  ] as const;
  for (const { verb, about, says } of modes)
    testbed
      .command(verb)
      .description(about)
      .argument('<testbed>', 'organisation/name')
      .option('--json', 'print the result as JSON')
      .action(async (id: string, options: JsonOption) => {
        await (await cli.orchestrator()).setTestbedMode(id, verb);
        cli.print(options, { id, mode: verb === 'drain' ? 'draining' : 'open' }, () => `${id} ${says}\n`);
      });
}

function registerSlots(testbed: Command, cli: Cli): void {
  testbed
    .command('quarantine')
    .description('keep runs away from a slot until it is released')
    .argument('<testbed>', 'organisation/name')
    .argument('<slot>', 'its number, from 0')
    .requiredOption('--reason <text>', 'why')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, slot: string, options: JsonOption & { readonly reason: string }) => {
      await (await cli.orchestrator()).quarantineSlot(id, slot, options.reason);
      cli.print(options, { id, slot, state: 'quarantined' }, () => `slot ${slot} of ${id} is quarantined\n`);
    });
  testbed
    .command('release')
    .description('end the quarantine of a slot that has been cleaned up')
    .argument('<testbed>', 'organisation/name')
    .argument('<slot>', 'its number, from 0')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, slot: string, options: JsonOption) => {
      await (await cli.orchestrator()).releaseSlot(id, slot);
      cli.print(options, { id, slot, state: 'free' }, () => `slot ${slot} of ${id} is free\n`);
    });
}

function renderTestbeds(testbeds: readonly TestbedView[]): string {
  return renderRows(
    ['testbed', 'mode', 'slots', 'runners', 'capabilities'],
    testbeds.map(({ id, mode, slots, runners, capabilities }) => [
      id,
      mode,
      slots.map(({ state }) => state).join(' '),
      `${runners.filter(({ attached }) => attached).length} of ${runners.length} attached`,
      capabilities.join(' '),
    ]),
  );
}
