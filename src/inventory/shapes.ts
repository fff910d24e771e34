import { Type } from 'typebox';
import type { SecretRef } from '../domain/equipment.ts';
import { NAME_PATTERN } from '../domain/ids.ts';
import type { Json } from '../kernel/json.ts';

// The pieces that the documents of the inventory have in common.

export const CLOSED = { additionalProperties: false } as const;
export const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });

export const NAME_WORDS = 'a name (1 to 64 of a-z 0-9 . _ -, letter or digit first and last)';
export const name = Type.String({ pattern: NAME_PATTERN, title: NAME_WORDS });

const NAME_BODY = NAME_PATTERN.slice(1, -1);
/** `organisation/name`, or a name alone: of the organisation of the document. */
export const reference = Type.String({
  pattern: `^(?:${NAME_BODY}/)?${NAME_BODY}$`,
  title: 'a name or organisation/name',
});

export const FACT_KEY_PATTERN = '^[A-Za-z][A-Za-z0-9._-]{0,63}$';
export const facts = Type.Record(Type.String({ pattern: FACT_KEY_PATTERN }), Type.Unsafe<Json>({}), {
  ...CLOSED,
  title: 'a key such as a1.policyTypes',
});

/** Public text: by path when a person wrote the document, inlined when a program sends it on. */
export const fileReference = Type.Unsafe<string | { readonly path: string; readonly text: string }>({
  type: ['string', 'object'],
  minLength: 1,
  properties: { path: { type: 'string', minLength: 1 }, text: { type: 'string' } },
  required: ['path', 'text'],
  additionalProperties: false,
});

export const secretReference = Type.Unsafe<SecretRef>({
  type: 'object',
  properties: {
    file: { type: 'string', minLength: 1 },
    env: {
      type: 'string',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
      title: 'the name of an environment variable',
    },
  },
  additionalProperties: false,
  minProperties: 1,
  maxProperties: 1,
  writeOnly: true,
  title: 'exactly one of file and env: a secret is never written into a document',
});

export const header = <K extends string>(kind: K) => ({
  apiVersion: Type.Literal('patchbay/v1'),
  kind: Type.Literal(kind),
});

export const TIME_WORDS = 'a date and time with its offset, such as 2026-11-23T08:00Z';
