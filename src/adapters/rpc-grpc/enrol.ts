import { randomBytes } from 'node:crypto';
import type { ServerUnaryCall } from '@grpc/grpc-js';
import type { Clock, Log } from '../../campaigns/ports.ts';
import type { RunnerStore } from '../../campaigns/store-ports.ts';
import { enrolmentTokenHash, parseEnrolmentToken } from '../../contract/enrolment-token.ts';
import type { Enrol, Enrolled, Renew, Renewed } from '../../contract/runner-messages.ts';
import { instant, type RunnerId } from '../../domain/ids.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Attempts } from './attempts.ts';
import type { Caller } from './caller.ts';
import type { RunnerCa } from './deps.ts';

export interface EnrolDeps {
  readonly store: RunnerStore;
  readonly ca: RunnerCa;
  readonly clock: Clock;
  readonly log: Log;
  readonly attempts: Attempts;
  /** host:port of the RunnerService, for a runner that reached the enrolment at `authority`. */
  readonly runnerEndpoint: (authority: string) => string;
}

type EnrolCall = Pick<ServerUnaryCall<unknown, unknown>, 'getPeer' | 'getHost'>;

/** Turns a token into a certificate, once. `TOKEN_INVALID` says no more than that: not which part was wrong. */
export async function enrol(deps: EnrolDeps, call: EnrolCall, request: Enrol): Promise<Enrolled> {
  const { store, ca, clock, log, attempts } = deps;
  const address = call.getPeer().replace(/:\d+$/u, '');
  attempts.check(address);
  const token = parseEnrolmentToken(request.token);
  if (!token.ok) {
    attempts.failed(address);
    throw new HarnessError('TOKEN_INVALID', `the token is not well-formed: ${token.error}`);
  }
  // A request that cannot be answered must not use the token up.
  const certificate = await ca.prepareRunner(request.certificateSigningRequest);
  const { serial, notAfter } = certificate;
  const runner = `runner-${randomBytes(10).toString('hex')}` as RunnerId;
  const owner = await store
    .redeemEnrolmentToken(enrolmentTokenHash(token.value), clock.now(), {
      id: runner,
      serial,
      notAfter: instant(notAfter),
    })
    .catch((error: unknown) => {
      if (HarnessError.from(error).code === 'TOKEN_INVALID') attempts.failed(address);
      throw error;
    });
  log.info(
    { event: 'runner.enrolled', runnerId: runner, testbed: owner.testbed, serial },
    'a runner enrolled',
  );
  return {
    ...owner,
    runner,
    certificateChain: await certificate.issue({ ...owner, runner }),
    caCertificate: ca.certificatePem,
    runnerEndpoint: deps.runnerEndpoint(call.getHost()),
  };
}

/** A further certificate for a runner that still has a valid one. The old one stays valid until its end. */
export async function renew({ store, ca, log }: EnrolDeps, caller: Caller, request: Renew): Promise<Renewed> {
  const certificate = await ca.prepareRunner(request.certificateSigningRequest);
  const { serial, notAfter } = certificate;
  await store.addCertificate(caller.runner, serial, instant(notAfter));
  log.info({ event: 'runner.renewed', runnerId: caller.runner, serial }, 'a runner renewed its certificate');
  return { certificateChain: await certificate.issue(caller), caCertificate: ca.certificatePem };
}
