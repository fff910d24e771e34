import type { Code } from '../../kernel/codes.ts';
import { type Reason, reason } from '../../kernel/errors.ts';
import type { Result } from '../../kernel/result.ts';

/** The first thing that is wrong ends a verification. Caught where a verification begins and nowhere else. */
export class Refusal extends Error {
  readonly reason: Reason;

  constructor(why: Reason) {
    super(why.text);
    this.reason = why;
  }
}

export function refuse(code: Code, text: string): never {
  throw new Refusal(reason(code, text));
}

export function orRefuse<T>(result: Result<T, Reason>): T {
  if (!result.ok) throw new Refusal(result.error);
  return result.value;
}
