import type { Command } from 'commander';

import { eligibilityOf, renderEligibility } from '../../app/eligibility.ts';
import { MAX_ENVELOPE_BYTES } from '../../attest/format/envelope.ts';
import { readTrust } from '../../attest/verify/trust.ts';
import { verifyReport } from '../../attest/verify/verify.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { readAtMost } from '../read-at-most.ts';

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
      const most = MAX_ENVELOPE_BYTES + 1;
      const verification = verifyReport({
        envelopeBytes: await readAtMost(file, most),
        trust: await readTrust(trust),
        now: Date.now(),
        ...(disclosures === undefined ? {} : { disclosures: await readAtMost(disclosures, most) }),
      });
      const result = eligibilityOf(verification);
      cli.print(json, result, renderEligibility);
      if (result.status === 'refused') cli.exit(REFUSED);
    });
}
