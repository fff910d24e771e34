import { Metadata, type StatusObject, status } from '@grpc/grpc-js';
import { CODE_METADATA } from '../../contract/services.ts';
import type { Code } from '../../kernel/codes.ts';
import { HarnessError } from '../../kernel/errors.ts';

/** gRPC statuses of codes that a runner has to tell apart without reading ours; the others are INTERNAL. */
const STATUS: Partial<Record<Code, status>> = {
  CERTIFICATE_REVOKED: status.UNAUTHENTICATED,
  UNAUTHENTICATED: status.UNAUTHENTICATED,
  TOKEN_INVALID: status.UNAUTHENTICATED,
  CERTIFICATE_WRONG_TESTBED: status.PERMISSION_DENIED,
  PROTOCOL_VERSION: status.FAILED_PRECONDITION,
  STALE_FENCE: status.FAILED_PRECONDITION,
  TESTBED_TAKEN: status.FAILED_PRECONDITION,
  MESSAGE_INVALID: status.INVALID_ARGUMENT,
  INPUT_TOO_LARGE: status.RESOURCE_EXHAUSTED,
  TOO_MANY_ATTEMPTS: status.RESOURCE_EXHAUSTED,
  STORE_FULL: status.RESOURCE_EXHAUSTED,
  EVIDENCE_CORRUPT: status.DATA_LOSS,
  STORE_UNAVAILABLE: status.UNAVAILABLE,
  LINE_DOWN: status.UNAVAILABLE,
  DEADLINE: status.DEADLINE_EXCEEDED,
};

export type CallFailure = Pick<StatusObject, 'code' | 'details' | 'metadata'> & Error;

/** How a call ends that is refused: our code in the trailing metadata, its sentence as the status text. */
export function failureOf(cause: unknown): CallFailure {
  const error = HarnessError.from(cause);
  const metadata = new Metadata();
  metadata.set(CODE_METADATA, error.code);
  // What is unexpected may quote anything; the log has it, the other side needs no more than the code.
  const details = error.code === 'UNEXPECTED' ? 'something unexpected happened' : error.message;
  return Object.assign(new Error(details), {
    code: STATUS[error.code] ?? status.INTERNAL,
    details: details.replaceAll(/[^\x20-\x7e]/gu, '?').slice(0, 1_000),
    metadata,
  });
}
