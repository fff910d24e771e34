import type { RootSchema } from './schema.ts';
import { record } from './statement-schema.ts';
import { STATEMENT_TYPE, STATUS_PREDICATE_TYPE, STATUS_SCHEMA_ID } from './uris.ts';

/** What a lab may say of a report it has issued; `suspend` and `reinstate` may be said by a lab that co-signed it, too. */
export const STATUS_OPS = ['withdraw', 'suspend', 'reinstate', 'amend', 'replace'] as const;

const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const;
const revision = { type: 'integer', minimum: 1, maximum: 9999 } as const;

/** The format of a signed status; `docs/schemas/report-status.v1.schema.json` is made from it. */
export const STATUS_SCHEMA: RootSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: STATUS_SCHEMA_ID,
  title: 'in-toto Statement v1 with the predicate report-status/v1 of Patchbay',
  ...record({
    _type: { const: STATEMENT_TYPE },
    subject: {
      type: 'array',
      minItems: 1,
      maxItems: 1,
      items: record({ name: { const: 'report' }, digest: record({ sha256 }) }),
    },
    predicateType: { const: STATUS_PREDICATE_TYPE },
    predicate: {
      ...record({
        schemaVersion: { type: 'string', pattern: '^1\\.[0-9]+$' },
        op: { enum: STATUS_OPS },
        rk: sha256,
        rev: revision,
        payload: sha256,
        reason: { type: 'string', minLength: 1, maxLength: 4095 },
        effective: {
          type: 'string',
          pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$',
        },
        authorisedBy: sha256,
        'replacedBy?': record({ revision, payload: sha256 }),
      }),
      if: { properties: { op: { enum: ['amend', 'replace'] } } },
      then: { required: ['replacedBy'] },
      else: { properties: { replacedBy: false } },
    },
  }),
  $defs: {},
};
