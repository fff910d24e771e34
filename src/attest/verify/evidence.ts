import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type Json } from '../../kernel/json.ts';
import { isJsonList } from '../format/strict-json.ts';
import { Refusal, refuse } from './refusal.ts';
import { refusedAt, type StepReport } from './steps.ts';
import type { Accepted, Verification } from './verify.ts';

const DIGEST = /^sha256:(?<hex>[0-9a-f]{64})$/u;

/**
 * Holds the files in `dir/sha256/ab/abcd…` against the list of evidence, as far as that was disclosed. Every file that is
 * listed has to be there and be what the report was made from.
 */
export async function checkEvidence(
  accepted: Accepted,
  dir: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<Verification> {
  const index = accepted.disclosed['section:evidence-index'];
  if (!isJsonList(index)) {
    return withStep(accepted, {
      step: 'evidence',
      state: 'notChecked',
      why: 'the list of evidence was not disclosed',
    });
  }
  try {
    const digests = new Set(index.map(digestOf));
    for (const hex of digests) {
      signal.throwIfAborted();
      await checkFile(join(dir, 'sha256', hex.slice(0, 2), hex), hex, { signal });
    }
    const evidence = { ...accepted.evidence, checked: digests.size };
    return withStep({ ...accepted, evidence }, { step: 'evidence', state: 'passed' });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const skipped = new Map(
      accepted.steps.flatMap(({ step, why }) => (why === undefined ? [] : [[step, why] as const])),
    );
    const steps = refusedAt('evidence', skipped);
    return { status: 'refused', reasons: [error.reason], steps, standing: accepted.standing };
  }
}

function withStep(accepted: Accepted, report: StepReport): Accepted {
  return { ...accepted, steps: accepted.steps.map((one) => (one.step === report.step ? report : one)) };
}

/** Only what is a digest becomes part of a path. */
function digestOf(item: Json): string {
  const digest = isJsonObject(item) ? item['digest'] : undefined;
  const hex = typeof digest === 'string' ? DIGEST.exec(digest)?.groups?.['hex'] : undefined;
  return hex ?? refuse('VERIFY_EVIDENCE_INDEX', 'the list of evidence has an item without a digest');
}

async function checkFile(
  path: string,
  hex: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> {
  if (!(await isFile(path))) refuse('VERIFY_EVIDENCE_MISSING', `${path} is not there`);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { signal }) as AsyncIterable<Uint8Array>)
    hash.update(chunk);
  if (hash.digest('hex') !== hex) refuse('VERIFY_EVIDENCE_CORRUPT', `${path} does not hash to its name`);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return false;
    throw error;
  }
}
