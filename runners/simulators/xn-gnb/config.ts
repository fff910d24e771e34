import type { XnGnbSettings } from './settings.ts';

/** What the process is started with: a JSON file of this shape. */
export interface XnGnbConfig {
  readonly defects: readonly string[];
  readonly settings: XnGnbSettings;
}
