/** The one place of our own URIs. A real domain is needed before the first public release: docs/adr/0004. */
const BASE = 'https://patchbay.example';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = `${BASE}/attestations/conformance-report/v1`;
/** in-toto/attestation, spec/predicates/test-result.md */
export const TEST_RESULT_TYPE = 'https://in-toto.io/attestation/test-result/v0.1';
export const COSIGN_REQUEST_SCHEMA_ID = `${BASE}/schemas/cosign-request.json`;
export const CO_SIGNATURE_SCHEMA_ID = `${BASE}/schemas/co-signature.json`;
export const STATEMENT_SCHEMA_ID = `${BASE}/schemas/conformance-report-v1.json`;

export const STATUS_PREDICATE_TYPE = `${BASE}/attestations/report-status/v1`;
export const STATUS_SCHEMA_ID = `${BASE}/schemas/report-status-v1.json`;
/** For specifications of our own: test plans that cite nobody else's. */
export const SPECIFICATIONS_URI = `${BASE}/testplans`;
