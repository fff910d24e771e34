import type { E2NodeSettings } from './settings.ts';

/** What the process is started with: a JSON file of this shape. */
export interface E2NodeConfig {
  readonly defects: readonly string[];
  readonly settings: E2NodeSettings;
}
