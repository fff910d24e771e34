import { type FileHandle, open } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { HarnessError } from '../../src/kernel/errors.ts';
import { storeFailure } from './evidence-store.ts';

/** What was written to one place of one spool. */
export interface JournalEntry {
  /** Names the spool to whoever restores it. */
  readonly run: string;
  /** Which of the files that the spool has had; see `Spool.base`. */
  readonly base: number;
  /** Where in that file, in bytes. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Whoever has entries in the journal. */
export interface Written {
  /** Resolves when everything of it is on the disk in its own place. */
  sync(): Promise<void>;
}

interface Pending {
  readonly frame: Buffer;
  readonly written: Written;
  readonly done: (error: Error | null) => void;
}

/** Length of the head (JSON), length of the bytes, CRC-32 of both: 32 bits each, little-endian. */
const FRAME_HEAD = 12;
const MAX_HEAD = 4 * 1024;
/** When it has grown to this, everything goes to the disk in its own place, and the journal starts again. */
const FULL_BYTES = 16 * 1024 * 1024;

/**
 * Makes what all runs write durable together: one write and one fsync for any number of spools. Now and then they bring
 * their own files up to date, and it starts again; what a crash left in it is given to them at the next start.
 */
export class Journal implements AsyncDisposable {
  readonly #file: FileHandle;
  #size = 0;
  #pending: Pending[] = [];
  #working: Promise<void> | null = null;
  #closed = false;
  readonly #unsynced = new Set<Written>();

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * Hands over what an earlier start left, in its order, and begins anew. An entry that is cut off was never confirmed.
   * @param restore gets all entries of one spool; resolves when they are on the disk in their own place, or the spool is gone
   */
  static async open(
    path: string,
    restore: (run: string, entries: readonly JournalEntry[]) => Promise<void>,
  ): Promise<Journal> {
    try {
      const file = await open(path, 'a+', 0o600);
      for (const [run, entries] of byRun(entriesIn(await file.readFile()))) await restore(run, entries);
      await file.truncate(0);
      await file.sync();
      return new Journal(file);
    } catch (error) {
      throw storeFailure(error);
    }
  }

  /** Durable when it resolves. */
  commit(entry: JournalEntry, written: Written): Promise<void> {
    if (this.#closed) return Promise.reject(new HarnessError('ABORTED', 'the journal is closed'));
    return new Promise((resolve, reject) => {
      const done = (error: Error | null): void => (error === null ? resolve() : reject(error));
      this.#pending.push({ frame: frameOf(entry), written, done });
      this.#working ??= this.#work();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#working;
    await this.#startAgain();
    await this.#file.close();
  }

  async #work(): Promise<void> {
    while (this.#pending.length > 0) {
      // One turn of the event loop, so that runs that go in step share the disk.
      await setImmediate();
      const taken = this.#pending.splice(0);
      let failure: Error | null = null;
      try {
        await this.#write(Buffer.concat(taken.map(({ frame }) => frame)));
        for (const { written } of taken) this.#unsynced.add(written);
      } catch (error) {
        failure = storeFailure(error);
      }
      for (const { done } of taken) done(failure);
      if (this.#size > FULL_BYTES) await this.#startAgain();
    }
    this.#working = null;
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      await this.#file.appendFile(bytes);
      await this.#file.datasync();
      this.#size += bytes.length;
    } catch (error) {
      // A disk that is full may have taken half of it.
      await this.#file.truncate(this.#size).catch(() => undefined);
      throw error;
    }
  }

  /** Until it can be emptied it just grows. */
  async #startAgain(): Promise<void> {
    // Those whose entry is the newest have only just been told, and are still to take it in hand.
    await setImmediate();
    try {
      await Promise.all([...this.#unsynced].map((written) => written.sync()));
      await this.#file.truncate(0);
      this.#size = 0;
      this.#unsynced.clear();
    } catch {
      // The disk is full or broken: whoever writes next is told.
    }
  }
}

function byRun(entries: Iterable<JournalEntry>): ReadonlyMap<string, readonly JournalEntry[]> {
  const found = new Map<string, JournalEntry[]>();
  for (const entry of entries) {
    const known = found.get(entry.run);
    if (known === undefined) found.set(entry.run, [entry]);
    else known.push(entry);
  }
  return found;
}

function frameOf({ run, base, at, bytes }: JournalEntry): Buffer {
  const head = Buffer.from(JSON.stringify({ run, base, at }));
  const frame = Buffer.allocUnsafe(FRAME_HEAD + head.length + bytes.length);
  frame.writeUInt32LE(head.length, 0);
  frame.writeUInt32LE(bytes.length, 4);
  frame.set(head, FRAME_HEAD);
  frame.set(bytes, FRAME_HEAD + head.length);
  frame.writeUInt32LE(crc32(frame.subarray(FRAME_HEAD)), 8);
  return frame;
}

function* entriesIn(journal: Buffer): Generator<JournalEntry> {
  for (let from = 0; from + FRAME_HEAD <= journal.length;) {
    const headLength = journal.readUInt32LE(from);
    const start = from + FRAME_HEAD;
    const end = start + headLength + journal.readUInt32LE(from + 4);
    if (headLength > MAX_HEAD || end > journal.length) return;
    if (crc32(journal.subarray(start, end)) !== journal.readUInt32LE(from + 8)) return;
    const head = JSON.parse(journal.toString('utf8', start, start + headLength)) as Omit<
      JournalEntry,
      'bytes'
    >;
    yield { ...head, bytes: journal.subarray(start + headLength, end) };
    from = end;
  }
}
