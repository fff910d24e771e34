import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import { Ajv } from 'ajv';
import { fastify, type InjectOptions, type LightMyRequestResponse } from 'fastify';

import { guardRoutes } from './actor.ts';
import { isDeeperThan } from './depth.ts';
import type { HttpDeps, Server } from './deps.ts';
import { refuseOtherMethods } from './methods.ts';
import { makeMetrics } from './metrics.ts';
import { answerWithProblems, makeErrorAnswer, routeOf } from './problems.ts';
import { addAccessRoutes } from './routes/access.ts';
import { addCampaignRoutes } from './routes/campaigns.ts';
import { addEquipmentRoutes } from './routes/equipment.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addPlanRoutes } from './routes/plans.ts';
import { addReportRoutes } from './routes/reports.ts';
import { addRunRoutes } from './routes/runs.ts';
import { addTestbedRoutes } from './routes/testbeds.ts';
import { HarnessError } from '../../kernel/errors.ts';

const MAX_BODY_BYTES = 2 * 1024 * 1024;
const MAX_BODY_DEPTH = 64;
const REQUEST_MS = 30_000;
const PREFIX = '/api/v1';

export interface HttpServer extends AsyncDisposable {
  /** Resolves with the port taken. Disposing ends open requests. */
  listen(address: { readonly host: string; readonly port: number }): Promise<number>;
  /** Answers as if the request had come over the line; for tests. */
  readonly inject: (request: InjectOptions) => Promise<LightMyRequestResponse>;
}

/** The HTTP API (`/api/v1`, described by itself in `/api/v1/openapi.json`), `/healthz` and `/metrics`. */
export async function makeHttpServer(deps: HttpDeps): Promise<HttpServer> {
  const answer = makeErrorAnswer(deps.log);
  const server: Server = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_MS,
    connectionTimeout: 2 * REQUEST_MS,
    handlerTimeout: REQUEST_MS,
    forceCloseConnections: true,
    return503OnClosing: false,
    logger: false,
    routerOptions: { maxParamLength: 16_384 },
    frameworkErrors: (error, request, reply) => void answer(error, request, reply),
  });
  setHowToReadAndWrite(server);
  answerWithProblems(server, deps.log);
  const addOtherMethods = refuseOtherMethods(server);
  await server.register(rateLimit, { global: true, max: deps.requestsPerMinute ?? 1200, timeWindow: 60_000 });
  await server.register(swagger, { openapi: openApiHead(deps.version) });
  guardRoutes(server, deps);
  const metrics = watch(server, deps);
  addHealthRoutes(server, deps, metrics);
  await server.register(
    (api: Server, _, next) => {
      addRoutes(api, deps);
      next();
    },
    { prefix: PREFIX },
  );
  addOtherMethods();
  await server.ready();
  return {
    listen: async ({ host, port }) => {
      await server.listen({ host, port }).catch((cause: unknown) => {
        const text = cause instanceof Error ? cause.message : String(cause);
        throw new HarnessError('ADDRESS_UNUSABLE', `the HTTP API cannot listen on ${host}:${port}: ${text}`, {
          cause,
        });
      });
      const address = server.server.address();
      if (address === null || typeof address === 'string')
        throw new HarnessError('UNEXPECTED', 'the HTTP server has no port');
      return address.port;
    },
    inject: (request: InjectOptions) => server.inject(request),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

function addRoutes(api: Server, deps: HttpDeps): void {
  api.get('/openapi.json', { config: { scope: 'open' }, schema: { hide: true } }, () => api.swagger());
  addCampaignRoutes(api, deps);
  addRunRoutes(api, deps);
  addReportRoutes(api, deps);
  addEquipmentRoutes(api, deps);
  addTestbedRoutes(api, deps);
  addPlanRoutes(api, deps);
  addAccessRoutes(api, deps);
}

/** Bodies are taken as they are; only paths and queries, which are all text, are turned into numbers and booleans. */
function setHowToReadAndWrite(server: Server): void {
  const options = { allErrors: true, removeAdditional: false, strict: false, allowUnionTypes: true } as const;
  const exact = new Ajv({ ...options, coerceTypes: false });
  const lenient = new Ajv({ ...options, coerceTypes: true, useDefaults: true });
  server.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' ? exact : lenient).compile(schema as object),
  );
  // Schemas of answers describe; they never drop a field.
  server.setSerializerCompiler(() => (data) => JSON.stringify(data));
  server.addHook('preValidation', (request, _, next) => {
    const isDeep = isDeeperThan(MAX_BODY_DEPTH, request.body);
    next(
      isDeep
        ? new HarnessError('INPUT_INVALID', `the body is nested deeper than ${MAX_BODY_DEPTH}`)
        : undefined,
    );
  });
  server.addHook('onSend', async (_, reply) => {
    void reply.header('x-content-type-options', 'nosniff');
    if (!reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
  });
}

function watch(server: Server, deps: HttpDeps): ReturnType<typeof makeMetrics> {
  const metrics = makeMetrics(deps);
  server.addHook('onResponse', (request, reply, next) => {
    const { method } = request;
    const route = routeOf(request);
    const durationMs = Math.round(reply.elapsedTime);
    metrics.answered({ method, route, status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
    deps.log.debug(
      { event: 'http.answered', method, route, status: reply.statusCode, durationMs },
      'request answered',
    );
    next();
  });
  return metrics;
}

function openApiHead(version: string) {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Patchbay',
      version,
      description:
        'Open RAN interoperability test orchestrator. Refusals are RFC 9457 problem details with a `code`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    components: { securitySchemes: { bearer: { type: 'http' as const, scheme: 'bearer' } } },
  };
}
