import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { header, jsonOf, mediaType, recordBody } from '../http/body.ts';
import type { Answer, Received } from '../http/listen.ts';
import { compileSchema, type SchemaCheck } from './schema.ts';
import type { A1Resource, PolicyType } from './types.ts';
import { a1Path, parseA1Path, splitRequestPath } from './uri.ts';

export interface StoredPolicy {
  body: Json;
  status: { enforceStatus: 'ENFORCED' | 'NOT_ENFORCED'; enforceReason?: string };
  notificationDestination: string | null;
}

export interface ProducerOptions {
  readonly basePath: string;
  readonly types: ReadonlyMap<string, PolicyType>;
  /** Called after the state of a policy with a notification destination has changed. */
  readonly notify: (destination: string, status: Json) => void;
}

/** A request as the producer understood it. */
export interface A1Call {
  readonly method: string;
  readonly resource: A1Resource;
  readonly body: Json | undefined;
  readonly notificationDestination: string | null;
  /** Of the body; undefined when none was said. */
  readonly mediaType: string | undefined;
  /** `http://host:port`, as the consumer addressed the producer. */
  readonly origin: string;
}

/** Speaks for an A1-P producer: keeps policy types and policies and answers as O-RAN.WG2.A1AP says. */
export class A1Producer {
  readonly basePath: string;
  readonly #types = new Map<string, { type: PolicyType; accepts: SchemaCheck }>();
  readonly #policies = new Map<string, Map<string, StoredPolicy>>();
  readonly #notify: ProducerOptions['notify'];

  constructor({ basePath, types, notify }: ProducerOptions) {
    this.basePath = basePath;
    this.#notify = notify;
    this.setTypes(types);
  }

  /** Replaces the set of policy types; policies of a type that goes away go with it. */
  setTypes(types: ReadonlyMap<string, PolicyType>): void {
    this.#types.clear();
    for (const [id, type] of types) {
      const check = compileSchema(type.policySchema);
      this.#types.set(id, { type, accepts: check.ok ? check.value : () => null });
    }
    for (const id of this.#policies.keys()) if (!this.#types.has(id)) this.#policies.delete(id);
  }

  get typeIds(): readonly string[] {
    return [...this.#types.keys()];
  }

  policies(type: string): Map<string, StoredPolicy> {
    const held = this.#policies.get(type) ?? new Map<string, StoredPolicy>();
    this.#policies.set(type, held);
    return held;
  }

  /** Null when the path is none of A1-P. */
  parse({ method, path, headers, body, scheme }: Received): A1Call | null {
    const { path: bare, query } = splitRequestPath(path);
    const resource = parseA1Path(bare, this.basePath);
    if (resource === null) return null;
    return {
      method,
      resource,
      body: jsonOf(recordBody(body)),
      notificationDestination: query.get('notificationDestination'),
      mediaType: mediaType(headers),
      origin: `${scheme}://${header(headers, 'host') ?? 'localhost'}`,
    };
  }

  handle(received: Received): Answer {
    const call = this.parse(received);
    return call === null ? problem(404, 'no such resource') : this.answer(call);
  }

  answer(call: A1Call): Answer {
    const { resource, method } = call;
    const allowed = resource.kind === 'policy' ? ['GET', 'PUT', 'DELETE'] : ['GET'];
    if (!allowed.includes(method))
      return problem(405, `${method} is not possible here`, [['Allow', allowed.join(', ')]]);
    if (resource.kind === 'types') return json(200, [...this.typeIds]);
    const known = this.#types.get(resource.type);
    if (known === undefined) return problem(404, 'no such policy type');
    if (resource.kind === 'type') return json(200, known.type as unknown as Json);
    const policies = this.policies(resource.type);
    if (resource.kind === 'policies') return json(200, [...policies.keys()]);
    if (method === 'PUT' && resource.kind === 'policy')
      return this.#put({ ...call, resource }, known.accepts);
    const policy = policies.get(resource.policy);
    if (policy === undefined) return problem(404, 'no such policy');
    if (resource.kind === 'status') return json(200, { ...policy.status });
    if (method === 'GET') return json(200, policy.body);
    policies.delete(resource.policy);
    return { status: 204 };
  }

  /** Sets the enforcement state of a policy and tells its destination; false when there is no such policy. */
  changeStatus(type: string, id: string): boolean {
    const policy = this.#policies.get(type)?.get(id);
    if (policy === undefined) return false;
    policy.status =
      policy.status.enforceStatus === 'ENFORCED'
        ? { enforceStatus: 'NOT_ENFORCED', enforceReason: 'OTHER_REASON' }
        : { enforceStatus: 'ENFORCED' };
    this.#tell(policy);
    return true;
  }

  #put(call: A1Call & { resource: Extract<A1Resource, { kind: 'policy' }> }, accepts: SchemaCheck): Answer {
    const { resource, body, notificationDestination } = call;
    if (!isJsonType(call.mediaType)) return problem(415, 'a policy is application/json');
    if (!isJsonObject(body)) return problem(400, 'a policy is a JSON object');
    const fault = accepts(body);
    if (fault !== null) return problem(400, fault);
    if (notificationDestination !== null && !URL.canParse(notificationDestination))
      return problem(400, 'notificationDestination is no URI');
    const policies = this.policies(resource.type);
    const known = policies.has(resource.policy);
    const policy: StoredPolicy = { body, status: { enforceStatus: 'ENFORCED' }, notificationDestination };
    policies.set(resource.policy, policy);
    this.#tell(policy);
    if (known) return json(200, body);
    return json(201, body, [['Location', `${call.origin}${this.basePath}${a1Path(resource)}`]]);
  }

  #tell({ notificationDestination, status }: StoredPolicy): void {
    if (notificationDestination !== null) this.#notify(notificationDestination, { ...status });
  }
}

function isJsonType(type: string | undefined): boolean {
  return type === 'application/json' || (type?.endsWith('+json') ?? false);
}

export function json(status: number, body: Json, headers: Answer['headers'] = []): Answer {
  return { status, headers: [['Content-Type', 'application/json'], ...headers], body: JSON.stringify(body) };
}

/** RFC 9457 problem details; optional on A1. */
export function problem(status: number, detail: string, headers: Answer['headers'] = []): Answer {
  return {
    status,
    headers: [['Content-Type', 'application/problem+json'], ...headers],
    body: JSON.stringify({ status, detail }),
  };
}
