import type { Cli, JsonOption } from './cli.ts';
import { renderCampaign, renderReason } from './render.ts';
import type { CampaignDetail } from '../api/views.ts';
import { exitCodeFor } from '../domain/exit-code.ts';
import type { Finding } from '../domain/verdict.ts';
import { pause } from '../kernel/deadline.ts';

export interface WatchOptions extends JsonOption {
  readonly exitVerdict?: true;
}

const LOOK_AGAIN_MS = 1_000;

/** Tells every change of state on standard error until the campaign is final; the result goes to standard output. */
export async function watchCampaign(cli: Cli, id: string, options: WatchOptions): Promise<void> {
  const orchestrator = await cli.orchestrator();
  const told = new Map<string, string>();
  let campaign = await orchestrator.campaign(id);
  tell(cli, campaign, told);
  while (campaign.state !== 'final') {
    await pause(LOOK_AGAIN_MS, cli.io);
    campaign = await orchestrator.campaign(id);
    tell(cli, campaign, told);
  }
  cli.print(options, campaign, renderCampaign);
  if (options.exitVerdict === true) cli.exit(exitCodeFor(decidingFindings(campaign)));
}

/** A run that was tried again no longer decides. */
function decidingFindings({ runs }: CampaignDetail): readonly Finding[] {
  const retried = new Set(runs.map(({ retryOf }) => retryOf));
  return runs.filter(({ id }) => !retried.has(id)).flatMap(({ finding }) => finding ?? []);
}

function tell({ io }: Cli, campaign: CampaignDetail, told: Map<string, string>): void {
  for (const { id, state, reason, finding } of [{ ...campaign, finding: null }, ...campaign.runs]) {
    const words = `${id} ${finding ?? state}${reason === null ? '' : ` (${renderReason(reason)})`}`;
    if (told.get(id) === words) continue;
    told.set(id, words);
    io.stderr(`${words}\n`);
  }
}
