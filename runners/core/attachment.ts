import { setMaxListeners } from 'node:events';
import type { Received } from '../../src/contract/codec.ts';
import { PROTOCOL_VERSIONS } from '../../src/contract/limits.ts';
import type { ToRunner, Welcome } from '../../src/contract/runner-messages.ts';
import { pause } from '../../src/kernel/deadline.ts';
import { HarnessError } from '../../src/kernel/errors.ts';
import { type AttachStream, Connection, failureOf, unwrap } from './connection.ts';
import type { Credentials } from './credentials.ts';
import type { EvidenceStore } from './evidence-store.ts';
import type { LocalRun } from './local-run.ts';
import type { RunKeeper, Say } from './run-keeper.ts';
import type { RunnerLog } from './runner-log.ts';
import { sendRun } from './send-run.ts';
import { uploadWaiting } from './uploader.ts';

interface AttachmentDeps {
  readonly credentials: { readonly current: Credentials };
  readonly keeper: RunKeeper;
  readonly evidence: EvidenceStore;
  readonly boot: number;
  readonly slots: number;
  readonly capabilities: readonly string[];
  readonly tools: Readonly<Record<string, string>>;
  readonly log: RunnerLog;
}

const FIRST_BACKOFF_MS = 100;
const LONGEST_BACKOFF_MS = 5_000;
/** From dialling to the Welcome. */
const WELCOME_MS = 15_000;
/** A heartbeat is sent when this share of its time is over. */
const HEARTBEAT_SHARE = 0.6;

export interface KeptLine {
  readonly attached: () => boolean;
  /** Rejects when dialling again is of no use; resolves when the signal was aborted. */
  readonly ended: Promise<void>;
}

/** Dials in, again and again: at once after a line that worked, then with longer pauses and jitter. */
export function keepAttached(deps: AttachmentDeps, { signal }: { signal: AbortSignal }): KeptLine {
  const state = { attached: false };
  const grace = new Grace(deps.keeper);
  const dial = async (): Promise<void> => {
    let backoffMs = FIRST_BACKOFF_MS;
    while (!signal.aborted) {
      try {
        await attachOnce(deps, { signal, onWelcome });
      } catch (cause) {
        if (isAborted(signal)) break;
        const err = failureOf(cause);
        deps.log.warn({ event: 'runner.line-down', code: err.code, err }, 'the line is down');
        if (err.code === 'CERTIFICATE_REVOKED') throw err;
      } finally {
        if (state.attached) grace.start();
        state.attached = false;
      }
      await pause(backoffMs * (0.5 + Math.random() / 2), { signal }).catch(() => undefined);
      backoffMs = Math.min(2 * backoffMs, LONGEST_BACKOFF_MS);
    }
    function onWelcome({ graceMs }: Welcome): void {
      state.attached = true;
      backoffMs = FIRST_BACKOFF_MS;
      grace.stop(graceMs);
    }
  };
  const ended = dial().finally(() => grace.stop(null));
  ended.catch(() => deps.keeper.lostLine());
  return { attached: () => state.attached, ended };
}

