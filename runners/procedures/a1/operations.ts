import type { Json } from '../../../src/kernel/json.ts';
import { compileSchema } from '../../interfaces/a1/schema.ts';
import type { A1Resource, PolicyType } from '../../interfaces/a1/types.ts';
import { parseA1Path, sameResource, splitRequestPath } from '../../interfaces/a1/uri.ts';
import { jsonOf, mediaType } from '../../interfaces/http/body.ts';
import type { HttpReceived } from '../../interfaces/http/types.ts';
import type { Check } from '../../interfaces/a1/expect.ts';

/** The policy type that the tester's own producer has; its schema is ours. */
export const TESTER_TYPE = 'patchbay_rate_1.0.0';
export const TESTER_POLICY_TYPE: PolicyType = {
  policySchema: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { sliceId: { type: 'string' }, kbps: { type: 'integer', minimum: 0 } },
    required: ['sliceId', 'kbps'],
    additionalProperties: false,
  },
  statusSchema: {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { enforceStatus: { enum: ['ENFORCED', 'NOT_ENFORCED'] }, enforceReason: { type: 'string' } },
    required: ['enforceStatus'],
  },
};
export const FIRST_BODY: Json = { sliceId: 'slice-1', kbps: 1000 };
export const SECOND_BODY: Json = { sliceId: 'slice-1', kbps: 2000 };

export interface Operation {
  /** Name in the contract of the prepare hook. */
  readonly name: string;
  readonly method: 'GET' | 'PUT' | 'DELETE';
  readonly resource: (type: string, policy: string) => A1Resource;
  /** What a person is asked to have the product do. */
  readonly inWords: string;
}

const policyOf = (type: string, policy: string): A1Resource => ({ kind: 'policy', type, policy });

export const OPERATIONS = {
  'query-types': {
    name: 'queryPolicyTypes',
    method: 'GET',
    resource: () => ({ kind: 'types' }),
    inWords: 'query all policy types',
  },
  'query-type': {
    name: 'queryPolicyType',
    method: 'GET',
    resource: (type) => ({ kind: 'type', type }),
    inWords: 'query the policy type',
  },
  create: { name: 'createPolicy', method: 'PUT', resource: policyOf, inWords: 'create the policy' },
  list: {
    name: 'queryPolicies',
    method: 'GET',
    resource: (type) => ({ kind: 'policies', type }),
    inWords: 'query all policies of the type',
  },
  read: { name: 'queryPolicy', method: 'GET', resource: policyOf, inWords: 'query the policy' },
  status: {
    name: 'queryPolicyStatus',
    method: 'GET',
    resource: (type, policy) => ({ kind: 'status', type, policy }),
    inWords: 'query the status of the policy',
  },
  update: { name: 'updatePolicy', method: 'PUT', resource: policyOf, inWords: 'update the policy' },
  delete: { name: 'deletePolicy', method: 'DELETE', resource: policyOf, inWords: 'delete the policy' },
} as const satisfies Record<string, Operation>;
export type OperationName = keyof typeof OPERATIONS;

export interface Wanted {
  readonly operation: Operation;
  readonly basePath: string;
  readonly type: string;
  readonly policy: string;
}

export function hasMethod(received: HttpReceived, { operation }: Wanted): boolean {
  return received.method === operation.method;
}

export function hasUri(received: HttpReceived, { operation, basePath, type, policy }: Wanted): boolean {
  const found = parseA1Path(splitRequestPath(received.path).path, basePath);
  return found !== null && sameResource(found, operation.resource(type, policy));
}

/** It is meant as the operation, right or wrong: same method or same URI, and no other request of A1 that is right in itself. */
export function isAttempt(received: HttpReceived, wanted: Wanted): boolean {
  if (hasUri(received, wanted)) return received.method !== 'GET' || wanted.operation.method === 'GET';
  const other = parseA1Path(splitRequestPath(received.path).path, wanted.basePath) !== null;
  if (received.method === 'GET' && other) return false;
  return hasMethod(received, wanted) || wanted.operation.method !== 'GET';
}

/** The body of a PUT fits the schema of its policy type. */
export function bodyFits({ body }: HttpReceived, schema: Json): Check {
  const value = jsonOf(body);
  if (value === undefined) return { ok: false, saw: 'a body that is no JSON' };
  const check = compileSchema(schema);
  const problem = check.ok ? check.value(value) : null;
  return problem === null
    ? { ok: true, saw: 'a body by its schema' }
    : { ok: false, saw: `the schema refuses it: ${problem}` };
}

export function isJsonContent({ headers }: HttpReceived): Check {
  const type = mediaType(headers);
  return { ok: type === 'application/json', saw: `Content-Type ${type ?? 'absent'}` };
}
