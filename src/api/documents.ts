/** Documents as they come in: resolved, so that nothing in them refers to a file of the sender but secrets. */
import { type Static, Type } from 'typebox';

import {
  closed,
  count,
  INTERFACE_PATTERN,
  instant,
  json,
  KEY_PATTERN,
  keyed,
  name,
  QUALIFIED_NAME_PATTERN,
  qualifiedName,
  text,
} from './parts.ts';
import { PRIORITIES } from '../domain/campaign.ts';
import { CASE_CHOICE, CASE_DETAILS, REPORT_SECTIONS } from '../domain/disclosure.ts';
import {
  CO_SIGNER_LAB_PATTERN,
  KEYID_PATTERN,
  MAX_CO_SIGNERS,
  MAX_SCOPE_WORDS,
} from '../domain/co-signer.ts';
import type { EndPoint } from '../domain/equipment.ts';
import { NAME_PATTERN } from '../domain/ids.ts';
import { ORGANISATION_ROLES } from '../domain/organisation.ts';
import { ROLES } from '../domain/plan.ts';

const MAX_FILE_CHARS = 262_144;

const inlinedFile = Type.Object(
  { path: text(4096), text: Type.String({ maxLength: MAX_FILE_CHARS }) },
  closed,
);
const secretRef = Type.Union([
  Type.Object({ file: text(4096) }, closed),
  Type.Object({ env: Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]{0,127}$' }) }, closed),
]);

const endPoint = Type.Unsafe<EndPoint>({
  type: 'object',
  maxProperties: 64,
  properties: {
    url: { type: 'string', maxLength: 2048, pattern: '^https?://' },
    basePath: { type: 'string', maxLength: 1024 },
    host: { type: 'string', minLength: 1, maxLength: 253 },
    port: { type: 'integer', minimum: 1, maximum: 65_535 },
    transport: { type: 'string', minLength: 1, maxLength: 64 },
  },
});

const equipmentInterface = Type.Object(
  {
    specification: Type.Optional(Type.Object({ document: text(128), version: text(64) }, closed)),
    endpoint: endPoint,
    tls: Type.Optional(
      Type.Object(
        {
          serverCa: Type.Optional(inlinedFile),
          clientCertificate: Type.Optional(inlinedFile),
          clientKey: Type.Optional(secretRef),
        },
        closed,
      ),
    ),
  },
  closed,
);

const auth = Type.Object(
  {
    issuer: Type.Optional(text(2048)),
    tokenUrl: Type.Optional(text(2048)),
    audience: Type.Optional(text(512)),
    clients: keyed(
      KEY_PATTERN,
      Type.Object(
        {
          id: text(256),
          secret: Type.Optional(secretRef),
          scopes: Type.Optional(Type.Array(text(256), { maxItems: 64 })),
        },
        closed,
      ),
    ),
  },
  closed,
);

export const equipmentBody = Type.Object(
  {
    id: qualifiedName,
    organisation: name,
    role: Type.Enum(ROLES),
    product: Type.Object(
      { name: text(200), model: Type.Optional(text(200)), serial: Type.Optional(text(200)) },
      closed,
    ),
    versions: keyed(KEY_PATTERN, text(200)),
    digests: keyed(KEY_PATTERN, text(200)),
    interfaces: keyed(INTERFACE_PATTERN, equipmentInterface),
    ics: keyed(KEY_PATTERN, json),
    ixit: keyed(KEY_PATTERN, json),
    auth: Type.Optional(auth),
    location: Type.Optional(Type.Object({ testbed: qualifiedName }, closed)),
    received: Type.Optional(Type.Object({ at: instant, condition: text(1000) }, closed)),
    simulator: Type.Optional(
      Type.Object(
        {
          name,
          defects: Type.Array(text(64), { maxItems: 64 }),
          settings: Type.Optional(keyed(KEY_PATTERN, json)),
        },
        closed,
      ),
    ),
  },
  closed,
);
export type EquipmentBody = Static<typeof equipmentBody>;

export const calendar = Type.Object(
  {
    timeZone: text(64),
    staffed: Type.Array(text(64), { maxItems: 64 }),
    closed: Type.Array(Type.Object({ from: text(10), to: text(10) }, closed), { maxItems: 366 }),
  },
  closed,
);
export const setUp = Type.Object(
  { minutesPerChangedRole: keyed(KEY_PATTERN, Type.Number({ minimum: 0 })) },
  closed,
);

export const testbedBody = Type.Object(
  {
    id: qualifiedName,
    organisation: name,
    slots: count(1000, 1),
    capabilities: Type.Array(text(64), { maxItems: 256 }),
    instruments: Type.Array(Type.Object({ id: name, capacity: count(1000, 1) }, closed), { maxItems: 256 }),
    calendar: Type.Optional(calendar),
    setUp,
  },
  closed,
);
export type TestbedBody = Static<typeof testbedBody>;

const select = Type.Object(
  { role: Type.Optional(Type.Enum(ROLES)), organisation: Type.Optional(name) },
  closed,
);

const disclosureRule = Type.Object(
  {
    sections: Type.Union([
      Type.Literal('all'),
      Type.Array(Type.Enum(REPORT_SECTIONS), { maxItems: 12, uniqueItems: true }),
    ]),
    cases: Type.Union([
      Type.Literal('all'),
      Type.Array(Type.String({ pattern: CASE_CHOICE }), { maxItems: 10_000, uniqueItems: true }),
    ]),
    detail: Type.Enum(CASE_DETAILS),
  },
  closed,
);

const coSigner = Type.Object(
  {
    lab: Type.String({ pattern: CO_SIGNER_LAB_PATTERN, description: 'as in trust folders' }),
    keyid: Type.String({ pattern: KEYID_PATTERN, description: 'of its key for reports' }),
    scope: Type.Array(text(256), {
      minItems: 1,
      maxItems: MAX_SCOPE_WORDS,
      description: '"*", sections, case:PLAN:CASE',
    }),
  },
  closed,
);

const products = Type.Array(qualifiedName, { minItems: 1, maxItems: 16, uniqueItems: true });
const strength = Type.Object(
  {
    strength: Type.Integer({ minimum: 1, maximum: 4 }),
    seeds: Type.Optional(Type.Array(products, { maxItems: 1000, description: 'must meet in one run' })),
    exclude: Type.Optional(Type.Array(products, { maxItems: 1000, description: 'must not meet' })),
    weights: Type.Optional(
      keyed(QUALIFIED_NAME_PATTERN, Type.Number({ exclusiveMinimum: 0, maximum: 1000 })),
    ),
  },
  closed,
);

export const campaignBody = Type.Object(
  {
    id: qualifiedName,
    organisation: name,
    plans: Type.Array(Type.Object({ id: name, version: Type.Optional(text(32)) }, closed), {
      minItems: 1,
      maxItems: 100,
    }),
    equipment: Type.Union([
      Type.Object({ ids: Type.Array(qualifiedName, { minItems: 1, maxItems: 1000 }) }, closed),
      Type.Object({ select }, closed),
    ]),
    coverage: Type.Union([Type.Object({ mode: Type.Enum(['each', 'pairs', 'full']) }, closed), strength]),
    window: Type.Union([Type.Object({ from: instant, to: instant }, closed), Type.Null()]),
    priority: Type.Enum(PRIORITIES),
    disclosure: Type.Optional(keyed(NAME_PATTERN, disclosureRule)),
    coSigners: Type.Optional(Type.Array(coSigner, { minItems: 1, maxItems: MAX_CO_SIGNERS })),
  },
  closed,
);
export type CampaignBody = Static<typeof campaignBody>;

const contact = Type.Object(
  { name: text(200), email: Type.Optional(text(254)), phone: Type.Optional(text(64)) },
  closed,
);

export const organisationBody = Type.Object(
  {
    id: name,
    name: text(200),
    roles: Type.Array(Type.Enum(ORGANISATION_ROLES), {
      minItems: 1,
      maxItems: 3,
      uniqueItems: true,
    }),
    address: Type.Optional(text(500)),
    contacts: Type.Optional(Type.Array(contact, { minItems: 1, maxItems: 16 })),
    accreditation: Type.Optional(text(2000)),
  },
  closed,
);
export type OrganisationBody = Static<typeof organisationBody>;
