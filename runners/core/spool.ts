import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { HarnessError } from '../../src/kernel/errors.ts';
import type { Json } from '../../src/kernel/json.ts';
import { storeFailure } from './evidence-store.ts';
import { syncFolder } from './files.ts';
import type { Journal, JournalEntry, Written } from './journal.ts';

/** A frame: length of the payload, its CRC-32, both 32 bits little-endian, then the payload. */
const FRAME_HEAD = 8;
/** Larger frames are damage. */
const MAX_FRAME = 4 * 1024 * 1024;
/** Acknowledged observations are cut off when they take this much. */
const TRIM_BYTES = 4 * 1024 * 1024;

interface Pending {
  readonly payload: Uint8Array;
  readonly done: (error: Error | null) => void;
}

/** Where appends become durable together with those of other spools. */
export interface SpoolJournal {
  readonly journal: Journal;
  /** What this spool is called there. */
  readonly run: string;
}

/** Where the first frame, the header, comes from: what was cut off before. */
interface Header {
  /** Number of the last observation that was cut off. */
  readonly base: number;
  /** What the owner has to remember of them. */
  readonly note: Json;
}

/**
 * Numbered observations of one run on disk: written here before they are sent, kept until they are acknowledged.
 * Appends that come while one is being written share the next write and its fsync.
 */
export class Spool implements AsyncDisposable, Written {
  readonly #path: string;
  readonly #shared: SpoolJournal | null;
  #file: FileHandle;
  #header: Header;
  /** End of frame n (counted from the header, which is frame 0) in the file. */
  #ends: number[];
  #acked: number;
  #pending: Pending[] = [];
  #writing: Promise<void> | null = null;
  #closed = false;

  private constructor(
    { path, file, shared }: { path: string; file: FileHandle; shared: SpoolJournal | null },
    found: { header: Header; ends: number[] },
  ) {
    this.#path = path;
    this.#shared = shared;
    this.#file = file;
    this.#header = found.header;
    this.#ends = found.ends;
    this.#acked = found.header.base;
  }

  /** Opens or makes it. A frame that a crash left half-written is cut off: nobody was told that it is there. */
  static async open(path: string, shared: SpoolJournal | null = null): Promise<Spool> {
    try {
      const file = await open(path, 'a+', 0o600);
      const place = { path, file, shared };
      const found = await scan(file);
      const good = found?.ends.at(-1) ?? 0;
      await file.truncate(good);
      if (found !== null) return new Spool(place, found);
      const header = { base: 0, note: null };
      const frame = frameOf(Buffer.from(JSON.stringify(header)));
      await file.appendFile(frame);
      await file.sync();
      await syncFolder(dirname(path));
      return new Spool(place, { header, ends: [frame.length] });
    } catch (error) {
      throw storeFailure(error);
    }
  }

  /** Number of the last observation; 0 when there is none. */
  get lastSeq(): number {
    return this.#header.base + this.#ends.length - 1;
  }

  get ackedSeq(): number {
    return this.#acked;
  }

  /** What {@link acknowledge} noted of observations that were cut off. */
  get note(): Json {
    return this.#header.note;
  }

