import type { Command } from 'commander';

import { eligibilityOf, renderEligibility } from '../../app/eligibility.ts';
import { verifyFiles } from '../../attest/verify/verify-files.ts';
import type { Cli, JsonOption } from '../cli.ts';

interface EligibilityOptions extends JsonOption {
  readonly trust: string;
  readonly disclosures?: string;
}

const REFUSED = 1;

/** `report eligibility FILE --trust DIR`: works off line, on verified files alone. Exit code 1 when the report is refused. */
export function registerEligibility(report: Command, cli: Cli): void {
  report
    .command('eligibility')
    .description('say which certificates and badges a report would do for, and why not; off line')
    .argument('<file>', 'the envelope: report.dsse.json')
    .requiredOption('--trust <dir>', 'folder of trusted keys: <lab>/keys.json and <lab>/<keyid>.pem')
    .option('--disclosures <file>', 'what is not opened stays undecided')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, { trust, disclosures, ...json }: EligibilityOptions) => {
      const files = { file, trust, disclosures: disclosures === undefined ? [] : [disclosures] };
      const verification = await verifyFiles(files, { now: Date.now(), signal: cli.io.signal });
      const result = eligibilityOf(verification);
      cli.print(json, result, renderEligibility);
      if (result.status === 'refused') cli.exit(REFUSED);
    });
}
