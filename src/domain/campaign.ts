import type { Reason } from '../kernel/errors.ts';
import { advance, type Moves } from '../kernel/machine.ts';
import type { DisclosurePolicy } from './disclosure.ts';
import type { CoSigner } from './co-signer.ts';
import type { CampaignId, EquipmentId, Instant, OrganisationId } from './ids.ts';
import type { PlanRef, Role } from './plan.ts';

export const PRIORITIES = ['critical', 'high', 'normal', 'low'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Which SUTs the chosen plans meet. */
export type CoverageMode = 'each' | 'pairs' | 'full';

/** So many products, in whatever roles, meet in every way that is possible, in as few runs as can be found. */
export interface StrengthCoverage {
  /** 1 to 4; no more than a plan has subjects counts. */
  readonly strength: number;
  /** Products that must meet in one run. */
  readonly seeds?: readonly (readonly EquipmentId[])[];
  /** Products that must not meet in one run; one alone: it is not to be run at all. */
  readonly exclude?: readonly (readonly EquipmentId[])[];
  /** How much more than others a product matters, above 0 to 1000. What matters most is run first. */
  readonly weights?: Readonly<Record<EquipmentId, number>>;
}

export type Coverage = { readonly mode: CoverageMode } | StrengthCoverage;

export type EquipmentChoice =
  | { readonly ids: readonly EquipmentId[] }
  | { readonly select: { readonly role?: Role; readonly organisation?: OrganisationId } };

export interface CampaignRequest {
  readonly id: CampaignId;
  readonly organisation: OrganisationId;
  readonly plans: readonly PlanRef[];
  readonly equipment: EquipmentChoice;
  readonly coverage: Coverage;
  readonly window: { readonly from: Instant; readonly to: Instant } | null;
  readonly priority: Priority;
  /** What partners may open in its reports; without it, the defaults. */
  readonly disclosure?: DisclosurePolicy;
  /** Other labs that sign the reports too; absent: none. */
  readonly coSigners?: readonly CoSigner[];
}

export type CampaignLife =
  | { readonly state: 'draft'; readonly since: Instant }
  | { readonly state: 'submitted'; readonly since: Instant; readonly remarks: readonly Reason[] }
  | { readonly state: 'reviewed'; readonly since: Instant; readonly remarks: readonly Reason[] }
  | { readonly state: 'scheduled'; readonly since: Instant }
  | { readonly state: 'active'; readonly since: Instant }
  | { readonly state: 'cancelling'; readonly since: Instant; readonly reason: Reason }
  | { readonly state: 'closing'; readonly since: Instant; readonly reason: Reason | null }
  | { readonly state: 'final'; readonly since: Instant; readonly reason: Reason | null };

export type CampaignState = CampaignLife['state'];
export const CAMPAIGN_STATES = [
  'draft',
  'submitted',
  'reviewed',
  'scheduled',
  'active',
  'cancelling',
  'closing',
  'final',
] as const satisfies readonly CampaignState[];

export type CampaignEvent =
  | { readonly type: 'submitted'; readonly at: Instant; readonly remarks: readonly Reason[] }
  | { readonly type: 'reviewed'; readonly at: Instant; readonly remarks: readonly Reason[] }
  | { readonly type: 'refused'; readonly at: Instant; readonly reason: Reason }
  | { readonly type: 'scheduled'; readonly at: Instant }
  | { readonly type: 'firstRunStarted'; readonly at: Instant }
  | { readonly type: 'allRunsFinal'; readonly at: Instant }
  | { readonly type: 'cancelRequested'; readonly at: Instant; readonly reason: Reason }
  | { readonly type: 'reported'; readonly at: Instant };

type On<T extends CampaignEvent['type']> = Extract<CampaignEvent, { type: T }>;

const cancel = (_: unknown, { at, reason }: On<'cancelRequested'>): CampaignLife => ({
  state: 'cancelling',
  since: at,
  reason,
});
const close = (_: unknown, { at }: On<'allRunsFinal'>): CampaignLife => ({
  state: 'closing',
  since: at,
  reason: null,
});

/** The life of a campaign: selected plans over chosen SUTs, from static review to reports. */
export const CAMPAIGN_MOVES: Moves<CampaignLife, CampaignEvent> = {
  draft: {
    submitted: (_, { at, remarks }) => ({ state: 'submitted', since: at, remarks }),
    cancelRequested: cancel,
  },
  submitted: {
    reviewed: (_, { at, remarks }) => ({ state: 'reviewed', since: at, remarks }),
    refused: (_, { at, reason }) => ({ state: 'final', since: at, reason }),
    cancelRequested: cancel,
  },
  reviewed: {
    scheduled: (_, { at }) => ({ state: 'scheduled', since: at }),
    refused: (_, { at, reason }) => ({ state: 'final', since: at, reason }),
    cancelRequested: cancel,
  },
  scheduled: {
    firstRunStarted: (_, { at }) => ({ state: 'active', since: at }),
    allRunsFinal: close,
    cancelRequested: cancel,
  },
  active: { allRunsFinal: close, cancelRequested: cancel },
  cancelling: { allRunsFinal: ({ reason }, { at }) => ({ state: 'closing', since: at, reason }) },
  closing: {
    reported: ({ reason }, { at }) => ({ state: 'final', since: at, reason }),
    cancelRequested: cancel,
  },
  final: {},
};

export function stepCampaign(from: CampaignLife, event: CampaignEvent): CampaignLife {
  return advance(CAMPAIGN_MOVES, from, event);
}

export interface Campaign {
  readonly id: CampaignId;
  readonly organisation: OrganisationId;
  readonly request: CampaignRequest;
  /** 128 random bits, base64url: names the campaign in reports without naming anybody. */
  readonly reference: string;
  readonly life: CampaignLife;
  readonly version: number;
}

/** Whether places and times are reserved beforehand. Other campaigns take what is free when their turn comes. */
export function isPlanned({ coverage, window }: Pick<CampaignRequest, 'coverage' | 'window'>): boolean {
  return window !== null || 'strength' in coverage;
}
