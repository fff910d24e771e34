import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A browser of this machine; tests that need one are skipped by name where there is none. */
export function chromiumPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return ['chromium', 'google-chrome']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}
