import { stat } from 'node:fs/promises';
import type { Io } from './io.ts';

export interface ReadingProgress {
  /** @param bytes that were read so far */
  readonly show: (bytes: number) => void;
  readonly done: () => void;
}

const BAR_WIDTH = 24;
/** Nobody waits for less. */
const LARGE_BYTES = 8 * 1024 * 1024;

/** On a terminal, for a large file, a bar that is drawn over itself; elsewhere nothing. */
export async function makeReadingProgress(
  { isTty, stderr }: Pick<Io, 'isTty' | 'stderr'>,
  file: string,
): Promise<ReadingProgress> {
  // Whoever reads the file says what is wrong with it.
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  if (!isTty || size < LARGE_BYTES) return { show: () => {}, done: () => {} };
  let drawn = -1;
  return {
    show: (bytes) => {
      const percent = Math.min(100, Math.floor((100 * bytes) / size));
      if (percent === drawn) return;
      drawn = percent;
      const bar = '█'.repeat(Math.round((percent / 100) * BAR_WIDTH)).padEnd(BAR_WIDTH, '░');
      stderr(`\r\u001b[2K${bar} ${percent} % of ${Math.ceil(size / 1e6)} MB`);
    },
    done: () => {
      if (drawn >= 0) stderr('\r\u001b[2K');
    },
  };
}
