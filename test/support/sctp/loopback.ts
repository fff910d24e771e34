import { execFileSync } from 'node:child_process';
import type { Impairment } from '../../../runners/interfaces/sctp/impair.ts';

/** Whether this is the guest of `scripts/with-kernel-sctp.mjs`, whose network is nobody else's. */
export function isInGuest(): boolean {
  return process.env['PATCHBAY_SCTP_GUEST'] === 'yes';
}

/** Makes the loopback interface of the guest as bad as a carrier of ours can be; `{}` makes it good. */
export function impairLoopback({
  loss = 0,
  duplication = 0,
  reordering = 0,
  reorderMs = 5,
}: Impairment): void {
  const percent = (share: number): string => `${share * 100}%`;
  const reorder = reordering === 0 ? [] : ['delay', `${reorderMs}ms`, 'reorder', percent(1 - reordering)];
  const how = ['loss', percent(loss), 'duplicate', percent(duplication), ...reorder];
  execFileSync('tc', ['qdisc', 'replace', 'dev', 'lo', 'root', 'netem', 'limit', '100000', ...how]);
}
