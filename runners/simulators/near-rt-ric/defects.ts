import type { Json } from '../../../src/kernel/json.ts';
import { type A1Call, type A1Producer, json } from '../../interfaces/a1/peer.ts';
import { recordBody, jsonOf } from '../../interfaces/http/body.ts';
import type { Answer } from '../../interfaces/http/listen.ts';

/** How a call is answered; a defect wraps what would have been the right way. */
export type Handler = (call: A1Call) => Answer | Promise<Answer>;
export type Notifier = (destination: string, status: Json) => void;

interface Ric {
  readonly producer: A1Producer;
  readonly slowMs: number;
}

interface Defect {
  /** What it does wrong. */
  readonly says: string;
  readonly handle?: (right: Handler, ric: Ric) => Handler;
  readonly notify?: (right: Notifier) => Notifier;
}

const never = new Promise<Answer>(() => {});

/** Changes the answers that a call of this kind gets. */
const reply =
  (applies: (call: A1Call, answer: Answer) => boolean, change: (answer: Answer, call: A1Call) => Answer) =>
  (right: Handler): Handler =>
  async (call) => {
    const answer = await right(call);
    return applies(call, answer) ? change(answer, call) : answer;
  };

const isPolicy = (call: A1Call, method: string): boolean =>
  call.resource.kind === 'policy' && call.method === method;
const withStatus = (status: number) => (answer: Answer) => ({ ...answer, status });
const withoutLocation = (answer: Answer): Answer => ({
  ...answer,
  headers: (answer.headers ?? []).filter(([name]) => name !== 'Location'),
});

