import { setFlagsFromString } from 'node:v8';

/**
 * For a command that ends within a minute or so, before it opens anything: the embedded store and Typst are
 * WebAssembly, which V8 compiles once quickly and then again for speed. The second time takes longer than all the rest
 * of a pre-flight, and its gain comes too late.
 */
export function compileOnce(): void {
  setFlagsFromString('--liftoff-only');
}
