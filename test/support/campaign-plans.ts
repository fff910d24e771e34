import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Preview,
  previewCampaign,
  type PreviewOptions,
  readCampaign,
  type Watching,
  worldBeside,
} from '../../src/app/plan-campaign.ts';
import { instant } from '../../src/domain/ids.ts';

export const PLUGFEST = join(
  dirname(fileURLToPath(import.meta.url)),
  '..',
  '..',
  'seeds',
  'plugfest',
  'campaign.yaml',
);

/** The plugfest of the seeds, planned from a Monday morning on; the same each time. */
export async function plugfest(
  changes: Partial<PreviewOptions & Pick<Watching, 'finish'>> = {},
): Promise<Preview> {
  const world = await worldBeside(PLUGFEST);
  if (world === null) throw new Error('there are no documents beside the plugfest');
  return previewCampaign(await readCampaign(PLUGFEST), world, {
    seconds: 1,
    moves: 300,
    seed: 1,
    from: instant(Date.parse('2026-11-30T07:00Z')),
    signal: new AbortController().signal,
    ...changes,
  });
}
