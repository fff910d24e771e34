import type { StoredReport } from './store-ports.ts';
import type { AmendmentWish, StoredImport, WithdrawalWish } from './report-orders.ts';
import type { ImportWish } from './import-results.ts';
import type { Campaign, CampaignRequest } from '../domain/campaign.ts';
import type { Equipment } from '../domain/equipment.ts';
import type {
  CampaignId,
  EquipmentId,
  Instant,
  OrganisationId,
  RunId,
  RunnerId,
  TestbedId,
} from '../domain/ids.ts';
import type { Organisation } from '../domain/organisation.ts';
import type { TestPlan } from '../domain/plan.ts';
import type { Run } from '../domain/run.ts';
import type { Testbed } from '../domain/testbed.ts';
import type { Reason } from '../kernel/errors.ts';

/**
 * What people can ask of the orchestrator, whichever door they come through. Reading goes straight to the store.
 * Bad requests throw `HarnessError` with a code whose fault is `request` or `plan`; every one of them is idempotent.
 */
export interface UseCases {
  registerOrganisation(organisation: Organisation): Promise<void>;
  /** The lab must exist; what was once said of it stays. */
  registerLab(id: OrganisationId): Promise<void>;
  registerTestbed(testbed: Testbed): Promise<void>;
  submitEquipment(equipment: Equipment): Promise<{ readonly revision: number }>;
  /** It is gone until it is submitted again: runs on it end, and campaigns are planned again. */
  withdrawEquipment(id: EquipmentId, text: string): Promise<void>;
  publishPlan(plan: TestPlan): Promise<void>;

  /** Stores the request and rings the doorbell. */
  submitCampaign(request: CampaignRequest): Promise<Campaign>;
  /** Gracefully: cases under way are finished. With `force`: they are stopped. */
  cancelCampaign(id: CampaignId, how: { readonly force: boolean; readonly text: string }): Promise<void>;
  cancelRun(id: RunId, how: { readonly force: boolean; readonly text: string }): Promise<void>;
  /** A new run of the same plan on the same SUT, linked to the old one, which must be final. */
  retryRun(id: RunId): Promise<Run>;

  drainTestbed(id: TestbedId): Promise<void>;
  resumeTestbed(id: TestbedId): Promise<void>;
  quarantineSlot(id: TestbedId, slot: number, reason: Reason): Promise<void>;
  releaseSlot(id: TestbedId, slot: number): Promise<void>;

  /** A one-time enrolment token for a runner of this testbed; shown once, stored hashed. */
  createEnrolmentToken(
    testbed: TestbedId,
    validForMs: number,
  ): Promise<{ readonly token: string; readonly expiresAt: Instant }>;
  revokeRunner(id: RunnerId): Promise<void>;

  /** The next revision of a report: see `amendReport`. */
  amendReport(id: string, wish: AmendmentWish): Promise<StoredReport>;
  importResults(campaign: CampaignId, wish: ImportWish): Promise<StoredImport>;
  withdrawReport(id: string, wish: WithdrawalWish): Promise<StoredReport>;

  createApiToken(token: {
    organisation: OrganisationId;
    scopes: readonly string[];
    validForMs: number | null;
  }): Promise<{ readonly token: string; readonly id: string }>;
}
