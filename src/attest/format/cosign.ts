import { type Reason, reason } from '../../kernel/errors.ts';
import { isJsonObject, type Json } from '../../kernel/json.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { fromBase64, toBase64 } from './base64.ts';
import {
  type Envelope,
  MAX_ENVELOPE_BYTES,
  MAX_SIGNATURES,
  PAYLOAD_TYPE,
  renderEnvelope,
} from './envelope.ts';
import { MAX_DISCLOSURES_BYTES } from './disclosure.ts';
import { checkSchema, type RootSchema, type Schema } from './schema.ts';
import { LAB_PATTERN } from './statement-schema.ts';
import { parseStrictJson } from './strict-json.ts';
import { CO_SIGNATURE_SCHEMA_ID, COSIGN_REQUEST_SCHEMA_ID } from './uris.ts';

/** What a lead sends to a lab that is to co-sign: the report, and everything that the lab has to see. */
export interface CosignRequest {
  readonly for: string;
  /** The DSSE envelope as a file of its own has it; its bytes are not what is signed. */
  readonly envelope: Uint8Array;
  /** The disclosures as a file of their own has them. */
  readonly disclosures: Uint8Array;
}

/** What the lab sends back. */
export interface CoSignature {
  readonly lab: string;
  readonly keyid: string;
  /** Lower-case hexadecimal SHA-256 of the signed bytes. */
  readonly payloadSha256: string;
  readonly sig: Uint8Array;
}

export const MAX_COSIGN_REQUEST_BYTES = MAX_ENVELOPE_BYTES + MAX_DISCLOSURES_BYTES + 1024 * 1024;
export const MAX_CO_SIGNATURE_BYTES = 64 * 1024;
const HEADER = { apiVersion: { const: 'patchbay/v1' } } as const;
const utf8 = new TextEncoder();

const lab: Schema = { type: 'string', maxLength: 64, pattern: LAB_PATTERN };
const sha256: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };

function closed(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', required, properties, additionalProperties: false };
}

export const COSIGN_REQUEST_SCHEMA: RootSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: COSIGN_REQUEST_SCHEMA_ID,
  title: 'Patchbay CosignRequest: a report on its way to a lab that is to co-sign it',
  ...closed({
    ...HEADER,
    kind: { const: 'CosignRequest' },
    for: lab,
    envelope: closed({
      payloadType: { const: PAYLOAD_TYPE },
      payload: { type: 'string', minLength: 1 },
      signatures: {
        type: 'array',
        minItems: 1,
        maxItems: MAX_SIGNATURES,
        items: closed({ keyid: { type: 'string', maxLength: 256 }, sig: { type: 'string' } }, ['keyid']),
      },
    }),
    disclosures: { type: 'array', items: { type: 'string', pattern: '^[A-Za-z0-9_-]+$' } },
  }),
  $defs: {},
};

export const CO_SIGNATURE_SCHEMA: RootSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: CO_SIGNATURE_SCHEMA_ID,
  title: 'Patchbay CoSignature: the signature of a co-signing lab over a report',
  ...closed({
    ...HEADER,
    kind: { const: 'CoSignature' },
    lab,
    keyid: sha256,
    payloadSha256: sha256,
    sig: { type: 'string', minLength: 1, maxLength: 1024 },
  }),
  $defs: {},
};

/** @param disclosures in the order of the report */
export function renderCosignRequest(
  to: string,
  envelope: Envelope,
  disclosures: readonly string[],
): Uint8Array {
  const json = {
    apiVersion: 'patchbay/v1',
    kind: 'CosignRequest',
    for: to,
    envelope: JSON.parse(new TextDecoder().decode(renderEnvelope(envelope))) as Json,
    disclosures,
  };
  return utf8.encode(`${JSON.stringify(json, null, 1)}\n`);
}

/** Says nothing of what is inside: whoever reads it verifies the envelope and the disclosures. */
export function parseCosignRequest(bytes: Uint8Array): Result<CosignRequest, Reason> {
  const json = parse(bytes, COSIGN_REQUEST_SCHEMA, MAX_COSIGN_REQUEST_BYTES);
  if (!json.ok) return json;
  const { for: to, envelope, disclosures } = json.value;
  return ok({ for: textOf(to), envelope: bytesOf(envelope), disclosures: bytesOf(disclosures) });
}

export function renderCoSignature({ sig, ...rest }: CoSignature): Uint8Array {
  const json = { apiVersion: 'patchbay/v1', kind: 'CoSignature', ...rest, sig: toBase64(sig) };
  return utf8.encode(`${JSON.stringify(json, null, 1)}\n`);
}

export function parseCoSignature(bytes: Uint8Array): Result<CoSignature, Reason> {
  const json = parse(bytes, CO_SIGNATURE_SCHEMA, MAX_CO_SIGNATURE_BYTES);
  if (!json.ok) return json;
  const { lab: by, keyid, payloadSha256, sig } = json.value;
  const decoded = fromBase64(textOf(sig));
  if (decoded === undefined) return invalid('sig is not base64');
  return ok({ lab: textOf(by), keyid: textOf(keyid), payloadSha256: textOf(payloadSha256), sig: decoded });
}

function parse(
  bytes: Uint8Array,
  schema: RootSchema,
  maxBytes: number,
): Result<Readonly<Record<string, Json | undefined>>, Reason> {
  if (bytes.length > maxBytes) return invalid(`larger than ${maxBytes} bytes`);
  const json = parseStrictJson(bytes);
  if (!json.ok) return invalid(json.error.text);
  const [problem] = checkSchema(schema, json.value);
  if (problem !== undefined) return invalid(problem);
  return ok(isJsonObject(json.value) ? json.value : {});
}

function bytesOf(value: Json | undefined): Uint8Array {
  return utf8.encode(JSON.stringify(value));
}

/** The schema has said that it is one. */
function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function invalid(text: string): Result<never, Reason> {
  return err(reason('COSIGN_FILE_INVALID', text));
}
