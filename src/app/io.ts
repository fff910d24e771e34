/** Where a command talks to: results on `stdout`, talk on `stderr`. */
export interface Io {
  /** Bytes go out as they are. */
  stdout(text: string | Uint8Array): void;
  stderr(text: string): void;
  /** Whether `stderr` is a terminal: progress bars only there. */
  readonly isTty: boolean;
  readonly signal: AbortSignal;
}
