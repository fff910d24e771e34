import type { Clock, Log, RunnerEvents } from '../../campaigns/ports.ts';
import type { Store } from '../../campaigns/store-ports.ts';
import type { Received } from '../../contract/codec.ts';
import { PROTOCOL_VERSIONS } from '../../contract/limits.ts';
import type { RunRef } from '../../contract/parts.ts';
import type { Hello, ToOrchestrator } from '../../contract/runner-messages.ts';
import { HarnessError } from '../../kernel/errors.ts';
import { authenticate, type Caller } from './caller.ts';
import { tellDesired } from './desired-push.ts';
import { hear, type HearDeps } from './hear.ts';
import { type AttachCall, Line } from './line.ts';
import type { Lines } from './lines.ts';
import { failureOf } from './status.ts';

export interface AttachDeps extends HearDeps {
  readonly store: Store;
  readonly events: RunnerEvents;
  readonly lines: Lines;
  readonly clock: Clock;
  readonly log: Log;
  readonly heartbeatMs: number;
  readonly graceMs: number;
  readonly version: string;
}

/** A runner that has connected introduces itself within this time. */
const HELLO_MS = 10_000;

/** Serves one Attach stream from its Hello to its end. */
export async function serveAttach(deps: AttachDeps, call: AttachCall): Promise<void> {
  const ended = new AbortController();
  const end = (): void => ended.abort(new HarnessError('LINE_DOWN', 'the line ended'));
  call.once('cancelled', end);
  call.once('close', end);
  const messages = call.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<
    Received<ToOrchestrator>
  >;
  let line: Line | null = null;
  try {
    const caller = await authenticate(deps.store, call);
    const hello = await firstMessage(call, messages);
    line = await admit(deps, { caller, hello, call });
    await welcome(deps, line, hello);
    for await (const message of messages) await hearOne(deps, { line, message }, ended.signal);
    call.end();
  } catch (cause) {
    if (!call.cancelled && !(line?.closed ?? false)) endWith(deps.log, call, cause);
  } finally {
    end();
    if (line !== null) {
      deps.lines.remove(line);
      deps.log.info({ event: 'runner.detached', runnerId: line.caller.runner }, 'a runner detached');
    }
  }
}

async function hearOne(
  deps: AttachDeps,
  { line, message }: { line: Line; message: Received<ToOrchestrator> },
  signal: AbortSignal,
): Promise<void> {
  if (line.closed) throw new HarnessError('LINE_DOWN', 'the line was closed');
  if (!message.ok) throw message.error;
  line.heardAt = performance.now();
  line.working += 1;
  try {
    await hear(deps, { line, message: message.value, sizeBytes: message.sizeBytes }, { signal });
  } finally {
    line.working -= 1;
    line.heardAt = performance.now();
  }
}

async function firstMessage(
  call: AttachCall,
  messages: AsyncIterator<Received<ToOrchestrator>>,
): Promise<Hello> {
  const late = new HarnessError('DEADLINE', `no Hello came within ${HELLO_MS} ms`);
  const timer = setTimeout(() => call.emit('error', failureOf(late)), HELLO_MS);
  try {
    const first = await messages.next();
    if (first.done === true) throw new HarnessError('LINE_DOWN', 'the stream ended before a Hello');
    if (!first.value.ok) throw first.value.error;
    if (first.value.value.kind !== 'hello') {
      throw new HarnessError('MESSAGE_INVALID', 'AttachRequest.body: the first message is not a Hello');
    }
    return first.value.value;
  } finally {
    clearTimeout(timer);
  }
}

async function admit(
  { store, lines, clock, log }: AttachDeps,
  { caller, hello, call }: { caller: Caller; hello: Hello; call: AttachCall },
): Promise<Line> {
  protocolVersion(hello);
  await lines.checkFree(caller);
  const line = new Line(caller, call);
  lines.add(line);
  try {
    const { capabilities, tools, boot } = hello;
    await store.runnerSeen([{ id: caller.runner, at: clock.now(), hello: { capabilities, tools, boot } }]);
  } catch (error) {
    lines.remove(line);
    throw error;
  }
  log.info(
    { event: 'runner.attached', runnerId: caller.runner, testbed: caller.testbed, boot: hello.boot },
    'a runner attached',
  );
  return line;
}

function protocolVersion(hello: Hello): number {
  const common = PROTOCOL_VERSIONS.find((version) => hello.protocolVersions.includes(version));
  if (common !== undefined) return common;
  throw new HarnessError(
    'PROTOCOL_VERSION',
    `this orchestrator speaks ${PROTOCOL_VERSIONS.join(', ')}, the runner ${hello.protocolVersions.join(', ')}`,
  );
}

/** Both sides agree on what there is: what the runner knows, how much of it is stored, and what is wanted now. */
async function welcome(deps: AttachDeps, line: Line, hello: Hello): Promise<void> {
  const { store, events, heartbeatMs, graceMs, version } = deps;
  const { testbed } = line.caller;
  line.send({
    kind: 'welcome',
    protocolVersion: protocolVersion(hello),
    heartbeatMs,
    graceMs,
    orchestratorVersion: version,
  });
  const desired = await store.desired([testbed]);
  line.held = new Map(desired.map((entry) => [entry.run, entry]));
  line.known = hello.knownRuns;
  const held = hello.knownRuns.filter((ref) => line.holds(ref));
  await events.back(testbed, held);
  await Promise.all(held.map((ref) => tellProgress(deps, line, ref)));
  // `back` may have moved runs on.
  tellDesired(line, held.length === 0 ? desired : await store.desired([testbed]));
}

async function tellProgress({ store }: AttachDeps, line: Line, { run, fence }: RunRef): Promise<void> {
  const { lastSeq } = await store.progress(run);
  line.send({ kind: 'acknowledged', run, fence, seq: lastSeq, finished: false });
}

function endWith(log: Log, call: AttachCall, cause: unknown): void {
  const error = HarnessError.from(cause);
  log.warn({ event: 'runner.refused', code: error.code, err: error }, 'a line ended for a reason');
  call.emit('error', failureOf(error));
}
