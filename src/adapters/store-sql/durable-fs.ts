import { closeSync, fsyncSync, openSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** The part of Emscripten's NODEFS that is leant on. Checked at start, and by a test that counts fsync calls. */
interface NodeFsModule {
  readonly NODEFS?: {
    readonly stream_ops: { fsync?: (stream: OpenStream) => number };
    readonly realPath: (node: unknown) => string;
  };
}

interface OpenStream {
  readonly nfd?: number | null;
  readonly node: unknown;
}

type Emscripten = Parameters<NodeFS['init']>[1];

/**
 * PGlite's file system with a real fsync. Emscripten's NODEFS has none, so PostgreSQL's calls for it come to nothing and
 * a power cut may take what was acknowledged.
 */
export class DurableNodeFS extends NodeFS {
  readonly #onSync: () => void;

  constructor(dir: string, onSync: () => void = () => undefined) {
    super(dir);
    this.#onSync = onSync;
  }

  override async init(pg: PGlite, options: Emscripten): ReturnType<NodeFS['init']> {
    const result = await super.init(pg, options);
    const steps = result.emscriptenOpts.preRun;
    if (!Array.isArray(steps)) throw new Error('this version of PGlite mounts its files in an unknown way');
    steps.push((module) => this.#giveFsync(module));
    return result;
  }

  #giveFsync({ NODEFS }: NodeFsModule): void {
    if (NODEFS === undefined)
      throw new Error('this version of PGlite has no NODEFS: fsync cannot be made real');
    NODEFS.stream_ops.fsync = (stream) => {
      this.#onSync();
      if (typeof stream.nfd === 'number') fsyncSync(stream.nfd);
      else syncPath(NODEFS.realPath(stream.node));
      return 0;
    };
  }
}

function syncPath(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** PGlite starts PostgreSQL with `-F`, which is: do not fsync. */
export const DURABLE_START_PARAMS: readonly string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...['fsync=on', 'wal_sync_method=fsync', 'synchronous_commit=on', 'full_page_writes=on'].flatMap(
    (setting) => ['-c', setting],
  ),
];
