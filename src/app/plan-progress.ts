import type { Io } from './io.ts';
import type { PlanningProgress } from '../planning/campaign/plan-campaign.ts';

const BAR_WIDTH = 24;

export interface PlanProgress {
  readonly show: (progress: PlanningProgress) => void;
  readonly done: () => void;
}

/**
 * On a terminal a bar that is drawn over itself; elsewhere one line, once the search has begun.
 *
 * @param atMost how long the search may take
 */
export function makePlanProgress(
  { isTty, stderr }: Pick<Io, 'isTty' | 'stderr'>,
  atMost: string,
): PlanProgress {
  if (!isTty)
    return { show: once(() => stderr(`planning, ${atMost}; Ctrl-C: the best so far\n`)), done: () => {} };
  return {
    show: ({ spent, text }) => {
      const bar = '█'.repeat(Math.min(BAR_WIDTH, Math.round(spent * BAR_WIDTH))).padEnd(BAR_WIDTH, '░');
      stderr(`\r\u001b[2K${bar} ${text}`);
    },
    done: () => stderr('\r\u001b[2K'),
  };
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
