/**
 * Arguments of Node for a process that ends, or is killed, within a minute or so: WebAssembly is compiled once, quickly,
 * as `src/app/compile-once.ts` does it; a process that opens the embedded store takes half of the processor time.
 */
export const BRIEF_NODE = ['--liftoff-only'] as const;
