import type { Command } from 'commander';

import { type StopOptions, stopOf } from './campaign.ts';
import type { Orchestrator } from '../../api/orchestrator.ts';
import type { CaseRecordView, LogEntryView, RunView } from '../../api/views.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { renderReason, renderRows, renderRuns } from '../render.ts';

const FOLLOW_MS = 15_000;

/** `patchbay run …`: one attempt to execute one plan on one SUT at one testbed. */
export function registerRun(program: Command, cli: Cli): void {
  const run = program.command('run').description('one attempt to execute one plan on one SUT at one testbed');
  run
    .command('list')
    .description('list runs, newest first')
    .option('--state <state>', 'only those in this state')
    .option('--testbed <testbed>', 'only those that hold a slot of this testbed')
    .option('--json', 'print the result as JSON')
    .action(async ({ json, ...query }: JsonOption & { state?: string; testbed?: string }) => {
      const runs = await (await cli.orchestrator()).runs(query);
      cli.print(json === undefined ? {} : { json }, runs, renderRuns);
    });
  run
    .command('show')
    .description('show a run and its case records')
    .argument('<run>', 'its id')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: JsonOption) => {
      const orchestrator = await cli.orchestrator();
      const shown = { ...(await orchestrator.run(id)), records: await orchestrator.records(id) };
      cli.print(options, shown, renderRun);
    });
  run
    .command('logs')
    .description('print what a run observed')
    .argument('<run>', 'its id')
    .option('--follow', 'wait for more until the run is final')
    .option('--json', 'print one JSON object a line')
    .action(async (id: string, options: JsonOption & { readonly follow?: true }) => {
      await printLog(cli, await cli.orchestrator(), { ...options, id });
    });
  registerSteering(run, cli);
}

function registerSteering(run: Command, cli: Cli): void {
  run
    .command('retry')
    .description('run the same plan on the same SUT again, as a new run')
    .argument('<run>', 'its id')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: JsonOption) => {
      const fresh = await (await cli.orchestrator()).retryRun(id);
      cli.print(options, fresh, (view) => `${view.id} retries ${id}\n`);
    });
  run
    .command('cancel')
    .description('cancel a run: the case under way is finished')
    .argument('<run>', 'its id')
    .option('--force', 'stop the case under way')
    .option('--reason <text>', 'why')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: StopOptions & JsonOption) => {
      await (await cli.orchestrator()).cancelRun(id, stopOf(options));
      cli.print(options, { id, cancelled: true }, () => `${id} is being cancelled\n`);
    });
}

interface LogOptions extends JsonOption {
  readonly id: string;
  readonly follow?: true;
}

async function printLog(cli: Cli, orchestrator: Orchestrator, options: LogOptions): Promise<void> {
  const { id, follow, json } = options;
  const waitMs = follow === true ? FOLLOW_MS : 0;
  for (let after = -1; ;) {
    const { items, next, final } = await orchestrator.runLog(id, { after, waitMs, limit: 500 });
    const lines = items.map((entry) => (json === true ? JSON.stringify(entry) : renderEntry(entry)));
    if (lines.length > 0) cli.io.stdout(`${lines.join('\n')}\n`);
    if (final || (follow !== true && items.length === 0)) return;
    after = next;
  }
}

function renderEntry(entry: LogEntryView): string {
  switch (entry.kind) {
    case 'caseStarted':
      return `${entry.at} ${entry.case} started`;
    case 'caseRecord':
      return `${entry.at} ${entry.case} ${entry.finding}`;
    case 'log':
      return `${entry.at} ${entry.level} ${entry.text}`;
  }
}

function renderRun(run: RunView & { readonly records: readonly CaseRecordView[] }): string {
  const { id, state, since, finding, reason, plan, subjects, hold, retryOf, records } = run;
  const facts = [
    `${id} is ${state} since ${since}: ${finding ?? 'no finding yet'}`,
    `  ${plan.id}@${plan.version} on ${subjects.join(' + ')}`,
    ...(hold === null ? [] : [`  at ${hold.testbed}, slot ${hold.slot}, fence ${hold.fence}`]),
    ...(retryOf === null ? [] : [`  retries ${retryOf}`]),
    ...(reason === null ? [] : [`  ${renderReason(reason)}`]),
  ];
  const rows = records.map(({ case: id, outcome }) =>
    outcome.kind === 'judged'
      ? [id, outcome.verdict, renderClauses(outcome.clauses)]
      : [id, outcome.disposition, renderReason(outcome.reason)],
  );
  return `${facts.join('\n')}\n\n${renderRows(['case', 'finding', 'what decided it'], rows)}`;
}

function renderClauses(
  clauses: readonly { readonly id: string; readonly verdict: string; readonly saw?: string }[],
): string {
  const telling = clauses.filter(({ verdict }) => verdict !== 'pass');
  return telling.length === 0
    ? '-'
    : telling.map(({ id, verdict, saw = '' }) => `${id} ${verdict}: ${saw}`).join('; ');
}
