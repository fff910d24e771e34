import { CommanderError } from 'commander';

import { EXIT } from '../domain/exit-code.ts';
import { HarnessError } from '../kernel/errors.ts';

export interface Complaint {
  readonly code: number;
  /** For people, on standard error; empty when everything has been said. */
  readonly text: string;
}

/** What a command that threw says and ends with. One line with a code and a remedy; a stack only when asked for. */
export function complain(
  thrown: unknown,
  { interrupted, debug }: { interrupted: boolean; debug: boolean },
): Complaint {
  if (thrown instanceof CommanderError)
    return { code: thrown.exitCode === 0 ? EXIT.ok : EXIT.wrongUse, text: '' };
  const stack = debug && thrown instanceof Error ? `${thrown.stack ?? ''}\n` : '';
  if (interrupted) return { code: EXIT.interrupted, text: `patchbay: interrupted\n${stack}` };
  const error = HarnessError.from(thrown);
  const { fault, remedy } = error.spec;
  const code = fault === 'request' || fault === 'plan' ? EXIT.wrongUse : EXIT.broken;
  return { code, text: `patchbay: ${error.code}: ${error.message} (${remedy})\n${stack}` };
}
