import { type Command, Option } from 'commander';

import type { AmendmentBody, ImportBody, ImportView } from '../../api/report-body.ts';
import { parseStrictJson } from '../../attest/format/strict-json.ts';
import type { ReportView } from '../../api/views.ts';
import { type Finding, FINDINGS } from '../../domain/verdict.ts';
import { parseOpinions } from '../../inventory/opinions.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { isJsonObject } from '../../kernel/json.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { readDocument } from '../input.ts';
import { readAtMost } from '../../attest/verify/read-at-most.ts';

interface AmendOptions extends JsonOption {
  readonly kind: AmendmentBody['kind'];
  readonly reason: string;
  readonly override?: readonly string[];
  readonly why?: string;
  readonly by?: string;
  readonly opinion?: string;
}

const IMPORT_FORMATS = ['junit', 'oran-test-results'] as const;
const MAX_IMPORT_BYTES = 16 * 1024 * 1024;
const MAX_MAP_BYTES = 4 * 1024 * 1024;

interface ImportOptions extends JsonOption {
  readonly format: ImportBody['format'];
  readonly origin: string;
  readonly sut?: string;
  readonly caseMap?: string;
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
    .command('import')
    .description('take results of another harness into the reports of a campaign; shown, never counted')
    .argument('<campaign>', 'organisation/name')
    .argument('<file>', 'the results as they came')
    .addOption(
      new Option('--format <format>', 'what the file is').choices(IMPORT_FORMATS).makeOptionMandatory(),
    )
    .requiredOption('--origin <text>', 'who measured, and with what')
    .option('--sut <name>', 'into which report, if the campaign has several')
    .option('--case-map <file>', 'JSON: for which case of ours each stands, {"suite/name": "plan:case"}')
    .option('--json', 'print the result as JSON')
    .action(async (campaign: string, file: string, options: ImportOptions) => {
      const imported = await (
        await cli.orchestrator()
      ).importResults(campaign, await importOf(file, options));
      cli.print(options, imported, renderImport);
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

async function importOf(file: string, options: ImportOptions): Promise<ImportBody> {
  const { format, origin, sut, caseMap } = options;
  const content = Buffer.from(await readAtMost(file, MAX_IMPORT_BYTES)).toString('base64');
  const map = caseMap === undefined ? {} : parseMap(await readAtMost(caseMap, MAX_MAP_BYTES));
  return { format, origin, content, sut: sut ?? null, map };
}

function parseMap(bytes: Uint8Array): ImportBody['map'] {
  const json = parseStrictJson(bytes);
  const entries = json.ok && isJsonObject(json.value) ? Object.entries(json.value) : null;
  if (entries?.every((entry): entry is [string, string] => typeof entry[1] === 'string') !== true)
    throw new HarnessError('INPUT_INVALID', 'the case map is not a JSON object of texts');
  return Object.fromEntries(entries);
}

function renderImport({ id, sut, cases, remarks }: ImportView): string {
  return [`${id}: ${cases.length} cases into ${sut}`, ...remarks.map((one) => `  remark: ${one}`), '']
    .map((line) => line.replaceAll(/\p{Cc}/gu, ' '))
    .join('\n');
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
