import { createReadStream } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { endPointText } from '../../runners/interfaces/capture/end-point.ts';
import { type Instant, msBetween } from '../../runners/interfaces/capture/instant.ts';
import {
  type CaptureCounts,
  type CapturedMessage,
  MessageReader,
} from '../../runners/interfaces/capture/message-reader.ts';
import { type TreeNode, treeLines } from '../../runners/interfaces/per/render.ts';
import type { Protocol } from '../../runners/interfaces/trace/protocol.ts';
import { protocolCalled, PROTOCOLS } from '../../runners/interfaces/trace/protocols.ts';
import { TraceReader } from '../../runners/interfaces/trace/trace-reader.ts';
import type { TraceMessage } from '../domain/trace-message.ts';
import { octetsOf, traceOf } from '../evidence/message-log.ts';
import { parseObservations } from '../evidence/observations.ts';
import { HarnessError } from '../kernel/errors.ts';
import { makeLadder, type LadderLimits } from '../reports/ladder/ladder.ts';
import { renderLadderFile } from '../reports/ladder/svg.ts';
import { makeVisible } from '../reports/markup.ts';

export interface TraceOptions {
  /** Messages of this protocol only; those that tell none are taken for it. */
  readonly protocol?: string;
  /** Ports of UDP that carry SCTP, beside those that are found. */
  readonly udpPorts?: readonly number[];
  /** A file for the diagram. */
  readonly ladder?: string;
}

/** A message of a trace with all that is in it. */
export interface ShownMessage extends TraceMessage {
  /** Counts up from 1 among those of the file. */
  readonly n: number;
  /** When, with nanoseconds, by the clock of the capture. */
  readonly at?: string;
  readonly association?: number;
  /** DATA chunks before it that the capture does not have. */
  readonly missing?: number;
  readonly tree: TreeNode | null;
}

/** What there is to say when all messages were shown. */
export interface TraceEnd {
  readonly shown: number;
  readonly counts?: CaptureCounts;
  /** Where a capture ends inside of a record. */
  readonly cutAt?: number;
}

const LADDER_LIMITS: LadderLimits = { maxMessages: 500, maxParties: 12 };
const MAX_OBSERVATIONS_BYTES = 64 * 1024 * 1024;

/**
 * The messages in a capture (pcap, pcapng) or in the stored observations of a case, as they are read; memory does not grow
 * with a capture. `NOT_FOUND`, `WRONG_USE`, `CAPTURE_INVALID` with the offset, `EVIDENCE_CORRUPT`.
 */
export async function* readTrace(
  file: string,
  { protocol: wanted, udpPorts = [], ladder }: TraceOptions,
): AsyncGenerator<ShownMessage, TraceEnd> {
  const protocol = wanted === undefined ? undefined : wantedProtocol(wanted);
  const reader = new TraceReader(protocol);
  const source = (await isObservations(file))
    ? fromObservations(file, reader)
    : fromCapture(file, { reader, udpPorts });
  const drawn: TraceMessage[] = [];
  let shown = 0;
  for (;;) {
    const next = await source.next();
    if (next.done === true) {
      if (ladder !== undefined) await writeLadder(ladder, { file, drawn, shown });
      return { shown, ...next.value };
    }
    if (protocol !== undefined && next.value.protocol !== protocol.name) continue;
    shown += 1;
    if (ladder !== undefined && drawn.length < LADDER_LIMITS.maxMessages) drawn.push(next.value);
    yield next.value;
  }
}

/** A message for people: a line, and what is wrong and what is in it below. */
export function renderMessage(message: ShownMessage, { brief }: { readonly brief: boolean }): string {
  const { n, t, at, from, to, protocol, name, octets, stream, ppid, missing = 0, faults, tree } = message;
  const about = [
    `${octets} octets`,
    ...(stream === undefined ? [] : [`stream ${stream}`]),
    ...(ppid === undefined ? [] : [`PPID ${ppid}`]),
  ];
  const what = name === '' ? [protocol, 'not read'] : [protocol, name];
  const head = [n, at, t.toFixed(6), `${from} > ${to}`, ...what, `(${about.join(', ')})`];
  const lines = [
    ...(missing === 0 ? [] : [`-- ${missing} DATA chunks are not in the capture`]),
    head.filter((part) => part !== undefined && part !== '').join(' '),
    ...faults.map((fault) => `  ! ${fault}`),
    ...(brief || tree === null ? [] : treeLines(tree, 1)),
  ];
  return lines.map((line) => `${makeVisible(line)}\n`).join('');
}

