/** Pieces that the schemas of the HTTP API are made of. Every text and list has a limit: whoever calls is a stranger. */
import { Type } from 'typebox';

import { NAME_PATTERN } from '../domain/ids.ts';
import type { Json } from '../kernel/json.ts';

export const closed = { additionalProperties: false } as const;

const NAME = NAME_PATTERN.slice(1, -1);

export const name = Type.String({ pattern: NAME_PATTERN, description: 'a name: a-z 0-9 . _ -' });
export const QUALIFIED_NAME_PATTERN = `^${NAME}/${NAME}$`;
export const qualifiedName = Type.String({
  pattern: QUALIFIED_NAME_PATTERN,
  description: 'organisation/name',
});
export const digest = Type.String({ pattern: '^sha256:[0-9a-f]{64}$' });
export const instant = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?Z$',
  description: 'RFC 3339, UTC',
});
/** Such as `run-01k…`: made by the orchestrator. */
export const generatedId = Type.String({ pattern: '^[A-Za-z0-9._-]{1,100}$' });
export const json = Type.Unsafe<Json>({ description: 'any JSON value' });

export const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
export const count = (maximum: number, minimum = 0) => Type.Integer({ minimum, maximum });

/** A map whose member names follow `pattern`. */
export const keyed = <T extends Parameters<typeof Type.Record>[1]>(pattern: string, value: T) =>
  Type.Record(Type.String({ pattern }), value, { ...closed, maxProperties: 256 });

export const KEY_PATTERN = '^[A-Za-z][A-Za-z0-9._-]{0,63}$';
export const INTERFACE_PATTERN = '^[a-z][a-z0-9-]{0,31}$';

export const reason = Type.Object({ code: text(64), text: Type.String({ maxLength: 4000 }) }, closed);
export const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()]);
