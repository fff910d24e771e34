import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

import type { Server } from './deps.ts';
import type { ProblemView } from '../../api/views.ts';
import type { Log } from '../../campaigns/ports.ts';
import { CODES, type Code } from '../../kernel/codes.ts';
import { HarnessError } from '../../kernel/errors.ts';

type ListedProblem = NonNullable<ProblemView['problems']>[number];

const MAX_LISTED = 100;

/** Where the fault of a code does not already say it. */
const STATUS: Partial<Record<Code, number>> = {
  ALREADY_EXISTS: 409,
  CONFLICT: 409,
  EQUIPMENT_INCOMPATIBLE: 409,
  REPORT_SUPERSEDED: 409,
  REPORT_WITHDRAWN: 409,
  EVIDENCE_MISSING: 404,
  FORBIDDEN: 403,
  INPUT_INVALID: 400,
  INPUT_TOO_LARGE: 413,
  MEDIA_TYPE: 415,
  METHOD_NOT_ALLOWED: 405,
  NOT_FOUND: 404,
  QUEUE_UNAVAILABLE: 503,
  RATE_LIMITED: 429,
  STORE_FULL: 503,
  STORE_UNAVAILABLE: 503,
  TIMESTAMP_UNAVAILABLE: 503,
  UNAUTHENTICATED: 401,
};

/** Every error leaves as RFC 9457 problem details with our code; what broke inside stays in the log. */
export function makeErrorAnswer(log: Log): ErrorAnswer {
  return (error, request, reply) => {
    const coded = codedFrom(error);
    const problem = problemOf(coded, listedProblems(error));
    if (problem.status >= 500) {
      const { code } = coded;
      log.error({ event: 'http.broken', err: error, code, route: routeOf(request) }, 'request broken');
    }
    return send(reply, problem);
  };
}

type ErrorAnswer = (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

export function answerWithProblems(server: Server, log: Log): void {
  server.setErrorHandler(makeErrorAnswer(log));
  server.setNotFoundHandler((_, reply) =>
    send(reply, problemOf(new HarnessError('NOT_FOUND', 'nothing answers to this address'))),
  );
}

export function routeOf(request: FastifyRequest): string {
  return request.is404 ? '(none)' : (request.routeOptions.url ?? '(none)');
}

function problemOf(error: HarnessError, problems?: readonly ListedProblem[]): ProblemView {
  const { code, spec } = error;
  const status = STATUS[code] ?? (spec.fault === 'request' || spec.fault === 'plan' ? 422 : 500);
  return {
    type: 'about:blank',
    title: spec.means,
    status,
    detail: status < 500 ? error.message : spec.means,
    code,
    remedy: spec.remedy,
    ...(problems === undefined ? {} : { problems: [...problems] }),
  };
}

function codedFrom(error: FastifyError): HarnessError {
  if (error instanceof HarnessError) return error;
  if (error.validation !== undefined) return new HarnessError('INPUT_INVALID', CODES.INPUT_INVALID.means);
  const status = error.statusCode ?? 500;
  const code = BY_STATUS[status];
  if (code !== undefined) return new HarnessError(code, CODES[code].means);
  // Fastify's own sentences about a request are short and name nothing of ours.
  return status >= 400 && status < 500
    ? new HarnessError('INPUT_INVALID', error.message)
    : HarnessError.from(error);
}

const BY_STATUS: Readonly<Record<number, Code>> = {
  413: 'INPUT_TOO_LARGE',
  415: 'MEDIA_TYPE',
  429: 'RATE_LIMITED',
  503: 'STORE_UNAVAILABLE',
};

function listedProblems(error: FastifyError): readonly ListedProblem[] | undefined {
  if (error.validation === undefined) return undefined;
  const where = error.validationContext ?? 'request';
  const listed = error.validation.slice(0, MAX_LISTED).map(({ instancePath, keyword, message, params }) => {
    const unknown = keyword === 'additionalProperties' ? clip(params['additionalProperty']) : '';
    return {
      path: `${where}${instancePath}`.slice(0, 500),
      text: unknown === '' ? (message ?? 'is wrong') : `unknown field ${unknown}`,
    };
  });
  const rest = error.validation.length - listed.length;
  return rest > 0 ? [...listed, { path: where, text: `and ${rest} more` }] : listed;
}

function clip(name: unknown): string {
  return JSON.stringify(String(name).slice(0, 64));
}

function send(reply: FastifyReply, problem: ProblemView): FastifyReply {
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer realm="patchbay"');
  return reply.code(problem.status).type('application/problem+json').send(problem);
}
