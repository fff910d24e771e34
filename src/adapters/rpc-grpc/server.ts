import {
  type sendUnaryData,
  Server,
  ServerCredentials,
  setLogVerbosity,
  logVerbosity,
  type ServerReadableStream,
  type ServerUnaryCall,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Log } from '../../campaigns/ports.ts';
import type { Received } from '../../contract/codec.ts';
import { MAX_ORCHESTRATOR_MESSAGE_BYTES, MAX_RUNNER_MESSAGE_BYTES } from '../../contract/limits.ts';
import type {
  Enrol,
  Enrolled,
  EvidenceProgress,
  QueryEvidence,
  Renew,
  Renewed,
  UploadEvidence,
} from '../../contract/runner-messages.ts';
import { enrolmentService, runnerService } from '../../contract/services.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Address } from './deps.ts';
import type { AttachCall } from './line.ts';
import { failureOf } from './status.ts';

type Unary<Req, Res> = (call: ServerUnaryCall<Received<Req>, Res>, request: Req) => Promise<Res>;

export interface RunnerHandlers {
  readonly attach: (call: AttachCall) => Promise<void>;
  readonly queryEvidence: Unary<QueryEvidence, EvidenceProgress>;
  readonly uploadEvidence: (
    call: ServerReadableStream<Received<UploadEvidence>, EvidenceProgress>,
  ) => Promise<EvidenceProgress>;
  readonly renew: Unary<Renew, Renewed>;
}

export interface EnrolmentHandlers {
  readonly enrol: Unary<Enrol, Enrolled>;
}

interface ListenOptions {
  readonly address: Address;
  readonly tls: { readonly keyPem: string; readonly chainPem: string };
  /** PEM: with it, only clients with a certificate of this CA get through TLS. */
  readonly clientCa: string | null;
  readonly log: Log;
}

export interface Listening extends AsyncDisposable {
  readonly port: number;
}

const OPTIONS = {
  'grpc.max_receive_message_length': MAX_RUNNER_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_ORCHESTRATOR_MESSAGE_BYTES,
  'grpc.max_concurrent_streams': 64,
  // A line that is dead without having been closed is found by pings.
  'grpc.keepalive_time_ms': 15_000,
  'grpc.keepalive_timeout_ms': 10_000,
};

export function listenForRunners(handlers: RunnerHandlers, options: ListenOptions): Promise<Listening> {
  const { log } = options;
  return listen(
    runnerService,
    {
      attach: (call: AttachCall) => void handlers.attach(call),
      queryEvidence: unary(handlers.queryEvidence, log),
      renew: unary(handlers.renew, log),
      uploadEvidence: (
        call: ServerReadableStream<Received<UploadEvidence>, EvidenceProgress>,
        done: sendUnaryData<EvidenceProgress>,
      ) => answer(handlers.uploadEvidence(call), done, log),
    },
    options,
  );
}

export function listenForEnrolment(handlers: EnrolmentHandlers, options: ListenOptions): Promise<Listening> {
  return listen(enrolmentService, { enrol: unary(handlers.enrol, options.log) }, options);
}

async function listen(
  service: ServiceDefinition,
  handlers: UntypedServiceImplementation,
  { address, tls, clientCa }: ListenOptions,
): Promise<Listening> {
  // grpc-js writes to standard error by itself, where our log is; what it says there comes as an error, too.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server(OPTIONS);
  server.addService(service, handlers);
  const pair = { private_key: Buffer.from(tls.keyPem), cert_chain: Buffer.from(tls.chainPem) };
  const credentials = ServerCredentials.createSsl(
    clientCa === null ? null : Buffer.from(clientCa),
    [pair],
    clientCa !== null,
  );
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${address.port}`, credentials, (error, bound) =>
      error === null ? resolve(bound) : reject(unusable(address, error)),
    );
  });
  return { port, [Symbol.asyncDispose]: () => close(server) };
}

function unusable({ host, port }: ListenOptions['address'], cause: Error): HarnessError {
  const text = `the ports for runners: cannot listen on ${host}:${port}: ${cause.message}`;
  return new HarnessError('ADDRESS_UNUSABLE', text, { cause });
}

/**
 * Calls under way get a moment to end; then the connections are cut. grpc-js may never call back when connections break
 * while it waits for them, so the moment ends either way.
 */
async function close(server: Server): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    new Promise<void>((resolve) => server.tryShutdown(() => resolve())),
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    }),
  ]);
  clearTimeout(timer);
  server.forceShutdown();
}

const CLOSE_MS = 500;

function unary<Req, Res>(handler: Unary<Req, Res>, log: Log) {
  return (call: ServerUnaryCall<Received<Req>, Res>, done: sendUnaryData<Res>): void => {
    const { request } = call;
    const work = request.ok ? handler(call, request.value) : Promise.reject(request.error);
    answer(work, done, log);
  };
}

function answer<T>(work: Promise<T>, done: sendUnaryData<T>, log: Log): void {
  work.then(
    (value) => done(null, value),
    (cause: unknown) => {
      const err = HarnessError.from(cause);
      log.warn({ event: 'rpc.refused', code: err.code, err }, 'a call was refused');
      done(failureOf(err));
    },
  );
}
