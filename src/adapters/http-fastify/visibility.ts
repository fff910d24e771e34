/**
 * Who may see and change what, beyond the scope of a token. Denied unless it is said here. The hosting lab sees
 * everything; another organisation sees what is its own and nothing that shows somebody else's product.
 */
import type { Actor } from './actor.ts';
import type { StoredReport } from '../../campaigns/ports.ts';
import type { Campaign, CampaignRequest } from '../../domain/campaign.ts';
import type { Run } from '../../domain/run.ts';
import { HarnessError } from '../../kernel/errors.ts';

export function owns(actor: Actor, organisation: string): boolean {
  return actor.ofLab || actor.organisation === organisation;
}

/** `organisation/name` belongs to the actor's organisation. */
export function ownsItem(actor: Actor, id: string): boolean {
  return owns(actor, id.split('/')[0] ?? '');
}

/** A run shows what was seen of its subjects: all of them must be one's own. */
export function seesRun(actor: Actor, run: Pick<Run, 'subjects'>): boolean {
  return run.subjects.every((subject) => ownsItem(actor, subject));
}

/** Running somebody's run is the business of whoever asked for it. */
export function steersRun(actor: Actor, run: Pick<Run, 'organisation' | 'subjects'>): boolean {
  return owns(actor, run.organisation) && seesRun(actor, run);
}

export function seesCampaign(actor: Actor, campaign: Pick<Campaign, 'organisation'>): boolean {
  return owns(actor, campaign.organisation);
}

/**
 * A report is named after its SUT (`org.item`, two joined by +), which two SUTs might share: `a/b.c` and `a.b/c`.
 * So it is seen only by who sees every run of the campaign that it might be about, and there must be one.
 */
export function seesReport(
  actor: Actor,
  report: Pick<StoredReport, 'sut'>,
  runs: readonly Pick<Run, 'subjects'>[],
): boolean {
  if (actor.ofLab) return true;
  const wanted = report.sut.split('+').sort().join('+');
  const about = runs.filter(({ subjects }) => sutName(subjects) === wanted);
  return about.length > 0 && about.every((run) => seesRun(actor, run));
}

/** Of others than the lab, a campaign must choose its equipment from their own, and leaves the signatures to the lab. */
export function mayRequest(
  actor: Actor,
  { organisation, id, equipment, coSigners }: CampaignRequest,
): boolean {
  if (!owns(actor, organisation) || !id.startsWith(`${organisation}/`)) return false;
  if (actor.ofLab) return true;
  if (coSigners !== undefined) return false;
  if ('ids' in equipment) return equipment.ids.every((item) => ownsItem(actor, item));
  return equipment.select.organisation !== undefined && owns(actor, equipment.select.organisation);
}

/** What an organisation may not see does not exist for it. */
export function found<T>(thing: T | null, what: string, isVisible: (thing: T) => boolean): T {
  if (thing === null || !isVisible(thing)) throw new HarnessError('NOT_FOUND', `there is no ${what}`);
  return thing;
}

export function forbidUnless(allowed: boolean, sentence: string): void {
  if (!allowed) throw new HarnessError('FORBIDDEN', sentence);
}

function sutName(subjects: readonly string[]): string {
  return subjects
    .map((subject) => subject.replace('/', '.'))
    .sort()
    .join('+');
}
