import { tmpdir } from 'node:os';
import { CaptureJudge, type JudgedCapture } from '../../runners/interfaces/trace/capture-judge.ts';
import { launch } from '../../runners/sandbox/process.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Instance, PropertyFinding } from '../judge/finding.ts';
import { HarnessError } from '../kernel/errors.ts';
import type { JudgeTraceOptions } from './judge-trace.ts';

/** What has just been found of a property: another verdict, or messages that break it. */
export interface LiveNews {
  readonly finding: PropertyFinding;
  readonly isOtherVerdict: boolean;
  readonly violations: readonly Instance[];
}

export interface JudgeLiveOptions extends Pick<JudgeTraceOptions, 'programs' | 'udpPorts'> {
  /** Aborted, the capture ends and what was found is the answer. */
  readonly signal: AbortSignal;
  readonly onNews: (news: LiveNews) => void;
  /** What is captured is being captured from now on. */
  readonly onReady?: () => void;
}

/** @see RFC 6951 §4.1 */
const SCTP_TUNNEL_PORT = 9_899;
const MAX_SAID = 500;

/**
 * Judges what passes on a network device, as it passes, until it is stopped. dumpcap captures, since Node cannot: it writes pcapng to a
 * pipe, which is read as any other capture. `TOOL_MISSING`, `CAPTURE_FAILED` with what dumpcap says.
 */
export async function judgeLive(
  device: string,
  { programs, udpPorts = [], signal, onNews, onReady }: JudgeLiveOptions,
): Promise<JudgedCapture> {
  signal.throwIfAborted();
  // What comes from one device as it passes is in its order.
  const judge = new CaptureJudge({ programs, udpPorts, windowMs: 0 });
  const tell = makeTeller(onNews);
  await using capture = await launch({
    ...{ file: 'dumpcap', args: argumentsOf(device, udpPorts), cwd: tmpdir() },
  });
  let said = '';
  capture.stderr.on('data', (text: Buffer) => (said = `${said}${text.toString()}`.slice(-MAX_SAID)));
  const stop = (): void => {
    if (capture.alive()) process.kill(capture.pid, 'SIGINT');
  };
  signal.addEventListener('abort', stop, { once: true });
  let isReady = false;
  try {
    for await (const piece of capture.stdout) {
      judge.push(piece as Buffer);
      if (!isReady) onReady?.();
      isReady = true;
      tell(judge.findings());
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
  const { code } = await capture.exited;
  if (signal.aborted) return judge.end();
  throw new HarnessError('CAPTURE_FAILED', `dumpcap on ${device} ended with ${code}: ${said.trim()}`);
}

function argumentsOf(device: string, udpPorts: readonly number[]): readonly string[] {
  const ports = [SCTP_TUNNEL_PORT, ...udpPorts].map((port) => `udp port ${port}`);
  const wanted = ['sctp', ...ports].join(' or ');
  // Whatever stands behind "vlan" in a filter looks behind the tag.
  return ['-q', '-n', '-i', device, '-f', `${wanted} or (vlan and (${wanted}))`, '-w', '-'];
}

/** Tells what is new in what is known of properties; of each, only the first violations are kept, and told. */
function makeTeller(onNews: (news: LiveNews) => void): (findings: readonly PropertyFinding[]) => void {
  const verdicts = new Map<string, Verdict>();
  const told = new Map<string, Set<number>>();
  return (findings) => {
    for (const finding of findings) {
      const { property, verdict, violations } = finding;
      const own = told.get(property.id) ?? new Set<number>();
      told.set(property.id, own);
      const isOtherVerdict = (verdicts.get(property.id) ?? 'none') !== verdict;
      const fresh = violations.filter(({ trigger }) => !own.has(trigger.n));
      if (!isOtherVerdict && fresh.length === 0) continue;
      verdicts.set(property.id, verdict);
      for (const { trigger } of fresh) own.add(trigger.n);
      onNews({ finding, isOtherVerdict, violations: fresh });
    }
  };
}
