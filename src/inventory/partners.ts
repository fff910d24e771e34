import { type Static, Type } from 'typebox';
import { type DocumentKind, parseDocument } from '../documents/document.ts';
import type { Problem } from '../documents/problem.ts';
import { makeShape } from '../documents/schema.ts';
import type { Source } from '../documents/source.ts';
import type { OrganisationId } from '../domain/ids.ts';
import { type Organisation, ORGANISATION_ROLES, type OrganisationRole } from '../domain/organisation.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { CLOSED, header, name, text } from './shapes.ts';

/** An organisation, and what it is here. */
export interface Partner extends Organisation {
  readonly roles: readonly OrganisationRole[];
}

const contact = Type.Object(
  { name: text(200), email: Type.Optional(text(254)), phone: Type.Optional(text(64)) },
  CLOSED,
);

const schema = Type.Object(
  {
    ...header('Partners'),
    partners: Type.Array(
      Type.Object(
        {
          id: name,
          name: text(200),
          roles: Type.Array(Type.Enum(ORGANISATION_ROLES), { minItems: 1, uniqueItems: true }),
          address: Type.Optional(text(500)),
          contacts: Type.Optional(Type.Array(contact, { minItems: 1, maxItems: 16 })),
          accreditation: Type.Optional(text(2000)),
        },
        CLOSED,
      ),
      { minItems: 1, maxItems: 10_000 },
    ),
  },
  CLOSED,
);

export type PartnersFile = Static<typeof schema>;

export const PARTNERS_DOCUMENT = {
  kind: 'Partners',
  shape: makeShape(schema),
} as const satisfies DocumentKind<typeof schema>;

export function parsePartners(source: Source): Result<readonly Partner[], readonly Problem[]> {
  const document = parseDocument(source, PARTNERS_DOCUMENT);
  if (!document.ok) return document;
  const { value: file, locate } = document.value;
  const ids = file.partners.map(({ id }) => id);
  const repeated = ids.flatMap((id, index) => (ids.indexOf(id) < index ? [index] : []));
  if (repeated.length > 0)
    return err(
      locate(repeated.map((index) => ({ at: ['partners', index, 'id'], what: 'this id was used before' }))),
    );
  return ok(file.partners.map((partner) => ({ ...partner, id: partner.id as OrganisationId })));
}
