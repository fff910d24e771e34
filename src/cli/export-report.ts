import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import type { Orchestrator } from '../api/orchestrator.ts';
import { HarnessError } from '../kernel/errors.ts';
import { filesOf, type ReportFormat } from './report-formats.ts';

const SAFE_NAME = /^(?:[A-Za-z0-9_-][A-Za-z0-9._+-]{0,127}\/){0,4}[A-Za-z0-9_-][A-Za-z0-9._+-]{0,127}$/u;

type ReportSource = Pick<Orchestrator, 'report' | 'reportFile'>;

/**
 * Writes files of a report below `out`: those of one format, or all. Names come from the orchestrator and are not trusted;
 * bytes count only with the right digest. A file that is already there with the same bytes is left alone; with others,
 * `OUTPUT_EXISTS`.
 */
export async function exportReport(
  source: ReportSource,
  id: string,
  { out, format }: { readonly out: string; readonly format?: ReportFormat },
): Promise<readonly string[]> {
  const written: string[] = [];
  for await (const [name, bytes] of readFiles(source, id, format)) {
    const path = join(out, name);
    await mkdir(dirname(path), { recursive: true });
    await writeNew(path, bytes);
    written.push(path);
  }
  return written;
}

/** The bytes of one format, one file after the other; there are several for `sigstore` only, a line each. */
export async function printReport(
  source: ReportSource,
  id: string,
  format: ReportFormat,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const [, bytes] of readFiles(source, id, format)) parts.push(bytes);
  return Buffer.concat(parts);
}

async function* readFiles(
  source: ReportSource,
  id: string,
  format: ReportFormat | undefined,
): AsyncIterable<readonly [name: string, bytes: Uint8Array]> {
  const { files } = await source.report(id);
  const names = format === undefined ? Object.keys(files) : filesOf(format, files);
  if (names.length === 0)
    throw new HarnessError('NOT_FOUND', `report ${id} has no file of the format ${format ?? 'asked for'}`);
  for (const name of names) {
    if (!SAFE_NAME.test(name))
      throw new HarnessError('ORCHESTRATOR_ANSWER', `a file of the report is called ${JSON.stringify(name)}`);
    const bytes = await source.reportFile(id, name);
    if (`sha256:${createHash('sha256').update(bytes).digest('hex')}` !== files[name])
      throw new HarnessError('EVIDENCE_CORRUPT', `${name} does not have the digest of the report`);
    yield [name, bytes];
  }
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
