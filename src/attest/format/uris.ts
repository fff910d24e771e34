/** The one place of our own URIs. A real domain is needed before the first public release: docs/adr/0004. */
const BASE = 'https://patchbay.example';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const PREDICATE_TYPE = `${BASE}/attestations/conformance-report/v1`;
export const COSIGN_REQUEST_SCHEMA_ID = `${BASE}/schemas/cosign-request.json`;
export const CO_SIGNATURE_SCHEMA_ID = `${BASE}/schemas/co-signature.json`;
export const STATEMENT_SCHEMA_ID = `${BASE}/schemas/conformance-report-v1.json`;
