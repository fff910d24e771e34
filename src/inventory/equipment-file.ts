import { type Static, Type } from 'typebox';
import type { DocumentKind } from '../documents/document.ts';
import { makeShape } from '../documents/schema.ts';
import { ROLES } from '../domain/plan.ts';
import type { Json } from '../kernel/json.ts';
import { CLOSED, facts, fileReference, header, name, reference, secretReference, text } from './shapes.ts';

const port = Type.Integer({ minimum: 1, maximum: 65_535 });

const endpoint = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        pattern: '^[a-z][a-z0-9+.-]*://',
        maxLength: 2048,
        title: 'a URL such as https://192.0.2.10:8443',
      }),
    ),
    basePath: Type.Optional(
      Type.String({ pattern: '^/[^?#\\s]*$', maxLength: 512, title: 'a path such as /A1-P/v2' }),
    ),
    host: Type.Optional(text(255)),
    port: Type.Optional(port),
    transport: Type.Optional(text(64)),
    /** UDP ports of ours and of the product, where SCTP travels in UDP. */
    udpEncapsulation: Type.Optional(
      Type.Object(
        { local: Type.Optional(port), remote: Type.Optional(port) },
        { ...CLOSED, minProperties: 1 },
      ),
    ),
    /** Ours: where the product finds the tester, or what it takes it to come from. */
    tester: Type.Optional(
      Type.Object(
        { host: Type.Optional(text(255)), port: Type.Optional(port) },
        { ...CLOSED, minProperties: 1 },
      ),
    ),
  },
  CLOSED,
);

const equipmentInterface = Type.Object(
  {
    specification: Type.Optional(Type.Object({ document: text(128), version: text(64) }, CLOSED)),
    endpoint,
    tls: Type.Optional(
      Type.Object(
        {
          serverCa: Type.Optional(fileReference),
          clientCertificate: Type.Optional(fileReference),
          clientKey: Type.Optional(secretReference),
        },
        CLOSED,
      ),
    ),
  },
  CLOSED,
);

const oauthClient = Type.Object(
  {
    id: text(256),
    secret: Type.Optional(secretReference),
    scopes: Type.Optional(Type.Array(text(256), { maxItems: 64 })),
  },
  CLOSED,
);

const auth = Type.Object(
  {
    issuer: Type.Optional(text(2048)),
    tokenUrl: Type.Optional(text(2048)),
    audience: Type.Optional(text(2048)),
    clients: Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' }), oauthClient, {
      ...CLOSED,
      title: 'the name of a client, such as full or readonly',
    }),
  },
  CLOSED,
);

const versionName = Type.String({ pattern: '^[A-Za-z][A-Za-z0-9._-]{0,63}$' });

const schema = Type.Object(
  {
    ...header('Equipment'),
    id: reference,
    organisation: name,
    role: Type.Enum(ROLES),
    product: Type.Object(
      { name: text(200), model: Type.Optional(text(200)), serial: Type.Optional(text(200)) },
      CLOSED,
    ),
    versions: Type.Optional(
      Type.Record(versionName, text(200), { ...CLOSED, title: 'what a version is of, such as software' }),
    ),
    digests: Type.Optional(
      Type.Record(
        versionName,
        Type.String({ pattern: '^sha256:[0-9a-f]{64}$', title: 'sha256: and 64 hexadecimal digits' }),
        { ...CLOSED, title: 'what a digest is of, such as software' },
      ),
    ),
    interfaces: Type.Optional(
      Type.Record(Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}$' }), equipmentInterface, {
        ...CLOSED,
        title: 'an interface, such as a1 or open-fronthaul-m',
      }),
    ),
    ics: Type.Optional(facts),
    ixit: Type.Optional(facts),
    auth: Type.Optional(auth),
    location: Type.Optional(Type.Object({ testbed: reference }, CLOSED)),
    received: Type.Optional(Type.Object({ at: text(40), condition: text(1000) }, CLOSED)),
    simulator: Type.Optional(
      Type.Object(
        {
          name,
          defects: Type.Optional(Type.Array(name, { maxItems: 32, uniqueItems: true })),
          settings: Type.Optional(
            Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9]{0,63}$' }), Type.Unsafe<Json>({}), {
              ...CLOSED,
              title: 'the name of a setting',
            }),
          ),
        },
        CLOSED,
      ),
    ),
  },
  CLOSED,
);

export type EquipmentFile = Static<typeof schema>;

export const EQUIPMENT_DOCUMENT = {
  kind: 'Equipment',
  shape: makeShape(schema),
} as const satisfies DocumentKind<typeof schema>;
