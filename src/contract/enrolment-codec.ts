import {
  type OrganisationId,
  parseName,
  parseQualifiedName,
  type RunnerId,
  type TestbedId,
} from '../domain/ids.ts';
import { makeCodec } from './codec.ts';
import { bytes, parsed, text } from './fields.ts';
import { patchbay } from './gen/patchbay.js';
import type { Enrol, Enrolled, Renew, Renewed } from './runner-messages.ts';

const MAX_CSR_BYTES = 4_096;
const MAX_PEM = 64 * 1024;
const MAX_BYTES = 4 * MAX_PEM;
/** Longest enrolment token, in characters. */
const MAX_TOKEN = 512;

export const enrolCodec = makeCodec<Enrol, patchbay.v1.EnrolRequest.$Properties>({
  name: 'EnrolRequest',
  maxBytes: MAX_BYTES,
  wire: patchbay.v1.EnrolRequest,
  toWire: ({ token, certificateSigningRequest }) => ({ token, certificateSigningRequest }),
  fromWire: (wire) => ({ token: text(wire.token, 'token', MAX_TOKEN), ...csrFromWire(wire) }),
});

export const enrolledCodec = makeCodec<Enrolled, patchbay.v1.EnrolResponse.$Properties>({
  name: 'EnrolResponse',
  maxBytes: MAX_BYTES,
  wire: patchbay.v1.EnrolResponse,
  toWire: (value) => ({ ...value }),
  fromWire: (wire) => ({
    ...chainFromWire(wire),
    runnerEndpoint: text(wire.runnerEndpoint, 'runner_endpoint', 512),
    runner: parsed(parseName(wire.runner ?? ''), 'runner') as RunnerId,
    organisation: parsed(parseName(wire.organisation ?? ''), 'organisation') as OrganisationId,
    testbed: parsed(parseQualifiedName<TestbedId>(wire.testbed ?? ''), 'testbed'),
  }),
});

export const renewCodec = makeCodec<Renew, patchbay.v1.RenewRequest.$Properties>({
  name: 'RenewRequest',
  maxBytes: MAX_BYTES,
  wire: patchbay.v1.RenewRequest,
  toWire: ({ certificateSigningRequest }) => ({ certificateSigningRequest }),
  fromWire: csrFromWire,
});

export const renewedCodec = makeCodec<Renewed, patchbay.v1.RenewResponse.$Properties>({
  name: 'RenewResponse',
  maxBytes: MAX_BYTES,
  wire: patchbay.v1.RenewResponse,
  toWire: ({ certificateChain, caCertificate }) => ({ certificateChain, caCertificate }),
  fromWire: chainFromWire,
});

function csrFromWire(wire: patchbay.v1.RenewRequest.$Properties): Renew {
  const field = 'certificate_signing_request';
  return { certificateSigningRequest: bytes(wire.certificateSigningRequest, field, MAX_CSR_BYTES) };
}

function chainFromWire(wire: patchbay.v1.RenewResponse.$Properties): Renewed {
  return {
    certificateChain: text(wire.certificateChain, 'certificate_chain', MAX_PEM),
    caCertificate: text(wire.caCertificate, 'ca_certificate', MAX_PEM),
  };
}
