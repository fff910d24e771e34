// npm run bench -- NAME [options] [--json]: runs scripts/bench/NAME.mjs. Progress goes to stderr, one line of JSON to stdout, with and
// without --json. Exit code 2 when the options are wrong.
import { readdirSync } from 'node:fs';
import { WrongUse } from './bench/_wrong-use.mjs';

const folder = new URL('bench/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.mjs') && !name.startsWith('_'))
  .map((name) => name.slice(0, -4));
const [name = '', ...options] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`usage: npm run bench -- ${names.join('|')} [options] [--json]`);
  process.exit(2);
}
const { run } = await import(new URL(`${name}.mjs`, folder));
try {
  const figures = await run(options.filter((option) => option !== '--json'));
  console.log(JSON.stringify({ bench: name, ...figures }));
  process.exit(0);
} catch (error) {
  if (!(error instanceof WrongUse || String(error?.code).startsWith('ERR_PARSE_ARGS'))) throw error;
  console.error(`bench ${name}: ${error.message.split('\n')[0]}`);
  process.exit(2);
}
