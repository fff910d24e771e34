import { type Command, Option } from 'commander';

import { SCOPES } from '../../api/scopes.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { parseDuration } from '../input.ts';

const ROLES = ['vendor', 'lab', 'operator'] as const;

interface TokenOptions extends JsonOption {
  readonly organisation?: string;
  readonly scope: readonly string[];
  readonly valid?: string;
}

interface OrganisationOptions extends JsonOption {
  readonly name?: string;
  readonly role: readonly (typeof ROLES)[number][];
}

/** `patchbay token …` and `patchbay organisation …`: who may ask for what. */
export function registerAccess(program: Command, cli: Cli): void {
  program
    .command('token')
    .description('tokens for the HTTP API')
    .command('create')
    .description('make a token; shown only now')
    .option('--organisation <name>', 'whose it is; without it, of the lab')
    .addOption(new Option('--scope <scope...>', 'what it may do').choices(SCOPES).default(['read']))
    .option('--valid <time>', 'how long: 12h, 30d; without it, for ever')
    .option('--json', 'print the result as JSON')
    .action(async ({ organisation = cli.config().lab, scope, valid, ...json }: TokenOptions) => {
      const validForMs = valid === undefined ? null : parseDuration(valid);
      const token = await (await cli.orchestrator()).createToken({ organisation, scopes: scope, validForMs });
      cli.print(json, token, (made) => `${made.token}\n`);
    });
  program
    .command('organisation')
    .description('partners')
    .command('register')
    .description('register an organisation, or change it')
    .argument('<organisation>', 'its id')
    .option('--name <name>', 'how people call it')
    .addOption(new Option('--role <role...>', 'what it does').choices(ROLES).default(['vendor']))
    .option('--json', 'print the result as JSON')
    .action(async (id: string, { name = id, role, ...json }: OrganisationOptions) => {
      await (await cli.orchestrator()).registerOrganisation({ id, name, roles: [...role] });
      cli.print(json, { id }, () => `${id} is registered\n`);
    });
}
