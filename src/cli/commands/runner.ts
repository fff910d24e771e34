import type { Command } from 'commander';

import type { Cli, JsonOption } from '../cli.ts';
import { parseCount } from '../input.ts';
import { renderRows } from '../render.ts';

interface EnrolOptions extends JsonOption {
  readonly orchestrator: string;
  readonly token: string;
  readonly state: string;
}

interface StartOptions {
  readonly state: string;
  readonly slots: string;
  readonly capability: readonly string[];
  readonly device?: string;
  readonly secrets?: string;
}

const STATE_DIR = '.patchbay-runner';

/** `patchbay runner …`: the process that owns exactly one testbed. */
export function registerRunner(program: Command, cli: Cli): void {
  const runner = program.command('runner').description('the process that owns exactly one testbed');
  runner
    .command('enrol')
    .description('make this machine the runner of the testbed that the token is for')
    .requiredOption('--orchestrator <host:port>', 'its port for enrolment')
    .requiredOption('--token <token>', 'from `patchbay testbed token`; can be used once')
    .option('--state <dir>', 'where the runner keeps its key, certificate and spool', STATE_DIR)
    .option('--json', 'print the result as JSON')
    .action(async ({ orchestrator: endpoint, token, state: stateDir, ...json }: EnrolOptions) => {
      const { enrolHere } = await import('../../app/testbed-runner.ts');
      const identity = await enrolHere({ endpoint, token, stateDir }, cli.io);
      cli.print(json, identity, ({ runner: id, testbed }) => `${id} is a runner of ${testbed}\n`);
    });
  runner
    .command('start')
    .description('dial in and execute runs until interrupted')
    .option('--state <dir>', 'the folder of `runner enrol`', STATE_DIR)
    .option('--slots <number>', 'runs at a time', '1')
    .option('--capability <name...>', 'what this testbed can do, such as a1 or tls-audit', [])
    .option('--device <name>', 'the network device that faces the equipment, for captures')
    .option('--secrets <dir>', 'the only folder that secrets of equipment are read from (else from none)')
    .action(async ({ state: stateDir, capability: capabilities, slots, device, secrets }: StartOptions) => {
      const { logLevel } = cli.config();
      const options = { stateDir, capabilities, logLevel, slots: parseCount(slots) };
      const { runHere } = await import('../../app/testbed-runner.ts');
      const given = {
        ...(device === undefined ? {} : { captureDevice: device }),
        ...(secrets === undefined ? {} : { secretsDir: secrets }),
      };
      cli.exit(await runHere({ ...options, ...given }, cli.io));
    });
  registerManaging(runner, cli);
}

function registerManaging(runner: Command, cli: Cli): void {
  runner
    .command('list')
    .description('list the runners of all testbeds')
    .option('--json', 'print the result as JSON')
    .action(async (options: JsonOption) => {
      const testbeds = await (await cli.orchestrator()).testbeds();
      const runners = testbeds.flatMap(({ id, runners: all }) => all.map((one) => ({ testbed: id, ...one })));
      cli.print(options, runners, (list) =>
        renderRows(
          ['runner', 'testbed', 'state', 'last seen'],
          list.map(({ id, testbed, attached, revokedAt, lastSeenAt }) => [
            id,
            testbed,
            revokedAt !== null ? 'revoked' : attached ? 'attached' : 'away',
            lastSeenAt ?? 'never',
          ]),
        ),
      );
    });
  runner
    .command('revoke')
    .description('refuse a runner and its certificates from now on')
    .argument('<testbed>', 'organisation/name')
    .argument('<runner>', 'its id')
    .option('--json', 'print the result as JSON')
    .action(async (testbed: string, id: string, options: JsonOption) => {
      await (await cli.orchestrator()).revokeRunner(testbed, id);
      cli.print(options, { id, revoked: true }, () => `${id} is revoked\n`);
    });
}
