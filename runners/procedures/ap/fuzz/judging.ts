import type { Measurement } from '../../../../src/domain/case-record.ts';
import type { Observation } from '../../../../src/evidence/observation.ts';
import type { Judged } from '../../procedure.ts';
import { broken, clausesOf, type Found, holds, undecided, unseen } from '../judging.ts';
import {
  campaignIn,
  type Health,
  HEALTHS,
  type SeenCampaign,
  type SeenInput,
  type SeenWindow,
} from './observing.ts';

const NOT_THERE = unseen('the case did not get there');
const MOST_SHOWN = 400;

/**
 * In every state, one of the messages was answered, or a valid one behind them on the same association was, or the product did not
 * bear them. That it only ends associations does not show that it read anything.
 */
export function ingested(campaign: SeenCampaign | undefined): Found {
  if (campaign === undefined) return NOT_THERE;
  const windows = campaign.windows.filter(({ sent }) => sent > 0);
  const states = [...new Set(windows.map(({ state }) => state))];
  const unproven = states.filter(
    (state) =>
      !windows.some((each) => each.state === state && (each.health !== 'reconnected' || each.answered > 0)),
  );
  const [first] = windows;
  if (first === undefined) return unseen('nothing was sent');
  const what = `${tally(campaign)}; seed ${campaign.seed}`;
  if (unproven.length === 0) return holds(what, campaign.n, first.n);
  return undecided(`${what}; nothing shows that it read what was sent ${unproven.join(', ')}`, campaign.n);
}

/** The product is there after every window, at once. */
export function notCrashed(campaign: SeenCampaign | undefined): Found {
  const what = 'no association served afterwards';
  return without(campaign, { gone: `crash: ${what}`, away: `crash or restart: ${what} for a time` });
}

/** No association stays up on which nothing is answered. */
export function notHung(campaign: SeenCampaign | undefined): Found {
  const mute = 'hang: the association stays up and a valid message on it is not answered; another one serves';
  return without(campaign, { mute });
}

function without(campaign: SeenCampaign | undefined, wrong: Partial<Record<Health, string>>): Found {
  if (campaign === undefined) return NOT_THERE;
  const { windows } = campaign;
  const [first] = windows;
  if (first === undefined) return unseen('nothing was sent');
  const bad = windows.findLast(({ health }) => wrong[health] !== undefined);
  const what = bad === undefined ? undefined : wrong[bad.health];
  if (bad === undefined || what === undefined)
    return holds(`${windows.length} probes after ${sentIn(windows)} messages`, first.n);
  const kept = campaign.inputs.filter(({ kept: why }) => why === bad.health || why === 'suspect');
  const [one] = kept;
  const shownBy = [bad.n, ...kept.map(({ n }) => n)];
  return broken(
    `${what}; seed ${campaign.seed}, ${one?.kept === bad.health ? single(one) : among(bad)}`,
    ...shownBy,
  );
}

function single({ index, class: kind, state, template, how, bytes }: SeenInput): string {
  const octets = bytes.length / 2;
  const shown = bytes.length > MOST_SHOWN ? `${bytes.slice(0, MOST_SHOWN)}… (${octets} octets)` : bytes;
  return `index ${index} by itself: ${kind} mutation of ${template} ${state}: ${how}; octets: ${shown}`;
}

function among({ from, to, state, health }: SeenWindow): string {
  const why =
    health === 'gone' ? 'they could not be tried again, for it did not come back' : 'none does it by itself';
  return `one or several of index ${from} to ${to}, ${state}: ${why}; all of them are in the evidence`;
}

/** What became of the inputs, for people. */
function tally({ windows }: SeenCampaign): string {
  const whole = windows.filter(({ single: isSingle }) => !isSingle);
  const sent = sentIn(whole);
  const answered = whole.reduce((sum, each) => sum + each.answered, 0);
  return `${sent} messages were sent, ${answered} answered, ${sent - answered} taken in silence`;
}

function sentIn(windows: readonly SeenWindow[]): number {
  return windows.reduce((sum, { sent }) => sum + sent, 0);
}

/** Associations that the product ended are allowed, and told of. */
function fuzzRemarks(campaign: SeenCampaign | undefined): readonly string[] {
  const ended = campaign?.windows.filter(({ health }) => health === 'reconnected').length ?? 0;
  return ended === 0
    ? []
    : [`the product ended ${ended} associations on which it got mutated messages, and took others`];
}

function fuzzMeasurements(campaign: SeenCampaign | undefined): readonly Measurement[] {
  if (campaign === undefined) return [];
  const { windows } = campaign;
  const times = windows.map(({ probeMs }) => probeMs).sort((a, b) => a - b);
  const of = (health: Health) => windows.filter((each) => each.health === health).length;
  return [
    { name: 'mutated messages', value: sentIn(windows), unit: 'count' },
    ...HEALTHS.map((health) => ({ name: `probes: ${health}`, value: of(health), unit: 'count' })),
    ...(times.length === 0 ? [] : [{ name: 'longest probe', value: times.at(-1) ?? 0, unit: 'ms' }]),
  ];
}

export const FUZZ_CLAUSES = ['ingested', 'no-crash', 'no-hang', 'alive'] as const;

/** What a case of mutated messages comes to. @param alive what its last probe showed */
export function judgeFuzz(observations: readonly Observation[], alive: Found): Judged {
  const campaign = campaignIn(observations);
  return {
    clauses: clausesOf({
      ingested: ingested(campaign),
      'no-crash': notCrashed(campaign),
      'no-hang': notHung(campaign),
      alive,
    }),
    remarks: fuzzRemarks(campaign),
    measurements: fuzzMeasurements(campaign),
  };
}
