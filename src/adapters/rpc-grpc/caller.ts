import type { ServerUnaryCall } from '@grpc/grpc-js';
import type { RunnerStore } from '../../campaigns/store-ports.ts';
import { parseRunnerIdentity, type RunnerIdentity } from '../../contract/runner-identity.ts';
import { HarnessError } from '../../kernel/errors.ts';

/** Who calls, by the certificate that TLS has verified. */
export interface Caller extends RunnerIdentity {
  /** Lower-case hexadecimal, without leading zeros. */
  readonly serial: string;
  /** End of the certificate, milliseconds since the Unix epoch. */
  readonly notAfter: number;
}

type AuthenticatedCall = Pick<ServerUnaryCall<unknown, unknown>, 'getAuthContext'>;

/** The caller of a call, if its certificate may be used. `UNAUTHENTICATED` or `CERTIFICATE_REVOKED`. */
export async function authenticate(store: RunnerStore, call: AuthenticatedCall): Promise<Caller> {
  const caller = callerOf(call);
  await checkCertificate(store, caller);
  return caller;
}

async function checkCertificate(store: RunnerStore, { serial, runner }: Caller): Promise<void> {
  const state = await store.certificateState(serial);
  if (state === 'valid') return;
  throw new HarnessError('CERTIFICATE_REVOKED', `the certificate ${serial} of ${runner} is ${state}`);
}

function callerOf(call: AuthenticatedCall): Caller {
  const certificate = call.getAuthContext().sslPeerCertificate;
  // Node joins several names with ", " and quotes odd ones: only exactly one plain URI is a runner of ours.
  const uri = /^URI:([^\s,"]+)$/u.exec(certificate?.subjectaltname ?? '')?.[1] ?? '';
  const identity = parseRunnerIdentity(uri);
  if (certificate === undefined || !identity.ok) {
    throw new HarnessError('UNAUTHENTICATED', 'the call has no certificate of a runner');
  }
  return {
    ...identity.value,
    serial: certificate.serialNumber.toLowerCase().replace(/^0+/u, ''),
    notAfter: Date.parse(certificate.valid_to),
  };
}
