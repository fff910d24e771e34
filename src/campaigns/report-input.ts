import type { Store } from './ports.ts';
import type { LabKeys } from '../attest/sign/lab-keys.ts';
import type { Campaign } from '../domain/campaign.ts';
import { type CoSigner, scopeWithin } from '../domain/co-signer.ts';
import type { Equipment } from '../domain/equipment.ts';
import type { Instant, OrganisationId } from '../domain/ids.ts';
import type { Organisation } from '../domain/organisation.ts';
import { holdOf, type Run } from '../domain/run.ts';
import { HarnessError } from '../kernel/errors.ts';
import type { ReportedRun, ReportInput } from '../reports/input.ts';

export interface ReportInputDeps {
  readonly store: Store;
  readonly keys: LabKeys;
  readonly version: string;
}

/** What an orchestrator without a disciplined clock may claim of its time. */
const CLOCK = { source: 'system clock of the orchestrator', maxErrorMs: 1_000 };

/** Collects from the store what a report is made of. */
export async function readReportInput(
  { store, keys, version }: ReportInputDeps,
  campaign: Campaign,
  { runs, issuedAt }: { runs: readonly Run[]; issuedAt: Instant },
): Promise<ReportInput> {
  const reported: ReportedRun[] = [];
  let subjects: readonly Equipment[] = [];
  for (const run of runs) {
    const draft = await store.draft(run.id);
    subjects = draft.subjects;
    const hold = holdOf(run.life);
    const testbed = hold === null ? null : await store.testbed(hold.testbed);
    reported.push({
      run,
      plan: draft.plan,
      tools: draft.tools,
      records: await store.records(run.id),
      runners: (testbed?.runners ?? []).map(({ id, capabilities, tools }) => ({ id, capabilities, tools })),
      ...(testbed === null ? {} : { testbed: testbed.testbed }),
    });
  }
  return {
    lab: await labOf(store, keys.lab),
    organisations: await organisationsOf(store, campaign, { subjects, runs: reported }),
    campaign,
    subjects,
    runs: reported,
    signatories: signatories(keys, campaign.request.coSigners ?? [], reported),
    issuedAt,
    clock: CLOCK,
    harness: { name: 'Patchbay', version },
    revision: { kind: 'original', n: 1 },
    opinions: [],
    overrides: [],
    imports: [],
  };
}

/** The lab's own two, then the co-signing labs that have something to say about this very report. */
function signatories(
  keys: LabKeys,
  coSigners: readonly CoSigner[],
  runs: readonly ReportedRun[],
): ReportInput['signatories'] {
  const cases = new Set(runs.flatMap(({ plan }) => plan.cases.map(({ id }) => `${plan.id}:${id}`)));
  return [
    ...ownSignatories(keys),
    ...coSigners.flatMap(({ scope, ...coSigner }) => {
      const left = scopeWithin(scope, cases);
      const role = 'co-signing-lab' as const;
      const holder = `${coSigner.lab} ${role}`;
      return left.length === 0 ? [] : [{ ...coSigner, role, scope: left, holder, selfDeclared: false }];
    }),
  ];
}

function ownSignatories({ signers, keys }: LabKeys): ReportInput['signatories'] {
  return signers.map(({ lab, role, keyid }) => {
    const entry = keys.find((key) => key.keyid === keyid);
    if (entry === undefined)
      throw new HarnessError('SIGN_KEY_UNUSABLE', `${keyid} is not in the key registry`);
    return {
      lab,
      role,
      keyid,
      scope: ['*'],
      holder: entry.holder,
      selfDeclared: entry.selfDeclared,
    };
  });
}

/** What a report prints of the lab is what the lab has said of itself. */
async function labOf(store: Store, id: string): Promise<ReportInput['lab']> {
  const known = await store.organisation(id as OrganisationId);
  if (known === null) return { id };
  const { name, address, contacts, accreditation } = known;
  return {
    id,
    name,
    ...(address === undefined ? {} : { address }),
    ...(contacts === undefined ? {} : { contacts }),
    ...(accreditation === undefined ? {} : { accreditation }),
  };
}

async function organisationsOf(
  store: Store,
  campaign: Campaign,
  { subjects, runs }: Pick<ReportInput, 'subjects' | 'runs'>,
): Promise<readonly Organisation[]> {
  const owners = runs.flatMap(({ testbed }) => (testbed === undefined ? [] : [testbed.organisation]));
  const ids = new Set([...subjects.map((one) => one.organisation), campaign.organisation, ...owners]);
  const known = await Promise.all([...ids].sort().map((id) => store.organisation(id)));
  return known.filter((one) => one !== null);
}
