import type { Command } from 'commander';

import { readEquipment } from '../../inventory/equipment.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { valueOf } from '../input.ts';
import { renderDocument, renderRows } from '../render.ts';

/** `patchbay equipment …`: products under test. */
export function registerEquipment(program: Command, cli: Cli): void {
  const equipment = program.command('equipment').description('products under test');
  equipment
    .command('submit')
    .description('submit equipment; a new revision when it differs from the newest one')
    .argument('<file...>', 'equipment: YAML or JSON')
    .option('--json', 'print the result as JSON')
    .action(async (files: readonly string[], options: JsonOption) => {
      const items = [];
      for (const file of files) items.push(valueOf(await readEquipment(file), file).equipment);
      const orchestrator = await cli.orchestrator();
      const submitted = [];
      for (const item of items) submitted.push(await orchestrator.submitEquipment(item));
      cli.print(options, submitted, (list) =>
        list.map(({ id, revision }) => `${id} revision ${revision}\n`).join(''),
      );
    });
  equipment
    .command('list')
    .description('list equipment')
    .option('--role <role>', 'only those of one role, such as near-rt-ric')
    .option('--organisation <name>', 'only those of one organisation')
    .option('--json', 'print the result as JSON')
    .action(async ({ json, ...query }: JsonOption & { role?: string; organisation?: string }) => {
      const items = await (await cli.orchestrator()).equipment(query);
      cli.print(json === undefined ? {} : { json }, items, (list) =>
        renderRows(
          ['equipment', 'role', 'interfaces', 'product'],
          list.map(({ id, role, interfaces, simulator, product }) => [
            id,
            role,
            simulator === undefined ? Object.keys(interfaces).join(' ') : `simulator ${simulator.name}`,
            product.name,
          ]),
        ),
      );
    });
  equipment
    .command('show')
    .description('show the newest revision of an item')
    .argument('<equipment>', 'organisation/name')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: JsonOption) => {
      cli.print(options, await (await cli.orchestrator()).equipmentItem(id), renderDocument);
    });
}
