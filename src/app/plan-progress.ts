import type { Io } from './io.ts';
import type { PlanningProgress } from '../planning/campaign/plan-campaign.ts';

const BAR_WIDTH = 24;

export interface PlanProgress {
  readonly show: (progress: PlanningProgress) => void;
  readonly done: () => void;
}

/** On a terminal a bar that is drawn over itself; elsewhere nothing. */
export function makePlanProgress({ isTty, stderr }: Pick<Io, 'isTty' | 'stderr'>): PlanProgress {
  if (!isTty) return { show: () => {}, done: () => {} };
  return {
    show: ({ spent, text }) => {
      const bar = '█'.repeat(Math.min(BAR_WIDTH, Math.round(spent * BAR_WIDTH))).padEnd(BAR_WIDTH, '░');
      stderr(`\r\u001b[2K${bar} ${text}`);
    },
    done: () => stderr('\r\u001b[2K'),
  };
}
