import { execFileSync } from 'node:child_process';
import type { Impairment } from '../../../runners/interfaces/sctp/impair.ts';
import type { SctpTransport } from '../../../runners/interfaces/sctp/types.ts';
import type { Pair } from './conformance.ts';

/** Whether this is the guest of `scripts/with-kernel-sctp.mjs`, whose network is nobody else's. */
export function isInGuest(): boolean {
  return process.env['PATCHBAY_SCTP_GUEST'] === 'yes';
}

/** Two ends that reach each other over the loopback interface of the guest. */
export function inGuest(
  ends: Omit<Pair, 'cut' | 'restart'>,
  reopenClient: () => Promise<SctpTransport> | SctpTransport,
  impairment: Impairment = {},
): Pair {
  impairLoopback(impairment);
  const cut = () => impairLoopback({ loss: 1 });
  const restart = async () => {
    cut();
    await ends.client[Symbol.asyncDispose]();
    impairLoopback(impairment);
    return reopenClient();
  };
  return { ...ends, cut, restart };
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
