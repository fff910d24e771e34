// tsc does not copy JavaScript: what was generated from proto/ and asn1/ goes to dist by hand.
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';

const root = new URL('..', import.meta.url).pathname;
const interfaces = readdirSync(`${root}runners/interfaces`).map((name) => `runners/interfaces/${name}`);
for (const folder of ['src/contract', ...interfaces]) {
  if (!existsSync(`${root}${folder}/gen`)) continue;
  mkdirSync(`${root}dist/${folder}/gen`, { recursive: true });
  cpSync(`${root}${folder}/gen`, `${root}dist/${folder}/gen`, { recursive: true });
}
