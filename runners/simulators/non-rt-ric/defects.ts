import type { Answer, Received } from '../../interfaces/http/listen.ts';
import type { HttpRequest } from '../../interfaces/http/types.ts';

interface Defect {
  /** What it does wrong. */
  readonly says: string;
  /** Null: nothing is sent. */
  readonly request?: (right: HttpRequest) => HttpRequest | null;
  readonly callback?: (right: Answer, received: Received) => Answer | Promise<Answer>;
}

const never = new Promise<Answer>(() => {});
const isPut = ({ method }: HttpRequest): boolean => method === 'PUT';
const bodyOf = ({ body }: HttpRequest): string => (typeof body === 'string' ? body : '{}');

export const CONSUMER_DEFECTS = {
  'wrong-method': {
    says: 'sends policies by POST instead of PUT',
    request: (right) => (isPut(right) ? { ...right, method: 'POST' } : right),
  },
  'wrong-uri': {
    says: 'leaves the policy type out of the URI of a policy',
    request: (right) => ({
      ...right,
      url: right.url.replace(/\/policytypes\/[^/]+\/policies\//u, '/policies/'),
    }),
  },
  'body-breaks-schema': {
    says: 'sends policies with a member that their schema does not know',
    request: (right) =>
      isPut(right) ? { ...right, body: bodyOf(right).replace(/^\{/u, '{"unknownMember":1,') } : right,
  },
  'no-content-type': {
    says: 'sends policies without Content-Type',
    request: (right) => ({
      ...right,
      headers: (right.headers ?? []).filter(([name]) => name !== 'Content-Type'),
    }),
  },
  'no-notification-destination': {
    says: 'never names a notification destination',
    request: (right) => ({ ...right, url: right.url.replace(/\?.*$/u, '') }),
  },
  'never-triggers': {
    says: 'sends nothing at all',
    request: () => null,
  },
  'callback-always-204': {
    says: 'answers every status notification with 204, whatever is in it',
    callback: (right) => (right.status === 400 ? { status: 204 } : right),
  },
  'callback-unknown-uri-200': {
    says: 'answers 200 at callback URIs it never gave out',
    callback: (right) => (right.status === 404 ? { status: 200 } : right),
  },
  'callback-refused': {
    says: 'answers good status notifications with 500',
    callback: (right) => (right.status === 204 ? { status: 500 } : right),
  },
  'callback-silent': {
    says: 'never answers status notifications',
    callback: () => never,
  },
} as const satisfies Record<string, Defect>;

function chosen(defects: readonly string[]): readonly Defect[] {
  return Object.entries(CONSUMER_DEFECTS)
    .filter(([name]) => defects.includes(name))
    .map(([, defect]) => defect);
}

export function requestWithDefects(right: HttpRequest, defects: readonly string[]): HttpRequest | null {
  return chosen(defects).reduce<HttpRequest | null>(
    (request, defect) =>
      request === null || defect.request === undefined ? request : defect.request(request),
    right,
  );
}

export async function callbackWithDefects(
  right: Answer,
  received: Received,
  defects: readonly string[],
): Promise<Answer> {
  let answer = right;
  for (const { callback } of chosen(defects)) answer = (await callback?.(answer, received)) ?? answer;
  return answer;
}
