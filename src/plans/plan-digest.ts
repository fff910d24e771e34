import { createHash } from 'node:crypto';
import type { Digest } from '../domain/ids.ts';
import type { TestPlan } from '../domain/plan.ts';
import { canonicalBytes } from '../kernel/canonical-json.ts';
import type { Json } from '../kernel/json.ts';

/** SHA-256 over the plan as canonical JSON (RFC 8785): the same for every way to write the same plan. */
export function planDigest(plan: TestPlan): Digest {
  return `sha256:${createHash('sha256')
    .update(canonicalBytes(plan as unknown as Json))
    .digest('hex')}` as Digest;
}