function wantedProtocol(name: string): Protocol {
  const protocol = protocolCalled(name);
  if (protocol !== undefined) return protocol;
  const known = PROTOCOLS.map((one) => one.name.toLowerCase()).join(', ');
  throw new HarnessError('WRONG_USE', `messages of "${name}" are not read; there is ${known}`);
}

/** Observations are lines of JSON; no capture begins like that. */
async function isObservations(file: string): Promise<boolean> {
  const handle = await open(file).catch((cause: unknown) => {
    throw new HarnessError('NOT_FOUND', `${file} cannot be read`, { cause });
  });
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, 0);
    const { size } = await handle.stat();
    const begins = bytesRead === 1 && buffer[0] === 0x7b;
    if (begins && size > MAX_OBSERVATIONS_BYTES)
      throw new HarnessError('INPUT_TOO_LARGE', `${file} has over ${MAX_OBSERVATIONS_BYTES} bytes`);
    return begins;
  } finally {
    await handle.close();
  }
}

async function* fromObservations(
  file: string,
  reader: TraceReader,
): AsyncGenerator<ShownMessage, Omit<TraceEnd, 'shown'>> {
  const parsed = parseObservations(await readFile(file));
  if (!parsed.ok) throw new HarnessError('EVIDENCE_CORRUPT', `${file}: ${parsed.error}`);
  const octets = octetsOf(parsed.value);
  for (const [index, message] of traceOf(parsed.value).entries()) {
    const bytes = octets[index] ?? null;
    // What the log says of a message was found when it passed; only the tree is made anew.
    const { ppid } = message;
    const carried = { association: 0, ports: [], ...(ppid === undefined ? {} : { ppid }) };
    const read = bytes === null ? null : reader.read({ ...carried, bytes });
    const protocol = message.protocol === '' ? (read?.protocol ?? '') : message.protocol;
    yield { n: index + 1, ...message, protocol, tree: read?.tree ?? null };
  }
  return {};
}

async function* fromCapture(
  file: string,
  { reader, udpPorts }: { readonly reader: TraceReader; readonly udpPorts: readonly number[] },
): AsyncGenerator<ShownMessage, Omit<TraceEnd, 'shown'>> {
  let began: Instant | undefined;
  let told: CapturedMessage[] = [];
  const messages = new MessageReader({ udpPorts, onMessage: (message) => told.push(message) });
  const shown = function* (): Generator<ShownMessage> {
    const waiting = told;
    told = [];
    for (const message of waiting) {
      began ??= message;
      yield showCaptured(message, { reader, began });
    }
  };
  for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    try {
      messages.push(piece as Buffer);
    } finally {
      yield* shown();
    }
  }
  messages.end();
  yield* shown();
  const { counts, cutAt } = messages;
  return { counts, ...(cutAt === undefined ? {} : { cutAt }) };
}

function showCaptured(
  message: CapturedMessage,
  { reader, began }: { readonly reader: TraceReader; readonly began: Instant },
): ShownMessage {
  const { n, from, to, association, stream, ppid, missing, bytes } = message;
  const { tree, ...read } = reader.read({ association, bytes, ppid, ports: [from.port, to.port] });
  return {
    ...{ n, t: msBetween(began, message) / 1e3, at: isoOf(message), ...read, association, missing },
    ...{ from: endPointText(from), to: endPointText(to), octets: bytes.length, stream, ppid, tree },
  };
}

/** `2026-11-22T01:00:00.123456789Z` */
function isoOf({ seconds, nanoseconds }: Instant): string {
  const whole = new Date(seconds * 1_000).toISOString().slice(0, 19);
  return `${whole}.${String(nanoseconds).padStart(9, '0')}Z`;
}

async function writeLadder(
  path: string,
  {
    file,
    drawn,
    shown,
  }: { readonly file: string; readonly drawn: readonly TraceMessage[]; readonly shown: number },
): Promise<void> {
  const ladder = makeLadder(drawn, LADDER_LIMITS);
  const more = ladder.more + shown - drawn.length;
  await writeFile(path, renderLadderFile({ ...ladder, more }, `Messages of ${file}`));
}
