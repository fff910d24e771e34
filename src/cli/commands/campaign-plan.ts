import { existsSync } from 'node:fs';
import type { Command } from 'commander';

import type { CampaignPlan, WhatIf } from '../../app/campaign-plans.ts';
import type { Preview, PreviewOptions, Watching } from '../../app/plan-campaign.ts';
import { parseInstant } from '../../domain/time.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { parseCount } from '../input.ts';

interface PlanOptions extends JsonOption {
  readonly strength?: string;
  readonly budget?: string;
  readonly seconds: string;
  readonly moves?: string;
  readonly seed: string;
  readonly from?: string;
  readonly out?: string;
  readonly why?: string;
  readonly whatIf?: string;
}

/** `patchbay campaign plan|check`: what a campaign comes to, before anybody commits to it. */
export function registerCampaignPlan(campaign: Command, cli: Cli): void {
  campaign
    .command('plan')
    .description('which products would meet, when and where; reserves nothing')
    .argument('<file>', 'the campaign; equipment/ and testbeds/ beside it, or what the orchestrator knows')
    .option('--strength <n>', 'so many products meet in every way: 1 to 4, instead of what the campaign says')
    .option('--budget <hours>', 'hours of testbeds that may be used; what matters least is left out')
    .option('--seconds <s>', 'how long to search for a better timetable', '5')
    .option('--moves <n>', 'instead of --seconds: so many steps, for the same plan each time')
    .option('--seed <n>', 'of the search', '1')
    .option('--from <time>', 'when the plan begins, such as 2026-11-23T08:00Z; now, without it')
    .option('--out <dir>', 'write plan.json, gantt.svg, plan.html and calendar.ics there')
    .option('--why <what>', 'why a run, a product, or products joined by + are where they are')
    .option('--what-if <change>', 'what one more would buy: testbed or shift')
    .option('--json', 'print the result as JSON')
    .action((file: string, options: PlanOptions) => planCampaign(cli, file, options));
  registerStored(campaign, cli);
}

function registerStored(campaign: Command, cli: Cli): void {
  campaign
    .command('check')
    .description('hold a plan against its own problem, by checkers that know nothing of how it was made')
    .argument('<plan>', 'plan.json, as `campaign plan --out` leaves it, or a campaign: organisation/name')
    .option('--json', 'print the result as JSON')
    .action(async (what: string, options: JsonOption) => {
      const { checkPlan, readPlanFile } = await import('../../app/campaign-plans.ts');
      const plan = existsSync(what) ? await readPlanFile(what) : (await storedPlan(cli, what)).plan;
      const faults = checkPlan(plan);
      cli.print(options, { valid: faults.length === 0, faults }, () =>
        faults.length === 0
          ? `${what} holds\n`
          : faults.map(({ code, text }) => `${code}: ${text}\n`).join(''),
      );
      if (faults.length > 0) cli.exit(1);
    });
  campaign
    .command('calendar')
    .description('when and where the runs of a campaign are planned')
    .argument('<campaign>', 'organisation/name')
    .option('--ical', 'as a calendar for other programs (RFC 5545)')
    .option('--json', 'print the whole plan as JSON')
    .action(async (id: string, options: JsonOption & { readonly ical?: true }) => {
      const { revision, plan } = await storedPlan(cli, id);
      const { renderCalendar } = await import('../../app/campaign-plans.ts');
      const { renderCalendarText } = await import('../render-plan.ts');
      cli.print(options, plan, () =>
        options.ical === true ? renderCalendar(plan, revision) : renderCalendarText(plan),
      );
    });
}

/** `NOT_FOUND` for a campaign that reserves no places. */
async function storedPlan(
  cli: Cli,
  id: string,
): Promise<{ readonly revision: number; readonly plan: CampaignPlan }> {
  const { revision, plan } = await (await cli.orchestrator()).campaignPlan(id);
  if (plan === null)
    throw new HarnessError('NOT_FOUND', `${id} has no plan: it takes what is free when its turn comes`);
  const { planFrom } = await import('../../app/campaign-plans.ts');
  return { revision, plan: planFrom(plan, id) };
}

async function planCampaign(cli: Cli, file: string, options: PlanOptions): Promise<void> {
  const search = parseSearch(options);
  const app = await import('../../app/plan-campaign.ts');
  const request = await app.readCampaign(file);
  const world = (await app.worldBeside(file)) ?? (await worldOf(cli));
  const watching = await watch(cli, search);
  const preview = await app.previewCampaign(request, world, { ...search, ...watching.options });
  watching.done();
  const plans = await import('../../app/campaign-plans.ts');
  if (options.out !== undefined)
    for (const path of await plans.writePlan(preview.plan, options.out)) cli.io.stderr(`${path}\n`);
  if (options.whatIf !== undefined) await tellWhatIf(cli, preview, { options, search, watching });
  else if (options.why !== undefined)
    tellWhy(cli, options, { why: plans.explain(preview.plan, options.why), what: options.why });
  else {
    const { renderPlan } = await import('../render-plan.ts');
    cli.print(options, preview.plan, renderPlan);
  }
}

