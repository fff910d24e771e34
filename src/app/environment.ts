import type { Environment } from '../config/reader.ts';

/** The only place that looks at the environment of the process. */
export function processEnvironment(): Environment {
  return process.env;
}
