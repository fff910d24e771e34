import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { HarnessError } from '../../src/kernel/errors.ts';
import type { Json } from '../../src/kernel/json.ts';
import { storeFailure } from './evidence-store.ts';
import { syncFolder } from './files.ts';
import type { Journal, JournalEntry, Written } from './journal.ts';
import { FRAME_HEAD, frameOf, framesIn, readFully, scan, type SpoolHeader } from './spool-frames.ts';

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

/**
 * Numbered observations of one run on disk: written here before they are sent, kept until they are acknowledged.
 * Appends that come while one is being written share the next write and its fsync.
 *
 * With a journal, appends go there alone; the file of the spool gets them when the journal starts again.
 */
export class Spool implements AsyncDisposable, Written {
  readonly #path: string;
  readonly #shared: SpoolJournal | null;
  #file: FileHandle;
  #header: SpoolHeader;
  /** End of frame n (counted from the header, which is frame 0) in the file. */
  #ends: number[];
  /** Frames at the end that are in the journal and not in the file, and the length of the file without them. */
  #unwritten: Buffer[] = [];
  #written: number;
  /** The file is written to, or replaced, by one at a time. */
  #turn: Promise<void> = Promise.resolve();
  #acked: number;
  #pending: Pending[] = [];
  #writing: Promise<void> | null = null;
  #closed = false;

  private constructor(
    { path, file, shared }: { path: string; file: FileHandle; shared: SpoolJournal | null },
    found: { header: SpoolHeader; ends: number[] },
  ) {
    this.#path = path;
    this.#shared = shared;
    this.#file = file;
    this.#header = found.header;
    this.#ends = found.ends;
    this.#written = found.ends.at(-1) ?? 0;
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
    const kept = this.#ends.length - this.#unwritten.length;
    const limit = first < kept ? kept : this.#ends.length;
    let last = first;
    while (
      last + 1 < limit &&
      last - first + 1 < maxCount &&
      (this.#ends[last + 1] ?? 0) - start <= maxBytes
    ) {
      last += 1;
    }
    if (first >= kept) {
      return this.#unwritten.slice(first - kept, last - kept + 1).map((frame) => frame.subarray(FRAME_HEAD));
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
    const header = { base: this.#acked, note: note() };
    this.#writing = this.#inTurn(() => this.#startAnew(header)).then(() => this.#write());
    await this.#writing;
  }

  /** Everything of it is on the disk in its own place. */
  sync(): Promise<void> {
    return this.#inTurn(() => (this.#closed ? Promise.resolve() : this.#writeOut()));
  }

  /** Closes it without a care for what is in it. */
  async discard(): Promise<void> {
    await this.#writing;
    await this.#inTurn(() => this.#close());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    await this.sync();
    await this.#inTurn(() => this.#close());
  }

  async #close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#unwritten = [];
    await this.#file.close();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #writeOut(): Promise<void> {
    const frames = [...this.#unwritten];
    const bytes = Buffer.concat(frames);
    try {
      await this.#file.appendFile(bytes);
      await this.#file.datasync();
    } catch (error) {
      // A disk that is full may have taken half of it.
      await this.#file.truncate(this.#written).catch(() => undefined);
      throw storeFailure(error);
    }
    this.#written += bytes.length;
    this.#unwritten = this.#unwritten.slice(frames.length);
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
        await this.#shared?.journal.commit(this.#entry(Buffer.concat(frames), start), this);
        let end = start;
        for (const frame of frames) this.#ends.push((end += frame.length));
        this.#unwritten.push(...frames);
        if (this.#shared === null) await this.#writeOutOrForget(frames.length);
      } catch (error) {
        failure = storeFailure(error);
      }
      for (const { done } of taken) done(failure);
    }
    this.#writing = null;
  }

  #entry(bytes: Buffer, at: number): JournalEntry {
    return { run: this.#shared?.run ?? '', base: this.#header.base, at, bytes };
  }

  async #writeOutOrForget(count: number): Promise<void> {
    try {
      await this.sync();
    } catch (error) {
      this.#ends = this.#ends.slice(0, -count);
      this.#unwritten = [];
      throw error;
    }
  }

  /** Goes on in a new file; when that cannot be made, in the old one: it only takes more room. */
  async #startAnew(header: SpoolHeader): Promise<void> {
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
      this.#written = frame.length;
      this.#unwritten = [];
      await old.close();
    } catch {
      await rm(draft, { force: true });
    }
  }
}

/** Brings a spool up to date with what the journal has of it; one that is gone, or was begun anew since, needs nothing. */
export async function restoreSpool(path: string, entries: readonly JournalEntry[]): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, 'r+');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw storeFailure(error);
  }
  try {
    const base = (await scan(file))?.header.base;
    for (const entry of entries) {
      if (entry.base === base) await file.write(entry.bytes, 0, entry.bytes.length, entry.at);
    }
    await file.datasync();
  } finally {
    await file.close();
  }
}
