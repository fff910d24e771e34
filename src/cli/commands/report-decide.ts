import { type Command, Option } from 'commander';

import type { AmendmentBody } from '../../api/report-body.ts';
import type { ReportView } from '../../api/views.ts';
import { type Finding, FINDINGS } from '../../domain/verdict.ts';
import { parseOpinions } from '../../inventory/opinions.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { readDocument } from '../input.ts';

interface AmendOptions extends JsonOption {
  readonly kind: AmendmentBody['kind'];
  readonly reason: string;
  readonly override?: readonly string[];
  readonly why?: string;
  readonly by?: string;
  readonly opinion?: string;
}

/** `report amend` and `report withdraw`: what people decide about a report. */
export function registerDecisions(report: Command, cli: Cli): void {
  report
    .command('amend')
    .description('issue the next revision of a report; what the machine found stays visible')
    .argument('<report>', 'its id; the latest of its series')
    .requiredOption('--reason <text>', 'what changes and why; everybody can read it')
    .addOption(
      new Option('--kind <kind>', 'a replacement may follow a withdrawal')
        .choices(['amendment', 'replacement'])
        .default('amendment'),
    )
    .option('--override <case=finding...>', 'decide otherwise than the machine: plan:case=inconc')
    .option('--why <text>', 'with --override: why')
    .option('--by <person>', 'with --override: who decides it')
    .option('--opinion <file>', 'opinions and interpretations: YAML or JSON of kind Opinions')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: AmendOptions) => {
      const wish = await wishOf(options);
      cli.print(options, await (await cli.orchestrator()).amendReport(id, wish), renderDecision);
    });
  report
    .command('withdraw')
    .description('withdraw a report with a signed statement; it stays where it is')
    .argument('<report>', 'its id; the latest of its series')
    .requiredOption('--reason <text>', 'why; everybody can read it')
    .requiredOption('--by <person>', 'who decides it')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: JsonOption & { readonly reason: string; readonly by: string }) => {
      const { reason, by, ...json } = options;
      cli.print(json, await (await cli.orchestrator()).withdrawReport(id, { reason, by }), renderDecision);
    });
}

async function wishOf({
  kind,
  reason,
  override = [],
  why,
  by,
  opinion,
}: AmendOptions): Promise<AmendmentBody> {
  if (override.length > 0 && (why === undefined || by === undefined))
    throw new HarnessError('WRONG_USE', '--override needs --why and --by');
  const overrides = override.map((text) => ({
    ...parseOverride(text),
    reason: why ?? '',
    by: by ?? '',
  }));
  const opinions = opinion === undefined ? [] : await readDocument(opinion, parseOpinions);
  return {
    ...{ kind, reason, overrides },
    opinions: opinions.map((one) => ({ ...one, cases: [...one.cases] })),
  };
}

function parseOverride(text: string): { readonly case: string; readonly finding: Finding } {
  const at = text.lastIndexOf('=');
  const finding = FINDINGS.find((one) => one === text.slice(at + 1));
  if (at < 1 || finding === undefined)
    throw new HarnessError('WRONG_USE', `"${text}" is not CASE=FINDING, with one of ${FINDINGS.join(', ')}`);
  return { case: text.slice(0, at), finding };
}

function renderDecision({ id, revision, kind, standing, sut }: ReportView): string {
  return `${id} revision ${revision} (${kind}) on ${sut}: ${standing}\n`;
}
