import { HarnessError } from '../../../../src/kernel/errors.ts';

export interface Place {
  readonly file: string;
  readonly line: number;
}

/** What is wrong in a module, and where. */
export function asn1Error({ file, line }: Place, message: string): HarnessError {
  return new HarnessError('ASN1_INVALID', `${file}:${String(line)}: ${message}`);
}
