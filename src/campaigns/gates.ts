import type { Store } from './store-ports.ts';
import type { Run } from '../domain/run.ts';
import { reason, type Reason } from '../kernel/errors.ts';

export interface Gate {
  /** It will not open any more. */
  readonly closed: boolean;
  readonly reason: Reason;
}

/**
 * Stage gates: the plans that must have passed on the same SUT, in the same campaign, before this run starts.
 * The newest attempt of a plan decides. `null` when every gate is open.
 */
export async function gateReason(store: Pick<Store, 'draft' | 'runsOf'>, run: Run): Promise<Gate | null> {
  const { plan } = await store.draft(run.id);
  if (plan.gates.length === 0) return null;
  const siblings = await store.runsOf(run.campaign);
  for (const gate of plan.gates) {
    const attempts = siblings.filter((sibling) => sibling.plan.id === gate && sameSut(sibling, run));
    const last = latestAttempt(attempts);
    if (last === undefined) return shut(`plan ${gate} is not part of the campaign for this SUT`);
    if (last.life.state !== 'final') {
      return {
        closed: false,
        reason: reason('GATE_WAITS', `plan ${gate} has to pass first (run ${last.id})`),
      };
    }
    if (last.life.finding !== 'pass')
      return shut(`plan ${gate} came to ${last.life.finding} in run ${last.id}`);
  }
  return null;
}

/** The attempt that no other attempt retries. */
export function latestAttempt(attempts: readonly Run[]): Run | undefined {
  const retried = new Set(attempts.map(({ retryOf }) => retryOf));
  return attempts.filter(({ id }) => !retried.has(id)).at(-1);
}

export function sameSut(a: Pick<Run, 'subjects'>, b: Pick<Run, 'subjects'>): boolean {
  return a.subjects.length === b.subjects.length && a.subjects.every((id, index) => id === b.subjects[index]);
}

function shut(text: string): Gate {
  return { closed: true, reason: reason('GATE_CLOSED', text) };
}
