import { pause } from '../../kernel/deadline.ts';
import { HarnessError } from '../../kernel/errors.ts';

const FIRST_MS = 50;
const LONGEST_MS = 2_000;

/** Does it until it works: what fails with a code that clears by itself is tried again, a little later each time. */
export async function keepTrying<T>(
  attempt: () => Promise<T>,
  { signal, onTrouble }: { signal: AbortSignal; onTrouble?: (error: HarnessError) => void },
): Promise<T> {
  for (let waitMs = FIRST_MS; ; waitMs = Math.min(2 * waitMs, LONGEST_MS)) {
    signal.throwIfAborted();
    try {
      return await attempt();
    } catch (cause) {
      const error = HarnessError.from(cause);
      if (!CLEARS.has(error.code)) throw error;
      onTrouble?.(error);
    }
    await pause(waitMs, { signal });
  }
}

const CLEARS = new Set(['STORE_UNAVAILABLE', 'STORE_FULL', 'CONFLICT']);