  /** Durable when it resolves; on failure nothing of it is kept. Observations keep the order of the calls. */
  append(payload: Uint8Array): Promise<void> {
    if (this.#closed) return Promise.reject(new HarnessError('ABORTED', 'the spool is closed'));
    return new Promise((resolve, reject) => {
      this.#pending.push({ payload, done: (error) => (error === null ? resolve() : reject(error)) });
      this.#writing ??= this.#write();
    });
  }

  /** Observations from number `from` on, up to about `maxBytes` and at most `maxCount`, but at least one if there is one. */
  async read(
    from: number,
    { maxBytes, maxCount }: { maxBytes: number; maxCount: number },
  ): Promise<readonly Buffer[]> {
    const first = from - this.#header.base;
    if (first < 1) throw new HarnessError('EVIDENCE_GAP', `observation ${from} was cut off already`);
    const start = this.#ends[first - 1];
    if (start === undefined || first >= this.#ends.length) return [];
    let last = first;
    while (
      last + 1 < this.#ends.length &&
      last - first + 1 < maxCount &&
      (this.#ends[last + 1] ?? 0) - start <= maxBytes
    ) {
      last += 1;
    }
    const bytes = Buffer.allocUnsafe((this.#ends[last] ?? start) - start);
    await readFully(this.#file, bytes, start);
    return framesIn(bytes);
  }

  /**
   * Everything up to `seq` is stored elsewhere. Now and then cuts it off.
   * @param note what has to be remembered of everything up to the last acknowledged observation
   */
  async acknowledge(seq: number, note: () => Json): Promise<void> {
    this.#acked = Math.max(this.#acked, Math.min(seq, this.lastSeq));
    const cut = this.#ends[this.#acked - this.#header.base] ?? 0;
    if (cut < TRIM_BYTES || this.#acked < this.lastSeq || this.#writing !== null) return;
    this.#writing = this.#startAnew({ base: this.#acked, note: note() });
    await this.#writing;
  }

  /** Everything of it is on the disk in its own place. */
  async sync(): Promise<void> {
    if (!this.#closed) await this.#file.datasync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    if (this.#closed) return;
    await this.sync();
    this.#closed = true;
    await this.#file.close();
  }

  async #write(): Promise<void> {
    while (this.#pending.length > 0) {
      // One turn of the event loop, so that what is said in one breath is written at once.
      await setImmediate();
      const taken = this.#pending.splice(0);
      const frames = taken.map(({ payload }) => frameOf(payload));
      const start = this.#ends.at(-1) ?? 0;
      let failure: Error | null = null;
      try {
        await this.#makeDurable(Buffer.concat(frames), start);
        let end = start;
        for (const frame of frames) this.#ends.push((end += frame.length));
      } catch (error) {
        failure = storeFailure(error);
        // A disk that is full may have taken half of it.
        await this.#file.truncate(start).catch(() => undefined);
      }
      for (const { done } of taken) done(failure);
    }
    this.#writing = null;
  }

  async #makeDurable(bytes: Buffer, at: number): Promise<void> {
    await this.#file.appendFile(bytes);
    if (this.#shared === null) await this.#file.datasync();
    else {
      const { journal, run } = this.#shared;
      await journal.commit({ run, base: this.#header.base, at, bytes }, this);
    }
  }

  /** Goes on in a new file; when that cannot be made, in the old one: it only takes more room. */
  async #startAnew(header: Header): Promise<void> {
    const draft = `${this.#path}.new`;
    const frame = frameOf(Buffer.from(JSON.stringify(header)));
    try {
      await rm(draft, { force: true });
      const file = await open(draft, 'a+', 0o600);
      await file.appendFile(frame);
      await file.sync();
      await rename(draft, this.#path);
      const old = this.#file;
      this.#file = file;
      this.#header = header;
      this.#ends = [frame.length];
      await old.close();
    } catch {
      await rm(draft, { force: true });
    }
    await this.#write();
  }
}

/** Brings a spool up to date with an entry of the journal; one that is gone, or was begun anew since, needs nothing. */
export async function restoreSpool(path: string, { base, at, bytes }: JournalEntry): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, 'r+');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw storeFailure(error);
  }
  try {
    if ((await scan(file))?.header.base !== base) return;
    await file.write(bytes, 0, bytes.length, at);
    await file.datasync();
  } finally {
    await file.close();
  }
}

function frameOf(payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(FRAME_HEAD + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame.writeUInt32LE(crc32(payload), 4);
  frame.set(payload, FRAME_HEAD);
  return frame;
}

function framesIn(bytes: Buffer): readonly Buffer[] {
  const payloads: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + FRAME_HEAD + bytes.readUInt32LE(at);
    payloads.push(bytes.subarray(at + FRAME_HEAD, end));
    at = end;
  }
  return payloads;
}

/** The good frames at the start of the file; `null` when not even the header is there. */
async function scan(file: FileHandle): Promise<{ header: Header; ends: number[] } | null> {
  const { size } = await file.stat();
  const head = Buffer.alloc(FRAME_HEAD);
  const ends: number[] = [];
  let header: Header | null = null;
  for (let at = 0; at + FRAME_HEAD <= size;) {
    await readFully(file, head, at);
    const length = head.readUInt32LE(0);
    const end = at + FRAME_HEAD + length;
    if (length > MAX_FRAME || end > size) break;
    const payload = Buffer.allocUnsafe(length);
    await readFully(file, payload, at + FRAME_HEAD);
    if (crc32(payload) !== head.readUInt32LE(4)) break;
    header ??= JSON.parse(payload.toString('utf8')) as Header;
    ends.push(end);
    at = end;
  }
  return header === null ? null : { header, ends };
}

async function readFully(file: FileHandle, into: Buffer, position: number): Promise<void> {
  for (let at = 0; at < into.length;) {
    const { bytesRead } = await file.read(into, at, into.length - at, position + at);
    if (bytesRead === 0) throw new HarnessError('STORE_UNAVAILABLE', 'the spool is shorter than it was');
    at += bytesRead;
  }
}
