/** What the process is started with: a JSON file of this shape. */
export interface NonRtRicConfig {
  readonly defects: readonly string[];
}
