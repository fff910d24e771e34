/**
 * Who may see and change what, beyond the scope of a token. Denied unless it is said here. The hosting lab sees
 * everything; another organisation sees what is its own and nothing that shows somebody else's product.
 */
import type { Actor } from './actor.ts';
import type { StoredReport } from '../../campaigns/store-ports.ts';
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

/** A report is seen by whoever may open some of it: the lab, the vendors of its SUT, and partners that its campaign names. */
export function seesReport(actor: Actor, { files }: Pick<StoredReport, 'files'>): boolean {
  return actor.ofLab || Object.hasOwn(files, disclosuresOf(actor.organisation));
}

/** Who asks for a report, and the runs of its campaign, which say whose products it is about. */
export interface ReportReader {
  readonly actor: Actor;
  /** Whose disclosures open everything. */
  readonly lab: string;
  readonly runs: readonly Pick<Run, 'subjects'>[];
}

/** What was signed, and what was said about it later: nothing in these is hidden, and nothing hidden is in these. */
const SIGNED_FILES =
  /^(?:report\.dsse\.json|test-result\.intoto\.jsonl|(?:sigstore|timestamps|status)\/[^/]+)$/u;
/** They show everything that the lab's own disclosures open. */
const RENDERINGS = new Set([
  ...['report.html', 'report.pdf', 'junit.xml', 'oran-test-results.json', 'ctrf.json'],
  ...['results.csv', 'results.ndjson'],
]);

/** Whether somebody who sees a report may have a file of it. What is not named here is for the lab alone. */
export function seesReportFile(
  { actor, lab, runs }: ReportReader,
  report: Pick<StoredReport, 'sut' | 'files'>,
): (name: string) => boolean {
  if (actor.ofLab) return () => true;
  const own = disclosuresOf(actor.organisation);
  const opensAll = report.files[own] === report.files[disclosuresOf(lab)];
  const seesRenderings = opensAll && isSoleVendor(actor, report, runs);
  return (name) => name === own || SIGNED_FILES.test(name) || (seesRenderings && RENDERINGS.has(name));
}

/** The SUT as one may know it: products of others have no name. */
export function visibleSut({ actor, runs }: ReportReader, { sut }: Pick<StoredReport, 'sut'>): string {
  if (actor.ofLab) return sut;
  const own = new Set(
    runs.flatMap(({ subjects }) => subjects.filter((one) => ownsItem(actor, one)).map(itemName)),
  );
  return sut
    .split('+')
    .map((name) => (own.has(name) ? name : 'undisclosed'))
    .join('+');
}

/**
 * A report is named after its SUT (`org.item`, two joined by +), which two SUTs might share: `a/b.c` and `a.b/c`.
 * So every run of the campaign that it might be about must be one's own, and there must be one.
 */
function isSoleVendor(actor: Actor, report: Pick<StoredReport, 'sut'>, runs: ReportReader['runs']): boolean {
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

function disclosuresOf(organisation: string): string {
  return `disclosures/${organisation}.json`;
}

function sutName(subjects: readonly string[]): string {
  return subjects.map(itemName).sort().join('+');
}

function itemName(subject: string): string {
  return subject.replace('/', '.');
}
