import { Command } from 'commander';

import type { Cli } from './cli.ts';
import { registerAccess } from './commands/access.ts';
import { registerAsn1 } from './commands/asn1.ts';
import { registerCampaign } from './commands/campaign.ts';
import { registerCosign } from './commands/cosign.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDoctor } from './commands/doctor.ts';
import { registerEquipment } from './commands/equipment.ts';
import { registerKeys } from './commands/keys.ts';
import { registerPlan } from './commands/plan.ts';
import { registerPreflight } from './commands/preflight.ts';
import { registerReport } from './commands/report.ts';
import { registerRunner } from './commands/runner.ts';
import { registerRun } from './commands/run.ts';
import { registerTestbed } from './commands/testbed.ts';
import { registerTrace } from './commands/trace.ts';
import { registerUp } from './commands/up.ts';
import { registerVerify } from './commands/verify.ts';
import { VERSION } from '../app/version.ts';

const EXIT_CODES = `
Exit codes, the first that applies: 130 interrupted, 2 wrong use, 1 any fail, 3 any error, blocked or notRun,
4 any inconc or none, or nothing judged, 0. demo: 0 as expected, else 1. verify: 0 accepted, 1 refused.

Also: patchbay test (at the front door) installs what the tests need and runs them.`;

/** Every command of the product. Mistakes in the use of one are thrown, not exited on. */
export function makeProgram(cli: Cli): Command {
  const program = new Command('patchbay')
    .description('Open RAN interoperability test orchestrator')
    .version(VERSION)
    .addHelpText('after', EXIT_CODES)
    .showHelpAfterError('(add --help to see how)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => cli.io.stdout(text),
      writeErr: (text) => cli.io.stderr(text),
      getOutHelpWidth: () => cli.columns,
      getErrHelpWidth: () => cli.columns,
      outputError: (text, write) => write(`patchbay: WRONG_USE: ${text.replace(/^error: /u, '')}`),
    });
  registerDemo(program, cli);
  registerPreflight(program, cli);
  registerVerify(program, cli);
  registerUp(program, cli);
  registerPlan(program);
  registerEquipment(program, cli);
  registerTestbed(program, cli);
  registerRunner(program, cli);
  registerCampaign(program, cli);
  registerRun(program, cli);
  registerReport(program, cli);
  registerCosign(program, cli);
  registerKeys(program, cli);
  registerAccess(program, cli);
  registerAsn1(program, cli);
  registerTrace(program, cli);
  registerDoctor(program, cli);
  return program;
}
