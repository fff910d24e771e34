import type { Command } from 'commander';

import type { Comparison } from '../../app/compare-equipment.ts';
import { readEquipment } from '../../inventory/equipment.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { valueOf } from '../input.ts';
import { renderDocument, renderRows } from '../render.ts';

const REFUSED = 1;

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
  registerWithdraw(equipment, cli);
  registerCompare(equipment, cli);
}

function registerWithdraw(equipment: Command, cli: Cli): void {
  equipment
    .command('withdraw')
    .description(
      'take a product away until it is submitted again: runs on it end, campaigns are planned again',
    )
    .argument('<equipment>', 'organisation/name')
    .option('--reason <text>', 'why', 'it is not there any more')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: JsonOption & { readonly reason: string }) => {
      await (await cli.orchestrator()).withdrawEquipment(id, options.reason);
      cli.print(options, { id, withdrawn: true }, () => `${id} is taken away\n`);
    });
}

function registerCompare(equipment: Command, cli: Cli): void {
  equipment
    .command('compare')
    .description(
      'what stands between a near-RT RIC and an E2 node, before they meet; exit code 1 when they cannot',
    )
    .argument('<file...>', 'the two items of equipment: YAML or JSON')
    .option('--capture <file>', 'messages of both (pcap, pcapng): what they show counts more than claims')
    .option('--json', 'print the result as JSON')
    .action(async (files: readonly string[], { capture, ...json }: JsonOption & { capture?: string }) => {
      const [first, second, more] = files;
      if (first === undefined || second === undefined || more !== undefined)
        throw new HarnessError('WRONG_USE', 'two files of equipment are compared');
      const read = async (file: string) => valueOf(await readEquipment(file), file).equipment;
      const { compareEquipment } = await import('../../app/compare-equipment.ts');
      const comparison = await compareEquipment([await read(first), await read(second)], capture ?? null);
      cli.print(json, comparison, renderComparison);
      if (comparison.findings.some(({ severity }) => severity === 'refuse')) cli.exit(REFUSED);
    });
}

function renderComparison({ ric, node, messages, findings }: Comparison): string {
  const heard = messages === null ? '' : `, ${messages} messages of E2AP captured`;
  const head = `${ric} and ${node}${heard}: `;
  if (findings.length === 0) return `${head}nothing stands between them, as far as is known\n`;
  const rows = findings.flatMap(({ severity, code, why, ...said }) => [
    [severity, code, why],
    ['', '', `RIC: ${said.ric}`],
    ['', '', `node: ${said.node}`],
  ]);
  return `${head}${findings.length} findings\n${renderRows(['', 'code', 'why, and what each side says'], rows)}`;
}
