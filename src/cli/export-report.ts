import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Orchestrator } from '../api/orchestrator.ts';
import { HarnessError } from '../kernel/errors.ts';

const SAFE_NAME = /^(?:[A-Za-z0-9_-][A-Za-z0-9._+-]{0,127}\/){0,4}[A-Za-z0-9_-][A-Za-z0-9._+-]{0,127}$/u;

/**
 * Writes the files of a report below `out`. Names come from the orchestrator and are not trusted; bytes count only with
 * the right digest. A file that is already there with the same bytes is left alone; with others, `OUTPUT_EXISTS`.
 */
export async function exportReport(
  orchestrator: Pick<Orchestrator, 'report' | 'reportFile'>,
  id: string,
  out: string,
): Promise<readonly string[]> {
  const { files } = await orchestrator.report(id);
  const written: string[] = [];
  for (const [name, digest] of Object.entries(files)) {
    if (!SAFE_NAME.test(name))
      throw new HarnessError('ORCHESTRATOR_ANSWER', `a file of the report is called ${JSON.stringify(name)}`);
    const bytes = await orchestrator.reportFile(id, name);
    if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== digest)
      throw new HarnessError('EVIDENCE_CORRUPT', `${name} does not have the digest of the report`);
    const path = join(out, name);
    await mkdir(dirname(path), { recursive: true });
    await writeNew(path, bytes);
    written.push(path);
  }
  return written;
}

async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    if (!(await readFile(path)).equals(bytes))
      throw new HarnessError('OUTPUT_EXISTS', `${path} is something else`);
  }
}
