import { pause } from '../../src/kernel/deadline.ts';

export interface SettingUp<Outcome> {
  /** Asks, and waits for what comes of it, or for the signal. */
  readonly ask: () => Promise<Outcome>;
  /** Called where the answer is seen: what comes behind it finds the interface set up. */
  readonly granted: () => void;
  /** How long to wait after a refusal, or in vain. */
  readonly pauseMs: (outcome: Outcome) => number;
}

/** Asks for an interface to be set up until that is granted, the association is over, or the signal has it end. */
export async function keepAsking<Outcome extends { readonly kind: string }>(
  { ask, granted, pauseMs }: SettingUp<Outcome>,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  try {
    for (;;) {
      const outcome = await ask();
      if (outcome.kind === 'successful') granted();
      if (outcome.kind === 'successful' || outcome.kind === 'ended') return;
      await pause(pauseMs(outcome), { signal });
    }
  } catch (error) {
    unlessAborted(signal)(error);
  }
}

/** For a promise that only the signal may have rejected. @throws whatever else was wrong */
export function unlessAborted(signal: AbortSignal): (error: unknown) => null {
  return (error) => {
    if (!signal.aborted || error !== signal.reason) throw error;
    return null;
  };
}
