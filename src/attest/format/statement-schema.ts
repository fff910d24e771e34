import { FINDINGS } from '../../domain/verdict.ts';
import { CASE_STATUSES, RESULTS } from './outcome.ts';
import type { RootSchema, Schema } from './schema.ts';
import { ITEMS_ONLY, SECTIONS, SIGNATORY_ROLES, TEST_TYPES } from './statement.ts';
import { PREDICATE_TYPE, STATEMENT_SCHEMA_ID, STATEMENT_TYPE } from './uris.ts';

export const LAB_PATTERN = '^[a-z0-9.-]+(/[a-z0-9._-]+)*$';
export const CASE_NUMBER_PATTERN = '^[A-Za-z0-9._:/#-]{1,128}$';
export const SERIES_PATTERN = '^[A-Za-z0-9._-]{1,64}$';
/** 256 bits in base64url: the last two bits of the last digit are not used, and zero. */
export const DIGEST_PATTERN = '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$';
export const MAX_CASES = 100_000;

const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
const natural = { type: 'integer', minimum: 0 } as const;
const word = { type: 'string', minLength: 1, maxLength: 256 } as const;

/** An object with exactly these members; a name that ends in `?` is optional. */
export function record(members: Readonly<Record<string, Schema>>): Schema {
  const named = Object.entries(members).map(([name, schema]) => [name.replace(/\?$/u, ''), schema] as const);
  return {
    type: 'object',
    required: Object.keys(members).filter((name) => !name.endsWith('?')),
    properties: Object.fromEntries(named),
    additionalProperties: false,
  };
}

function tuple(...prefixItems: readonly Schema[]): Schema {
  return {
    type: 'array',
    minItems: prefixItems.length,
    maxItems: prefixItems.length,
    prefixItems,
    items: false,
  };
}

const report: Schema = {
  ...record({
    title: { const: 'Test Report' },
    series: { type: 'string', pattern: SERIES_PATTERN },
    campaign: { type: 'string', pattern: '^[A-Za-z0-9_-]{22}$', description: '128 random bits, base64url' },
    revision: { type: 'integer', minimum: 1, maximum: 9999 },
    kind: { enum: ['original', 'amendment', 'replacement'] },
    issuedAt: ref('time'),
    'reason?': ref('text'),
    'replaces?': record({ revision: { type: 'integer', minimum: 1 }, payload: ref('sha256') }),
    components: record({
      cases: { type: 'integer', minimum: 1 },
      sections: { const: SECTIONS.length },
      evidence: natural,
    }),
  }),
  if: { properties: { kind: { const: 'original' } } },
  then: { properties: { revision: { const: 1 }, replaces: false } },
  else: { required: ['replaces', 'reason'], properties: { revision: { minimum: 2 } } },
};

const signatories: Schema = {
  type: 'array',
  minItems: 2,
  maxItems: 32,
  items: record({
    lab: ref('lab'),
    role: { enum: SIGNATORY_ROLES },
    keyid: ref('sha256'),
    scope: { type: 'array', minItems: 1, maxItems: 256, items: word },
  }),
};

const signaturePolicy = record({
  labs: { type: 'integer', minimum: 1 },
  roles: {
    type: 'array',
    minItems: 1,
    items: { enum: SIGNATORY_ROLES },
    allOf: (['lab-system', 'authorised-signatory'] as const).map((role) => ({
      contains: { const: role, description: role },
    })),
  },
});

const test = record({
  type: { enum: TEST_TYPES },
  interfaces: {
    type: 'array',
    maxItems: 256,
    items: { type: 'string', pattern: '^[a-z0-9-]+\\.[a-z0-9-]+$' },
  },
  specifications: { type: 'array', minItems: 1, items: record({ name: word, version: word }) },
});

const time = record({
  performedFrom: ref('time'),
  performedTo: ref('time'),
  clock: record({ source: word, maxErrorMs: { type: 'number', minimum: 0 } }),
  'notBefore?': record({ origin: word, size: natural, root: word }),
});

const caseNumber: Schema = { type: 'string', pattern: CASE_NUMBER_PATTERN };

export const CASE_ENTRY = tuple(caseNumber, { enum: CASE_STATUSES }, { enum: FINDINGS }, ref('commitment'));

const predicate = record({
  schemaVersion: { type: 'string', pattern: '^1\\.[0-9]+$' },
  _sd_alg: { const: 'sha-256' },
  report,
  issuer: record({ lab: ref('lab'), logOrigin: ref('lab') }),
  signatories,
  signaturePolicy,
  test,
  outcome: record({
    result: { enum: RESULTS },
    decisionRule: ref('text'),
    counts: record(Object.fromEntries(FINDINGS.map((finding) => [finding, natural]))),
    'overridden?': {
      type: 'array',
      minItems: 1,
      maxItems: MAX_CASES,
      items: tuple(caseNumber, { enum: FINDINGS }),
    },
  }),
  time,
  statements: record({
    itemsOnly: { const: ITEMS_ONLY },
    reproduction: ref('text'),
    'accreditation?': ref('text'),
  }),
  cases: {
    type: 'array',
    minItems: 1,
    maxItems: MAX_CASES,
    items: CASE_ENTRY,
  },
  sections: tuple(...SECTIONS.map((name) => tuple({ const: name }, ref('commitment')))),
});

/** The format of the signed payload; `docs/schemas/conformance-report.v1.schema.json` is made from it. */
export const STATEMENT_SCHEMA: RootSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: STATEMENT_SCHEMA_ID,
  title: 'in-toto Statement v1 with the predicate conformance-report/v1 of Patchbay',
  ...record({
    _type: { const: STATEMENT_TYPE },
    subject: {
      type: 'array',
      minItems: 1,
      maxItems: 16,
      items: record({
        name: { type: 'string', pattern: '^iut-manifest(-[0-9]+)?$' },
        digest: record({ sha256: ref('sha256') }),
      }),
    },
    predicateType: { const: PREDICATE_TYPE },
    predicate,
  }),
  $defs: {
    sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    commitment: record({ '...': { type: 'string', pattern: DIGEST_PATTERN } }),
    time: {
      type: 'string',
      pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$',
    },
    lab: { type: 'string', maxLength: 253, pattern: LAB_PATTERN },
    text: { type: 'string', minLength: 1, maxLength: 4095 },
  },
};
