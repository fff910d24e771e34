import { type Command, Option } from 'commander';

import { SCOPES } from '../../api/scopes.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { type Contact, ORGANISATION_ROLES, type OrganisationRole } from '../../domain/organisation.ts';
import { parseDuration } from '../input.ts';

interface TokenOptions extends JsonOption {
  readonly organisation?: string;
  readonly scope: readonly string[];
  readonly valid?: string;
}

interface OrganisationOptions extends JsonOption {
  readonly name?: string;
  readonly address?: string;
  readonly accreditation?: string;
  readonly contact?: readonly string[];
  readonly role: readonly OrganisationRole[];
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
    .addOption(new Option('--role <role...>', 'what it does').choices(ORGANISATION_ROLES).default(['vendor']))
    .option('--address <text>', 'where it is; reports print it')
    .option('--contact <person...>', 'whom to ask: "Name <mail address>"')
    .option('--accreditation <text>', 'what a lab is accredited for, by whom, under which number')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, { name = id, role, contact, ...rest }: OrganisationOptions) => {
      const { json, ...profile } = rest;
      await (
        await cli.orchestrator()
      ).registerOrganisation({
        ...{ id, name, roles: [...role], ...profile },
        ...(contact === undefined ? {} : { contacts: contact.map(parseContact) }),
      });
      cli.print(json === undefined ? {} : { json }, { id }, () => `${id} is registered\n`);
    });
}

/** `Name <mail address>`, or a name alone. */
function parseContact(text: string): Contact {
  const parts = /^(?<name>[^<>]+?) *<(?<email>[^<> ]+)>$/u.exec(text)?.groups;
  return parts?.['email'] === undefined
    ? { name: text }
    : { name: parts['name'] ?? '', email: parts['email'] };
}
