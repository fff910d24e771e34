import type { EndPoint } from '../../../src/domain/equipment.ts';
import { type A1Resource, DEFAULT_BASE_PATH } from './types.ts';

/**
 * Where the resource tree of a producer starts, without a slash at the end; null when there is no usable URL.
 * `basePath` counts below the path of `url`, unless that ends with it already.
 */
export function a1Root({ url, basePath = DEFAULT_BASE_PATH }: EndPoint): string | null {
  if (url === undefined || !URL.canParse(url)) return null;
  const { protocol, origin, pathname } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return null;
  const above = trimSlash(pathname);
  const base = trimSlash(basePath);
  return above.endsWith(base) ? `${origin}${above}` : `${origin}${above}${base}`;
}

/** The path of a resource below the base path, every id percent-encoded. */
export function a1Path(resource: A1Resource): string {
  if (resource.kind === 'types') return '/policytypes';
  const type = `/policytypes/${encodeURIComponent(resource.type)}`;
  if (resource.kind === 'type') return type;
  if (resource.kind === 'policies') return `${type}/policies`;
  const policy = `${type}/policies/${encodeURIComponent(resource.policy)}`;
  return resource.kind === 'policy' ? policy : `${policy}/status`;
}

/** What a request path (percent-encoded, without query) names below `basePath`; null when it is no resource of A1-P. */
export function parseA1Path(path: string, basePath: string): A1Resource | null {
  const base = trimSlash(basePath);
  if (!path.startsWith(`${base}/`)) return null;
  const parts = trimSlash(path.slice(base.length + 1))
    .split('/')
    .map(decoded);
  if (parts.some((part) => part === null || part === '')) return null;
  const [root, type, policies, policy, status, ...more] = parts as string[];
  if (root !== 'policytypes' || more.length > 0) return null;
  if (type === undefined) return { kind: 'types' };
  if (policies === undefined) return { kind: 'type', type };
  if (policies !== 'policies') return null;
  if (policy === undefined) return { kind: 'policies', type };
  if (status === undefined) return { kind: 'policy', type, policy };
  return status === 'status' ? { kind: 'status', type, policy } : null;
}

export function sameResource(a: A1Resource, b: A1Resource): boolean {
  return a1Path(a) === a1Path(b);
}

/** Path and query of a request line, apart. */
export function splitRequestPath(whole: string): { path: string; query: URLSearchParams } {
  const at = whole.indexOf('?');
  return at < 0
    ? { path: whole, query: new URLSearchParams() }
    : { path: whole.slice(0, at), query: new URLSearchParams(whole.slice(at + 1)) };
}

function trimSlash(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}

function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null; // a lone % names nothing
  }
}
