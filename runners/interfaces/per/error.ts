import { HarnessError } from '../../../src/kernel/errors.ts';

/** One thing that is wrong with an encoding or a value. */
export interface Fault {
  /** Members and positions on the way, as in `pdu.value.items[3].id`; empty at the top. */
  readonly path: string;
  /** Where it was noticed, in bits from the beginning; inside fragments that were joined, from where these begin. */
  readonly bitOffset: number;
  readonly message: string;
}

/** PER_INVALID: what was received is no encoding of the type. PER_VALUE_INVALID: what should be sent is no value of it. */
export class PerError extends HarnessError {
  readonly found: Fault;

  constructor(code: 'PER_INVALID' | 'PER_VALUE_INVALID', found: Fault, options?: ErrorOptions) {
    const { path, bitOffset, message } = found;
    const place = code === 'PER_INVALID' ? ` (bit ${String(bitOffset)})` : '';
    super(code, `${path === '' ? '' : `${path}: `}${message}${place}`, options);
    this.found = found;
  }

  /** The same with the path that only the caller knows. */
  at(path: string): PerError {
    const code = this.code === 'PER_INVALID' ? 'PER_INVALID' : 'PER_VALUE_INVALID';
    return new PerError(code, { ...this.found, path }, { cause: this });
  }
}

export function badValue(message: string): PerError {
  return new PerError('PER_VALUE_INVALID', { path: '', bitOffset: 0, message });
}
