import { CODES, type Code, type CodeSpec, type Fault } from './codes.ts';

/** Everything that is neither a misbehaving SUT (data) nor bad input (a `Result`): a coded failure of ours. */
export class HarnessError extends Error {
  override readonly name = 'HarnessError';
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  get fault(): Fault {
    return this.spec.fault;
  }

  get spec(): CodeSpec {
    return CODES[this.code];
  }

  /** Gives anything thrown a code, once, at the boundary where it is caught. */
  static from(cause: unknown, code: Code = 'UNEXPECTED'): HarnessError {
    if (cause instanceof HarnessError) return cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    return new HarnessError(code, message, { cause });
  }
}

/** A machine-readable reason with its sentence: every wait, refusal, disposition and end carries one. */
export interface Reason {
  readonly code: Code;
  readonly text: string;
}

export function reason(code: Code, text: string): Reason {
  return { code, text };
}
