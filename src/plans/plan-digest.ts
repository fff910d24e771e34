import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Digest, parseDigest } from '../domain/ids.ts';
import type { TestPlan } from '../domain/plan.ts';
import { HarnessError } from '../kernel/errors.ts';

/** SHA-256 over the plan as canonical JSON (RFC 8785): the same for every way to write the same plan. */
export function planDigest(plan: TestPlan): Digest {
  const digest = parseDigest(
    `sha256:${createHash('sha256')
      .update(canonicalize(plan) ?? '')
      .digest('hex')}`,
  );
  if (!digest.ok) throw new HarnessError('UNEXPECTED', digest.error);
  return digest.value;
}
