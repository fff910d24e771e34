/** Where a command talks to: results on `stdout`, talk on `stderr`. */
export interface Io {
  stdout(text: string): void;
  stderr(text: string): void;
  /** Whether `stderr` is a terminal: progress bars only there. */
  readonly isTty: boolean;
  readonly signal: AbortSignal;
}
