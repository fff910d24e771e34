import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { isJsonObject } from '../../src/kernel/json.ts';

/** What the runner says that it did and what was acknowledged to it; read from its log after the kills. */
export interface RunnerTrace {
  /** `run/case` → every fence under which the case was started, once for each start. */
  readonly started: ReadonlyMap<string, readonly number[]>;
  /** Run → case → number of the observation that carried its record. */
  readonly recorded: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Run → highest number acknowledged. */
  readonly acknowledged: ReadonlyMap<string, number>;
  /** Run → digests of evidence whose upload was acknowledged. */
  readonly uploaded: ReadonlyMap<string, ReadonlySet<string>>;
}

export async function readTrace(logFile: string): Promise<RunnerTrace> {
  const started = new Map<string, number[]>();
  const recorded = new Map<string, Map<string, number>>();
  const acknowledged = new Map<string, number>();
  const uploaded = new Map<string, Set<string>>();
  for await (const line of createInterface({ input: createReadStream(logFile) })) {
    const fact = parseLine(line);
    if (fact === null) continue;
    const { event, runId, caseId, fence, seq, digest } = fact;
    if (typeof runId !== 'string') continue;
    if (event === 'case.started' && typeof caseId === 'string' && typeof fence === 'number') {
      push(started, `${runId}/${caseId}`, fence);
    }
    if (event === 'case.recorded' && typeof caseId === 'string' && typeof seq === 'number') {
      const cases = recorded.get(runId) ?? new Map<string, number>();
      recorded.set(runId, cases.set(caseId, seq));
    }
    if (event === 'run.acknowledged' && typeof seq === 'number') {
      acknowledged.set(runId, Math.max(seq, acknowledged.get(runId) ?? 0));
    }
    if (event === 'evidence.uploaded' && typeof digest === 'string') {
      uploaded.set(runId, (uploaded.get(runId) ?? new Set<string>()).add(digest));
    }
  }
  return { started, recorded, acknowledged, uploaded };
}

/** A line that was cut by a kill, or that is not a log line, says nothing. */
function parseLine(line: string): Readonly<Record<string, unknown>> | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function push(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key) ?? [];
  list.push(value);
  map.set(key, list);
}
