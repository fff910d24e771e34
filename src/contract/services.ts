import { attachRequestCodec, attachResponseCodec } from './attach-codec.ts';
import { type Codec, receive, type Received } from './codec.ts';
import { enrolCodec, enrolledCodec, renewCodec, renewedCodec } from './enrolment-codec.ts';
import {
  evidenceStateCodec,
  evidenceUploadedCodec,
  queryEvidenceCodec,
  uploadEvidenceCodec,
} from './evidence-codec.ts';

/**
 * The services of runner.proto as gRPC for Node wants them. What arrives is a `Received`: a message, or what is wrong
 * with it; what is sent is the message itself.
 */
export const runnerService = {
  attach: method({
    path: '/patchbay.v1.RunnerService/Attach',
    request: attachRequestCodec,
    response: attachResponseCodec,
    requestStream: true,
    responseStream: true,
  }),
  queryEvidence: method({
    path: '/patchbay.v1.RunnerService/QueryEvidence',
    request: queryEvidenceCodec,
    response: evidenceStateCodec,
  }),
  uploadEvidence: method({
    path: '/patchbay.v1.RunnerService/UploadEvidence',
    request: uploadEvidenceCodec,
    response: evidenceUploadedCodec,
    requestStream: true,
  }),
  renew: method({
    path: '/patchbay.v1.RunnerService/Renew',
    request: renewCodec,
    response: renewedCodec,
  }),
} as const;

export const enrolmentService = {
  enrol: method({
    path: '/patchbay.v1.EnrolmentService/Enrol',
    request: enrolCodec,
    response: enrolledCodec,
  }),
} as const;

/** Trailing metadata of a refused call: the code of docs/errors.md. The status text is its sentence. */
export const CODE_METADATA = 'patchbay-code';

interface MethodSpec<Req, Res> {
  readonly path: string;
  readonly request: Codec<Req>;
  readonly response: Codec<Res>;
  readonly requestStream?: boolean;
  readonly responseStream?: boolean;
}

/** Structurally a `MethodDefinition` of grpc-js, for both ends. */
export interface WireMethod<Req, Res> {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly requestSerialize: (value: Req) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => Received<Req>;
  readonly responseSerialize: (value: Res) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Received<Res>;
}

function method<Req, Res>(spec: MethodSpec<Req, Res>): WireMethod<Req, Res> {
  return {
    path: spec.path,
    requestStream: spec.requestStream ?? false,
    responseStream: spec.responseStream ?? false,
    requestSerialize: (value) => asBuffer(spec.request.render(value)),
    requestDeserialize: (bytes) => receive(spec.request, bytes),
    responseSerialize: (value) => asBuffer(spec.response.render(value)),
    responseDeserialize: (bytes) => receive(spec.response, bytes),
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