/** Asked anew each time: signals change while one waits. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** While the line is down, runs go on until the orchestrator gives them up; then they stop by themselves. */
class Grace {
  readonly #keeper: RunKeeper;
  #graceMs: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(keeper: RunKeeper) {
    this.#keeper = keeper;
  }

  start(): void {
    if (this.#graceMs === null || this.#timer !== null) return;
    this.#timer = setTimeout(() => this.#keeper.lostLine(), this.#graceMs);
  }

  stop(graceMs: number | null): void {
    this.#graceMs = graceMs;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

async function attachOnce(
  deps: AttachmentDeps,
  { signal, onWelcome }: { signal: AbortSignal; onWelcome: (welcome: Welcome) => void },
): Promise<void> {
  using connection = Connection.of(deps.credentials.current);
  const over = new AbortController();
  const line = AbortSignal.any([signal, over.signal]);
  const stream = connection.attach();
  // Every run waits for both of them.
  setMaxListeners(0, stream, line);
  // The loop below hears of errors; those that come after it, such as our own cancelling, say nothing new.
  stream.on('error', () => undefined);
  const stop = (): void => stream.cancel();
  line.addEventListener('abort', stop, { once: true });
  const welcomeTimer = setTimeout(
    () => stream.destroy(new HarnessError('DEADLINE', `no Welcome came within ${WELCOME_MS} ms`)),
    WELCOME_MS,
  );
  const helpers: Promise<void>[] = [];
  try {
    stream.write(hello(deps));
    for await (const received of stream) {
      const message = unwrap(received as Received<ToRunner>);
      if (message.kind === 'welcome') {
        clearTimeout(welcomeTimer);
        onWelcome(message);
        helpers.push(
          ...startHelpers(
            { ...deps, connection, stream, welcome: message, fail: (e) => stream.destroy(e) },
            line,
          ),
        );
      } else await hear(deps, stream, message);
    }
    throw new HarnessError('LINE_DOWN', 'the orchestrator ended the line');
  } finally {
    clearTimeout(welcomeTimer);
    over.abort(new HarnessError('LINE_DOWN', 'the line is down'));
    stream.cancel();
    await Promise.allSettled(helpers);
  }
}

function hello({ keeper, boot, slots, capabilities, tools }: AttachmentDeps): Parameters<Say>[0] {
  const protocolVersions = PROTOCOL_VERSIONS;
  return { kind: 'hello', protocolVersions, capabilities, tools, boot, slots, knownRuns: keeper.known };
}

async function hear({ keeper, log }: AttachmentDeps, stream: AttachStream, message: ToRunner): Promise<void> {
  switch (message.kind) {
    case 'desired':
      // Not awaited: acknowledgements are to be heard while runs are taken. Lists keep their order by themselves.
      keeper.want(message.runs, sayOn(stream)).catch((cause: unknown) => {
        stream.destroy(HarnessError.from(cause));
      });
      return;
    case 'acknowledged': {
      const run = keeper.find(message);
      await run?.acknowledge(message.seq);
      if (message.finished) run?.heardFinished();
      return;
    }
    case 'refused':
      log.warn(
        { event: 'runner.refused', runId: message.run, code: message.reason.code },
        message.reason.text,
      );
      keeper.refused(message, message.reason);
      return;
    case 'welcome':
      throw new HarnessError('MESSAGE_INVALID', 'AttachResponse.welcome: comes only once');
  }
}

function sayOn(stream: AttachStream): Say {
  return (message) => {
    if (!stream.destroyed && !stream.writableEnded) stream.write(message);
  };
}

interface Helpers extends AttachmentDeps {
  readonly connection: Connection;
  readonly stream: AttachStream;
  readonly welcome: Welcome;
  /** Ends the line. */
  readonly fail: (error: Error) => void;
}

/** What goes on for as long as the line is up. */
function startHelpers(deps: Helpers, signal: AbortSignal): Promise<void>[] {
  const { keeper, stream, fail } = deps;
  for (const { slot, fence } of keeper.clean) stream.write({ kind: 'tearDown', slot, fence });
  const guarded = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (cause) {
      if (!signal.aborted) fail(HarnessError.from(cause, 'LINE_DOWN'));
    }
  };
  return [beat(deps, signal), sendRuns(deps, signal), uploads(deps, signal)].map(guarded);
}

/** Heartbeats by a monotonic timer: setting the clock moves none of them. */
async function beat({ keeper, stream, welcome }: Helpers, signal: AbortSignal): Promise<void> {
  const everyMs = Math.max(20, welcome.heartbeatMs * HEARTBEAT_SHARE);
  for (;;) {
    stream.write({ kind: 'heartbeat', runs: keeper.held });
    await pause(everyMs, { signal });
  }
}

/** Every run that has something to say gets a sender of its own; new ones join while the line is up. */
async function sendRuns({ keeper, stream, log, fail }: Helpers, signal: AbortSignal): Promise<void> {
  const sending = new Map<string, Promise<void>>();
  const send = async (run: LocalRun): Promise<void> => {
    try {
      await sendRun({ run, stream, log }, { signal });
    } catch (cause) {
      if (!signal.aborted) fail(HarnessError.from(cause, 'LINE_DOWN'));
    }
    sending.delete(run.run);
  };
  try {
    for (;;) {
      const silent = keeper.runs.filter((run) => !sending.has(run.run) && !run.lapsed && !run.isHeard);
      for (const run of silent) sending.set(run.run, send(run));
      await keeper.changes.heard({ signal });
    }
  } finally {
    await Promise.allSettled(sending.values());
  }
}

async function uploads({ connection, keeper, evidence, log }: Helpers, signal: AbortSignal): Promise<void> {
  for (;;) {
    await uploadWaiting({ connection, runs: keeper.runs, store: evidence, log }, { signal });
    await keeper.uploads.heard({ signal });
  }
}
