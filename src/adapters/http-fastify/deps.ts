import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Static, TSchema } from 'typebox';

import type { Scope } from '../../api/scopes.ts';
import type { Clock, EvidenceStore, Log, Queue, RunnerGateway } from '../../campaigns/ports.ts';
import type { Store } from '../../campaigns/store-ports.ts';
import type { UseCases } from '../../campaigns/use-cases.ts';

export interface HttpDeps {
  readonly store: Pick<
    Store,
    | 'apiTokenByHash'
    | 'backend'
    | 'campaign'
    | 'campaigns'
    | 'campaignPlan'
    | 'census'
    | 'equipment'
    | 'evidenceOf'
    | 'listEquipment'
    | 'ping'
    | 'plan'
    | 'plans'
    | 'records'
    | 'report'
    | 'reports'
    | 'reportOrders'
    | 'reportStatuses'
    | 'run'
    | 'runLog'
    | 'runs'
    | 'runsOf'
    | 'testbed'
    | 'testbeds'
  >;
  readonly evidence: Pick<EvidenceStore, 'get'>;
  readonly useCases: UseCases;
  readonly queue: Pick<Queue, 'backend' | 'depth' | 'ping'>;
  readonly gateway: Pick<RunnerGateway, 'attached'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** The organisation that runs this orchestrator: its tokens see everything, all others only what is theirs. */
  readonly lab: string;
  /** Requests per minute and address; default 1200. */
  readonly requestsPerMinute?: number;
}

interface SchemaTypes extends FastifyTypeProvider {
  readonly validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  readonly serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
}

/** Fastify, with the types of requests and answers taken from their schemas. */
export type Server = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  SchemaTypes
>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a token must allow; `open` needs none. A route that does not say is refused when it is added. */
    readonly scope?: Scope | 'open';
  }
}