export const A1_DEFECTS = {
  'wrong-status-on-create': {
    says: 'answers the creation of a policy with 200 instead of 201',
    handle: reply((call, { status }) => isPolicy(call, 'PUT') && status === 201, withStatus(200)),
  },
  'missing-location': {
    says: 'creates a policy without a Location header',
    handle: reply((call) => isPolicy(call, 'PUT'), withoutLocation),
  },
  'wrong-location': {
    says: 'names the list of policies in Location instead of the policy',
    handle: reply(
      (_, { status }) => status === 201,
      (answer) => ({
        ...answer,
        headers: (answer.headers ?? []).map(([name, value]) => [
          name,
          name === 'Location' ? value.replace(/\/[^/]*$/u, '') : value,
        ]),
      }),
    ),
  },
  'create-without-body': {
    says: 'answers the creation of a policy without its representation',
    handle: reply(
      (_, { status }) => status === 201,
      ({ status, headers = [] }) => ({ status, headers: headers.filter(([name]) => name === 'Location') }),
    ),
  },
  'no-schema-check': {
    says: 'accepts a policy that its schema refuses',
    handle:
      (right, { producer }) =>
      (call) => {
        const { resource, method, body, notificationDestination } = call;
        if (resource.kind !== 'policy' || method !== 'PUT' || body === undefined) return right(call);
        if (!producer.typeIds.includes(resource.type)) return right(call);
        const policies = producer.policies(resource.type);
        return Promise.resolve(right(call)).then((answer) => {
          if (answer.status !== 400) return answer;
          const known = policies.has(resource.policy);
          policies.set(resource.policy, {
            body,
            status: { enforceStatus: 'ENFORCED' },
            notificationDestination,
          });
          return json(known ? 200 : 201, body);
        });
      },
  },
  'bad-update-applied': {
    says: 'answers 400 to a bad update and applies it all the same',
    handle:
      (right, { producer }) =>
      async (call) => {
        const answer = await right(call);
        const { resource, body } = call;
        if (resource.kind !== 'policy' || call.method !== 'PUT' || answer.status !== 400) return answer;
        const held = producer.policies(resource.type).get(resource.policy);
        if (held !== undefined && body !== undefined) held.body = body;
        return answer;
      },
  },
  'update-not-applied': {
    says: 'answers an update with the new policy and keeps the old one',
    handle:
      (right, { producer }) =>
      async (call) => {
        const { resource } = call;
        if (resource.kind !== 'policy' || call.method !== 'PUT') return right(call);
        const before = producer.policies(resource.type).get(resource.policy)?.body;
        const answer = await right(call);
        const held = producer.policies(resource.type).get(resource.policy);
        if (before !== undefined && held !== undefined) held.body = before;
        return answer;
      },
  },
  'deletes-but-still-lists': {
    says: 'goes on listing policies that were deleted',
    handle: (right) => {
      const deleted = new Set<string>();
      return async (call) => {
        const answer = await right(call);
        const { resource } = call;
        if (isPolicy(call, 'DELETE') && resource.kind === 'policy' && answer.status === 204)
          deleted.add(resource.policy);
        return resource.kind === 'policies' && answer.status === 200
          ? json(200, [...idsIn(answer), ...deleted])
          : answer;
      };
    },
  },
  'delete-twice-204': {
    says: 'answers 204 to the deletion of a policy that does not exist',
    handle: reply(
      (call, { status }) => isPolicy(call, 'DELETE') && status === 404,
      () => ({ status: 204 }),
    ),
  },
  'unknown-type-gives-500': {
    says: 'answers 500 when it does not know a policy type',
    handle:
      (right, { producer }) =>
      (call) =>
        'type' in call.resource && !producer.typeIds.includes(call.resource.type)
          ? json(500, { detail: 'null' })
          : right(call),
  },
  'unknown-policy-gives-200': {
    says: 'answers 200 and an empty object for a policy that does not exist',
    handle: reply(
      (call, { status }) =>
        call.method === 'GET' && ['policy', 'status'].includes(call.resource.kind) && status === 404,
      () => json(200, {}),
    ),
  },
  'list-wrong-shape': {
    says: 'answers lists of ids as an object instead of an array',
    handle: reply(
      (call, { status }) => ['types', 'policies'].includes(call.resource.kind) && status === 200,
      (answer) => json(200, { ids: idsIn(answer) }),
    ),
  },
  'malformed-json': {
    says: 'breaks off the JSON of a policy that is read',
    handle: reply(
      (call, { status }) => isPolicy(call, 'GET') && status === 200,
      (answer) => ({ ...answer, body: String(answer.body).slice(0, -2) }),
    ),
  },
  'status-without-state': {
    says: 'answers the status of a policy with an empty object',
    handle: reply(
      (call, { status }) => call.resource.kind === 'status' && status === 200,
      () => json(200, {}),
    ),
  },
  'forgets-policy-types': {
    says: 'lists only the first of its policy types',
    handle: reply(
      (call) => call.resource.kind === 'types',
      (answer) => json(200, idsIn(answer).slice(0, 1)),
    ),
  },
  'status-never-notified': {
    says: 'never sends a status notification',
    notify: () => () => {},
  },
  'notifies-old-destination': {
    says: 'goes on notifying the first destination of a policy',
    handle: (right) => {
      const first = new Map<string, string>();
      return (call) => {
        const { resource, notificationDestination } = call;
        if (resource.kind !== 'policy' || call.method !== 'PUT' || notificationDestination === null)
          return right(call);
        const old = first.get(resource.policy) ?? notificationDestination;
        first.set(resource.policy, old);
        return right({ ...call, notificationDestination: old });
      };
    },
  },
  'notifies-after-removal': {
    says: 'goes on notifying after the destination was taken away',
    handle: (right) => {
      const last = new Map<string, string>();
      return (call) => {
        const { resource, notificationDestination } = call;
        if (resource.kind !== 'policy' || call.method !== 'PUT') return right(call);
        if (notificationDestination !== null) last.set(resource.policy, notificationDestination);
        return right({ ...call, notificationDestination: last.get(resource.policy) ?? null });
      };
    },
  },
  'notifies-rubbish': {
    says: 'sends status notifications that are no status object',
    notify: (right) => (destination) => right(destination, ['changed']),
  },
  silent: {
    says: 'accepts requests and never answers',
    handle: () => () => never,
  },
  slow: {
    says: 'answers after the time limit',
    handle:
      (right, { slowMs }) =>
      (call) =>
        new Promise((resolve) => {
          setTimeout(() => resolve(right(call)), slowMs);
        }),
  },
  'crashes-mid-case': {
    says: 'crashes when a policy is created',
    handle: (right) => (call) => {
      // The product is gone, as after a fault in it: no answer, no tear-down.
      if (isPolicy(call, 'PUT')) process.exit(70);
      return right(call);
    },
  },
} as const satisfies Record<string, Defect>;

function idsIn(answer: Answer): string[] {
  const body = jsonOf(recordBody(Buffer.from(String(answer.body))));
  return Array.isArray(body) ? (body as string[]) : [];
}

/** The right handler with every chosen A1 defect around it, in the order of the table. */
export function withDefects(right: Handler, ric: Ric, defects: readonly string[]): Handler {
  return chosen(defects).reduce((handler, { handle }) => handle?.(handler, ric) ?? handler, right);
}

export function notifierWithDefects(right: Notifier, defects: readonly string[]): Notifier {
  return chosen(defects).reduce((notifier, { notify }) => notify?.(notifier) ?? notifier, right);
}

function chosen(defects: readonly string[]): readonly Defect[] {
  return Object.entries(A1_DEFECTS)
    .filter(([name]) => defects.includes(name))
    .map(([, defect]) => defect);
}
