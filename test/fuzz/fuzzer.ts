export interface FuzzOptions {
  /** How many inputs are tried. */
  readonly rounds: number;
  readonly seed: number;
  readonly onRound?: (done: number) => void;
}

export interface Fuzzed {
  /** What must not be, one sentence each with what is needed to see it again; empty when all is well. */
  readonly findings: readonly string[];
  /** For the JSON line. */
  readonly figures: Readonly<Record<string, unknown>>;
}

export type Fuzzer = (options: FuzzOptions) => Promise<Fuzzed>;
