import type { Answer, Received } from '../../interfaces/http/listen.ts';

/**
 * What every request has to pass before it is taken for an A1 request: undefined lets it through, an answer ends it.
 * Authentication, authorisation and plain HTTP hygiene belong here; resources and schemas do not.
 */
export type Gate = (received: Received) => Promise<Answer | undefined> | Answer | undefined;

/** What is no part of A1: CONNECT and TRACE, which a resource of an API has no use for. */
const REFUSED_METHODS = ['CONNECT', 'TRACE'];

export function makeGate(): Gate {
  return ({ method }) => (REFUSED_METHODS.includes(method) ? { status: 405 } : undefined);
}
