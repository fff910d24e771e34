import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CaseRecord, EvidenceItem } from '../../src/domain/case-record.ts';
import type { Digest } from '../../src/domain/ids.ts';
import { instant } from '../../src/domain/ids.ts';
import type { EvidenceWriter, ExecuteDeps, RunnerClock, RunSink } from '../../runners/core/execute-ports.ts';
import type { Procedure } from '../../runners/procedures/procedure.ts';

export interface FakeRunner extends AsyncDisposable {
  readonly deps: ExecuteDeps;
  readonly records: CaseRecord[];
  /** What the sink was told, in order. */
  readonly told: string[];
  readonly bytes: Map<Digest, Uint8Array>;
  text(item: EvidenceItem): string;
}

export async function aRunner(
  procedures: readonly Procedure[],
  changes: Partial<ExecuteDeps> = {},
): Promise<FakeRunner> {
  const workDir = await mkdtemp(join(tmpdir(), 'patchbay-run-'));
  const records: CaseRecord[] = [];
  const told: string[] = [];
  const bytes = new Map<Digest, Uint8Array>();
  const deps: ExecuteDeps = {
    procedures: new Map(procedures.map((procedure) => [procedure.id, procedure])),
    simulators: new Map(),
    sink: recordingSink(records, told),
    evidence: memoryEvidence(bytes),
    clock: realClock(),
    workDir,
    tools: { node: 'v20' },
    ...changes,
  };
  return {
    deps,
    records,
    told,
    bytes,
    text: ({ digest }) => Buffer.from(bytes.get(digest) ?? []).toString('utf8'),
    [Symbol.asyncDispose]: () => rm(workDir, { recursive: true, force: true }),
  };
}

export function realClock(): RunnerClock {
  return { now: () => instant(Date.now()), elapsedMs: () => performance.now() };
}

function recordingSink(records: CaseRecord[], told: string[]): RunSink {
  return {
    caseStarted: (id) => {
      told.push(`started ${id}`);
      return Promise.resolve();
    },
    caseRecord: (record) => {
      records.push(record);
      told.push(`record ${record.case}`);
      return Promise.resolve();
    },
    log: (level, text) => void told.push(`${level} ${text}`),
  };
}

function memoryEvidence(store: Map<Digest, Uint8Array>): EvidenceWriter {
  return {
    async put(bytes, about) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes instanceof Uint8Array ? [bytes] : bytes) chunks.push(chunk);
      const whole = Buffer.concat(chunks);
      const digest = `sha256:${createHash('sha256').update(whole).digest('hex')}` as Digest;
      store.set(digest, whole);
      return { digest, bytes: whole.length, ...about };
    },
  };
}
