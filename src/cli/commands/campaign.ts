import type { Command } from 'commander';

import type { CampaignView } from '../../api/views.ts';
import { parseCampaign } from '../../inventory/campaign.ts';
import type { Cli, JsonOption } from '../cli.ts';
import { readDocument } from '../input.ts';
import { registerCampaignPlan } from './campaign-plan.ts';
import { renderCampaign, renderCampaigns, renderReason } from '../render.ts';
import { watchCampaign, type WatchOptions } from '../watch-campaign.ts';

/** `patchbay campaign …`: what is to be tested, and how far it is. */
export function registerCampaign(program: Command, cli: Cli): void {
  const campaign = program.command('campaign').description('what is to be tested, and how far it is');
  campaign
    .command('submit')
    .description('submit a campaign; the same file again changes nothing')
    .argument('<file>', 'the campaign: YAML or JSON')
    .option('--watch', 'wait until it is final')
    .option('--exit-verdict', 'with --watch: let the exit code speak of the findings')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: WatchOptions & { readonly watch?: true }) => {
      const request = await readDocument(file, parseCampaign);
      const submitted = await (await cli.orchestrator()).submitCampaign(request);
      if (options.watch === true) await watchCampaign(cli, submitted.id, options);
      else cli.print(options, submitted, renderSubmitted);
    });
  campaign
    .command('watch')
    .description('follow a campaign until it is final')
    .argument('<campaign>', 'organisation/name')
    .option('--exit-verdict', 'let the exit code speak of the findings')
    .option('--json', 'print the result as JSON')
    .action((id: string, options: WatchOptions) => watchCampaign(cli, id, options));
  registerLooking(campaign, cli);
  registerCampaignPlan(campaign, cli);
  campaign
    .command('cancel')
    .description('cancel a campaign: cases under way are finished')
    .argument('<campaign>', 'organisation/name')
    .option('--force', 'stop cases under way')
    .option('--reason <text>', 'why')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: StopOptions & JsonOption) => {
      await (await cli.orchestrator()).cancelCampaign(id, stopOf(options));
      cli.print(options, { id, cancelled: true }, () => `${id} is being cancelled\n`);
    });
}

function renderSubmitted({ id, state, remarks }: CampaignView): string {
  return `${id} ${state}\n${remarks.map((remark) => `  ${renderReason(remark)}\n`).join('')}`;
}

export interface StopOptions {
  readonly force?: true;
  readonly reason?: string;
}

export function stopOf({ force, reason }: StopOptions): { force: boolean; text?: string } {
  return { force: force === true, ...(reason === undefined ? {} : { text: reason }) };
}

function registerLooking(campaign: Command, cli: Cli): void {
  campaign
    .command('list')
    .description('list campaigns, newest first')
    .option('--open', 'only those that are not final')
    .option('--organisation <name>', 'only those of one organisation')
    .option('--json', 'print the result as JSON')
    .action(async (options: JsonOption & { readonly open?: true; readonly organisation?: string }) => {
      const { open, organisation } = options;
      const campaigns = await (await cli.orchestrator()).campaigns({ open, organisation });
      cli.print(options, campaigns, renderCampaigns);
    });
  campaign
    .command('show')
    .description('show a campaign, its runs, and what its plan comes to')
    .argument('<campaign>', 'organisation/name')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: JsonOption) => {
      const orchestrator = await cli.orchestrator();
      const campaign = await orchestrator.campaign(id);
      const { revision, plan: document } = await orchestrator.campaignPlan(id);
      if (document === null) {
        cli.print(options, { ...campaign, plan: null }, renderCampaign);
        return;
      }
      const { planFrom } = await import('../../app/campaign-plans.ts');
      const { renderPlanHead } = await import('../render-plan.ts');
      const plan = planFrom(document, id);
      const { timetable, leftOut, replanned = null } = plan;
      const { seed, moves, gap, objective } = timetable;
      const summary = { revision, seed, moves, gap, objective, leftOut, replanned };
      cli.print(options, { ...campaign, plan: summary }, () =>
        [renderCampaign(campaign), renderPlanHead(revision, plan)].join(''),
      );
    });
}
