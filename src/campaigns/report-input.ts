import type { Store } from './store-ports.ts';
import type { IssueOrder, ReportFrame } from './report-orders.ts';
import type { LabKeys } from '../attest/sign/lab-keys.ts';
import type { Campaign } from '../domain/campaign.ts';
import { type CoSigner, scopeWithin } from '../domain/co-signer.ts';
import { holdOf, type Run } from '../domain/run.ts';
import { HarnessError } from '../kernel/errors.ts';
import type { ReportedRun, ReportInput } from '../reports/input.ts';

export interface ReportInputDeps {
  readonly store: Pick<Store, 'draft' | 'records' | 'reportImports'>;
  readonly keys: LabKeys;
}

/** What an orchestrator without a disciplined clock may claim of its time. */
const CLOCK = { source: 'system clock of the orchestrator', maxErrorMs: 1_000 };

/** What the report of an order is made of: what is stored and never changes, and what the order has fixed. */
export async function readReportInput(
  { store, keys }: ReportInputDeps,
  campaign: Campaign,
  { order, runs }: { readonly order: IssueOrder; readonly runs: readonly Run[] },
): Promise<ReportInput> {
  const { frame, revision, opinions, overrides } = order;
  const drafts = await Promise.all(runs.map((run) => store.draft(run.id)));
  const reported = await Promise.all(
    runs.map(async (run, index): Promise<ReportedRun> => {
      const draft = drafts[index];
      if (draft === undefined) throw new HarnessError('NOT_FOUND', `there is no run ${run.id}`);
      const records = await store.records(run.id);
      return { run, plan: draft.plan, tools: draft.tools, records, ...placeOf(run, frame) };
    }),
  );
  const imported = await store.reportImports(order);
  return {
    lab: labOf(frame, keys.lab),
    organisations: frame.organisations,
    campaign,
    subjects: drafts.at(-1)?.subjects ?? [],
    runs: reported,
    signatories: signatories(keys, campaign.request.coSigners ?? [], reported),
    issuedAt: order.at,
    clock: CLOCK,
    harness: { name: 'Patchbay', version: frame.version },
    revision,
    opinions,
    overrides,
    imports: imported.filter(({ id }) => order.imports.includes(id)).map(({ results }) => results),
  };
}

function placeOf({ life }: Run, { testbeds }: ReportFrame): Pick<ReportedRun, 'runners' | 'testbed'> {
  const hold = holdOf(life);
  return testbeds.find(({ testbed }) => testbed.id === hold?.testbed) ?? { runners: [] };
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
function labOf({ organisations }: ReportFrame, id: string): ReportInput['lab'] {
  const known = organisations.find((one) => one.id === id);
  if (known === undefined) return { id };
  const { name, address, contacts, accreditation } = known;
  return {
    id,
    name,
    ...(address === undefined ? {} : { address }),
    ...(contacts === undefined ? {} : { contacts }),
    ...(accreditation === undefined ? {} : { accreditation }),
  };
}