function parseSearch({ strength, budget, seconds, moves, seed, from }: PlanOptions): PreviewOptions {
  const begin = from === undefined ? null : parseInstant(from);
  if (begin?.ok === false) throw new HarnessError('WRONG_USE', `--from "${from ?? ''}" ${begin.error}`);
  const degree = strength === undefined ? undefined : parseCount(strength);
  if (degree !== undefined && degree > 4)
    throw new HarnessError('WRONG_USE', `--strength ${degree} is not from 1 to 4`);
  return {
    seconds: parseAmount('--seconds', seconds, 3600),
    seed: parseWhole('--seed', seed),
    ...(moves === undefined ? {} : { moves: parseWhole('--moves', moves) }),
    ...(degree === undefined ? {} : { strength: degree }),
    ...(budget === undefined ? {} : { budgetHours: parseAmount('--budget', budget, 1e6) }),
    ...(begin === null ? {} : { from: begin.value }),
  };
}

function parseAmount(option: string, text: string, most: number): number {
  const amount = /^\d{1,7}(?:\.\d{1,3})?$/u.test(text) ? Number(text) : 0;
  if (amount > 0 && amount <= most) return amount;
  throw new HarnessError('WRONG_USE', `${option} "${text}" is not a number above 0 and up to ${most}`);
}

function parseWhole(option: string, text: string): number {
  if (/^\d{1,9}$/u.test(text)) return Number(text);
  throw new HarnessError('WRONG_USE', `${option} "${text}" is not a whole number up to 999999999`);
}

/** Equipment and testbeds as the orchestrator knows them. */
async function worldOf(cli: Cli) {
  const orchestrator = await cli.orchestrator();
  const { worldFrom } = await import('../../app/plan-campaign.ts');
  return worldFrom(await orchestrator.equipment({}), await orchestrator.testbeds());
}

interface Watch {
  readonly options: Watching;
  readonly done: () => void;
}

async function watch({ io }: Cli, { seconds, moves }: PreviewOptions): Promise<Watch> {
  const { makePlanProgress } = await import('../../app/plan-progress.ts');
  const { show, done } = makePlanProgress(
    io,
    moves === undefined ? `at most ${seconds} s` : `${moves} steps`,
  );
  // Whoever has waited long enough gets the best plan so far.
  return {
    options: { signal: new AbortController().signal, finish: io.signal, onProgress: show },
    done,
  };
}

function tellWhy(
  cli: Cli,
  options: JsonOption,
  { why, what }: { readonly why: readonly string[] | null; readonly what: string },
): void {
  if (why === null)
    throw new HarnessError(
      'NOT_FOUND',
      `the plan knows no ${what}: name a run, a product, or products joined by +`,
    );
  cli.print(options, { what, why }, () => why.map((line) => `${line}\n`).join(''));
}

interface Asked {
  readonly options: PlanOptions;
  readonly search: PreviewOptions;
  readonly watching: Watch;
}

async function tellWhatIf(
  cli: Cli,
  { plan, input }: Preview,
  { options, search, watching }: Asked,
): Promise<void> {
  const { variantsOf, WHAT_IFS, lengthText } = await import('../../app/campaign-plans.ts');
  const app = await import('../../app/plan-campaign.ts');
  const kind = WHAT_IFS.find((one): one is WhatIf => one === options.whatIf);
  if (kind === undefined) throw new HarnessError('WRONG_USE', `--what-if is one of ${WHAT_IFS.join(', ')}`);
  const answers: (ReturnType<typeof gain> & { readonly what: string })[] = [];
  for (const variant of variantsOf(input, kind)) {
    cli.io.signal.throwIfAborted();
    const other = await app.search(variant.input, { ...search, ...watching.options });
    watching.done();
    answers.push({ what: variant.what, ...gain(plan, other) });
  }
  answers.sort((a, b) => a.makespan - b.makespan);
  const now = plan.timetable.objective.makespan;
  cli.print(options, { makespan: now, answers }, () =>
    [
      `now: ${lengthText(now)}, ${plan.runs.length} runs\n`,
      ...answers.map(
        ({ what, makespan, saves, runs }) =>
          `${what}: ${lengthText(makespan)}, ${runs} runs, ${saves > 0 ? `saves ${lengthText(saves)}` : 'saves nothing'}\n`,
      ),
    ].join(''),
  );
}

function gain(before: CampaignPlan, after: CampaignPlan) {
  const { makespan } = after.timetable.objective;
  return { makespan, runs: after.runs.length, saves: before.timetable.objective.makespan - makespan };
}
