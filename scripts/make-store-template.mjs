// Makes dist/store-template.tar: a dump of an empty, migrated embedded store. A fresh store that starts from it is
// spared initdb, which takes several seconds. Skipped when migrations and PGlite are the same as last time.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const migrations = join(root, 'dist/src/adapters/store-sql/migrations');
const out = join(root, 'dist/store-template.tar');
const stampFile = `${out}.stamp`;
const hash = createHash('sha256').update(
  readFileSync(join(root, 'node_modules/@electric-sql/pglite/package.json')),
);
for (const name of readdirSync(migrations)
  .filter((file) => file.endsWith('.js'))
  .sort())
  hash.update(readFileSync(join(migrations, name)));
const stamp = hash.digest('hex');

if (!existsSync(out) || !existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  const { dumpEmptyStore } = await import(join(root, 'dist/src/adapters/store-sql/dump-empty-store.js'));
  writeFileSync(out, await dumpEmptyStore());
  writeFileSync(stampFile, stamp);
}
