import type { ServerReadableStream } from '@grpc/grpc-js';
import type { EvidenceStore, Log, RunnerEvents } from '../../campaigns/ports.ts';
import type { Store } from '../../campaigns/store-ports.ts';
import type { Received } from '../../contract/codec.ts';
import type { RunRef } from '../../contract/parts.ts';
import type { EvidenceProgress, QueryEvidence, UploadEvidence } from '../../contract/runner-messages.ts';
import type { EvidenceItem } from '../../domain/case-record.ts';
import type { Digest } from '../../domain/ids.ts';
import { HarnessError } from '../../kernel/errors.ts';
import type { Caller } from './caller.ts';

export interface EvidenceDeps {
  readonly store: Store;
  readonly evidence: EvidenceStore;
  readonly events: Pick<RunnerEvents, 'evidenceArrived'>;
  readonly log: Log;
  /** Largest item, in bytes. */
  readonly maxEvidenceBytes: number;
}

type Upload = ServerReadableStream<Received<UploadEvidence>, EvidenceProgress>;
type Header = Extract<UploadEvidence, { kind: 'header' }>;

export async function queryEvidence(
  deps: EvidenceDeps,
  caller: Caller,
  query: QueryEvidence,
): Promise<EvidenceProgress> {
  await checkHold(deps, caller, query);
  return deps.evidence.state(query.digest);
}

/** Uploads of one digest, one after the other: two runners may have seen the same bytes. */
export class Uploads {
  readonly #deps: EvidenceDeps;
  readonly #tails = new Map<Digest, Promise<unknown>>();

  constructor(deps: EvidenceDeps) {
    this.#deps = deps;
  }

  /** Takes what comes of one item; says how far it is. `EVIDENCE_CORRUPT` when the bytes are not those announced. */
  async serve(caller: Caller, call: Upload): Promise<EvidenceProgress> {
    const messages = call.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<
      Received<UploadEvidence>
    >;
    const header = await readHeader(messages);
    this.#checkSize(header.item);
    await checkHold(this.#deps, caller, header);
    return this.#inTurn(header.item.digest, () => this.#take(header, messages));
  }

  async #inTurn<T>(digest: Digest, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(digest) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#tails.set(digest, mine);
    try {
      return await mine;
    } finally {
      if (this.#tails.get(digest) === mine) this.#tails.delete(digest);
    }
  }

  async #take(header: Header, messages: AsyncIterator<Received<UploadEvidence>>): Promise<EvidenceProgress> {
    const { store, evidence } = this.#deps;
    const { run, fence, item } = header;
    const state = await evidence.state(item.digest);
    if (!state.complete) {
      if (state.offset !== header.offset) return state;
      const left = item.bytes - header.offset;
      const offset = await evidence.append(item.digest, header.offset, chunksOf(messages, left));
      if (offset < item.bytes) return { complete: false, offset };
      await evidence.seal(item.digest);
    }
    // The fence is checked again with the write: the lease may have ended while bytes came.
    await store.addEvidence(run, fence, item);
    await this.#deps.events.evidenceArrived(run);
    return { complete: true, offset: item.bytes };
  }

  #checkSize({ bytes, digest }: EvidenceItem): void {
    const { maxEvidenceBytes } = this.#deps;
    if (bytes <= maxEvidenceBytes) return;
    throw new HarnessError('INPUT_TOO_LARGE', `${digest} has ${bytes} bytes, over ${maxEvidenceBytes}`);
  }
}

/** The run is one of the testbed that the certificate names, and holds this fence. */
async function checkHold(
  { store }: EvidenceDeps,
  { testbed }: Caller,
  { run, fence }: RunRef,
): Promise<void> {
  const held = (await store.desired([testbed])).some((entry) => entry.run === run && entry.fence === fence);
  if (!held) throw new HarnessError('STALE_FENCE', `run ${run} is not held under fence ${fence} here`);
  await store.checkFence(run, fence);
}

async function readHeader(messages: AsyncIterator<Received<UploadEvidence>>): Promise<Header> {
  const first = await messages.next();
  const message = first.done === true ? null : accepted(first.value);
  if (message?.kind === 'header') return message;
  throw new HarnessError('MESSAGE_INVALID', 'UploadEvidenceRequest.header: is missing');
}

function accepted(received: Received<UploadEvidence>): UploadEvidence {
  if (!received.ok) throw received.error;
  return received.value;
}

async function* chunksOf(
  messages: AsyncIterator<Received<UploadEvidence>>,
  left: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let remaining = left;
  for (let next = await nextChunk(messages); next !== null; next = await nextChunk(messages)) {
    remaining -= next.length;
    if (remaining < 0) {
      throw new HarnessError('MESSAGE_INVALID', 'UploadEvidenceRequest.chunk: more bytes than announced');
    }
    yield next;
  }
}

/** The next chunk, or `null` when the runner is done or the line broke: what came so far is kept. */
async function nextChunk(messages: AsyncIterator<Received<UploadEvidence>>): Promise<Uint8Array | null> {
  let next: IteratorResult<Received<UploadEvidence>, unknown>;
  try {
    next = await messages.next();
  } catch {
    return null;
  }
  if (next.done === true) return null;
  const message = accepted(next.value);
  if (message.kind === 'chunk') return message.bytes;
  throw new HarnessError('MESSAGE_INVALID', 'UploadEvidenceRequest.header: comes only once');
}
