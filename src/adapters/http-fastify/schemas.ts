/** What all routes under /api/v1 have in common in their schemas. */
import { type TObject, type TSchema, Type } from 'typebox';

import { closed, digest, generatedId, name } from '../../api/parts.ts';
import { problemView } from '../../api/views.ts';

export const itemPath = Type.Object({ organisation: name, name }, closed);
export const idPath = Type.Object({ id: generatedId }, closed);
export const digestPath = Type.Object({ id: generatedId, digest }, closed);
export const noQuery = Type.Object({}, closed);
export const forced = Type.Object(
  {
    force: Type.Optional(Type.Boolean({ description: 'stop cases under way instead of finishing them' })),
    text: Type.Optional(Type.String({ maxLength: 500, description: 'why' })),
  },
  closed,
);
export const limit = Type.Integer({ minimum: 1, maximum: 500, default: 100 });

interface Operation<P extends TSchema, Q extends TSchema, A extends TSchema> {
  /** Becomes the operation id. */
  readonly id: string;
  readonly does: string;
  readonly tag: string;
  readonly params?: P;
  readonly query?: Q;
  readonly answers: A;
}

/** The schema of a route that reads: path and query are closed, every refusal is a problem. */
export function reading<A extends TSchema, P extends TSchema = TObject, Q extends TSchema = TObject>({
  id,
  does,
  tag,
  params,
  query,
  answers,
}: Operation<P, Q, A>) {
  return {
    operationId: id,
    summary: does,
    tags: [tag],
    security: [{ bearer: [] }],
    params: (params ?? noQuery) as P,
    querystring: (query ?? noQuery) as Q,
    response: { 200: answers, default: problemView },
  };
}

/** The schema of a route that takes a body. */
export function writing<
  B extends TSchema,
  A extends TSchema,
  P extends TSchema = TObject,
  Q extends TSchema = TObject,
>({ body, ...rest }: Operation<P, Q, A> & { readonly body: B }) {
  return { ...reading<A, P, Q>(rest), body };
}

export const done = Type.Object({ done: Type.Literal(true) }, closed);
export const DONE = { done: true as const };
