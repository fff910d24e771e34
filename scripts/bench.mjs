// npm run bench -- NAME [options]: runs scripts/bench/NAME.mjs. Progress goes to stderr, one line of JSON to stdout.
import { readdirSync } from 'node:fs';

const folder = new URL('bench/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.mjs') && !name.startsWith('_'))
  .map((name) => name.slice(0, -4));
const [name = '', ...options] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`usage: npm run bench -- ${names.join('|')} [options]`);
  process.exit(2);
}
const { run } = await import(new URL(`${name}.mjs`, folder));
const figures = await run(options);
console.log(JSON.stringify({ bench: name, ...figures }));
process.exit(0);
