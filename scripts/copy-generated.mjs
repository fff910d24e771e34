// tsc does not copy JavaScript: the generated protobuf module goes to dist by hand.
import { cpSync, mkdirSync } from 'node:fs';

const root = new URL('..', import.meta.url).pathname;
mkdirSync(`${root}dist/src/contract/gen`, { recursive: true });
cpSync(`${root}src/contract/gen`, `${root}dist/src/contract/gen`, { recursive: true });
