import {
  Client,
  type ClientDuplexStream,
  type ClientWritableStream,
  credentials as grpcCredentials,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import type { Received } from '../../src/contract/codec.ts';
import { MAX_ORCHESTRATOR_MESSAGE_BYTES, MAX_RUNNER_MESSAGE_BYTES } from '../../src/contract/limits.ts';
import type {
  EvidenceProgress,
  ToOrchestrator,
  ToRunner,
  UploadEvidence,
} from '../../src/contract/runner-messages.ts';
import { CODE_METADATA, runnerService, type WireMethod } from '../../src/contract/services.ts';
import { isCode } from '../../src/kernel/codes.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import type { Credentials } from './credentials.ts';

export type AttachStream = ClientDuplexStream<ToOrchestrator, Received<ToRunner>>;
export type UploadStream = ClientWritableStream<UploadEvidence>;

const CALL_MS = 30_000;
const OPTIONS = {
  'grpc.max_receive_message_length': MAX_ORCHESTRATOR_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_RUNNER_MESSAGE_BYTES,
  // A list of assignments takes megabytes: with HTTP/2's 64 KiB it goes in hundreds of round trips, and all
  // acknowledgements wait behind it.
  'grpc-node.flow_control_window': 16 * 1024 * 1024,
  'grpc.keepalive_time_ms': 15_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // Each connection has its own TLS session: after a renewal nothing goes on under the old certificate.
  'grpc.use_local_subchannel_pool': 1,
  // We dial again ourselves, with our own pauses.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.enable_retries': 0,
};

/** A connection to one orchestrator. Disposing closes it. */
export class Connection implements Disposable {
  readonly #client: Client;

  constructor(endpoint: string, tls: { caPem: string; keyPem?: string; chainPem?: string }) {
    const { caPem, keyPem, chainPem } = tls;
    const pem = (text: string | undefined): Buffer | null => (text === undefined ? null : Buffer.from(text));
    this.#client = new Client(
      endpoint,
      grpcCredentials.createSsl(Buffer.from(caPem), pem(keyPem), pem(chainPem)),
      OPTIONS,
    );
  }

  static of(credentials: Credentials): Connection {
    return new Connection(credentials.endpoint, credentials);
  }

  attach(): AttachStream {
    const { path, requestSerialize, responseDeserialize } = runnerService.attach;
    return this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
  }

  /** A unary call. Rejects with the code that the orchestrator gave, or `LINE_DOWN`. */
  async call<Req, Res>(
    method: WireMethod<Req, Res>,
    request: Req,
    { signal }: { signal: AbortSignal },
  ): Promise<Res> {
    signal.throwIfAborted();
    const received = await new Promise<Received<Res>>((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        request,
        { deadline: Date.now() + CALL_MS },
        (error, value) => {
          signal.removeEventListener('abort', cancel);
          if (error !== null) reject(failureOf(error));
          else if (value === undefined)
            reject(new HarnessError('MESSAGE_INVALID', `${method.path}: no answer`));
          else resolve(value);
        },
      );
      const cancel = (): void => call.cancel();
      signal.addEventListener('abort', cancel, { once: true });
    });
    return unwrap(received);
  }

  upload(): { readonly stream: UploadStream; readonly answer: Promise<EvidenceProgress> } {
    const { path, requestSerialize, responseDeserialize } = runnerService.uploadEvidence;
    let stream: UploadStream | undefined;
    const answer = new Promise<Received<EvidenceProgress>>((resolve, reject) => {
      stream = this.#client.makeClientStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        (error, value) => {
          if (error !== null) reject(failureOf(error));
          else if (value === undefined) reject(new HarnessError('MESSAGE_INVALID', `${path}: no answer`));
          else resolve(value);
        },
      );
    }).then(unwrap);
    if (stream === undefined) throw new TypeError('gRPC gave no stream');
    return { stream, answer };
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

export function unwrap<T>(received: Received<T>): T {
  if (!received.ok) throw received.error;
  return received.value;
}

/** The code that came with a failed call; without one it is the line that failed. */
export function failureOf(error: unknown): HarnessError {
  if (!isServiceError(error)) return HarnessError.from(error, 'LINE_DOWN');
  const [code] = error.metadata.get(CODE_METADATA).map(String);
  if (code !== undefined && isCode(code)) return new HarnessError(code, error.details, { cause: error });
  return new HarnessError('LINE_DOWN', `${status[error.code]}: ${error.details}`, {
    cause: error,
  });
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'metadata' in error && 'details' in error;
}
