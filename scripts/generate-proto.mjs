// Writes src/contract/gen from proto/: static JavaScript by protobufjs and its types. Skipped when nothing changed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const out = join(root, 'src/contract/gen');
const folder = join(root, 'proto/patchbay/v1');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.proto'))
  .sort()
  .map((name) => join(folder, name));
const stamp = createHash('sha256')
  .update(files.map((file) => readFileSync(file)).join('\0'))
  .update(readFileSync(new URL(import.meta.url)))
  .digest('hex');
const stampFile = join(out, '.stamp');

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  mkdirSync(out, { recursive: true });
  const bin = (name) => join(root, 'node_modules/.bin', name);
  const js = join(out, 'patchbay.js');
  execFileSync(bin('pbjs'), [
    '-t',
    'static-module',
    '-w',
    'es6',
    '--no-service',
    '--force-number',
    '-o',
    js,
    ...files,
  ]);
  writeFileSync(
    js,
    readFileSync(js, 'utf8').replace(/from "protobufjs\/minimal"/, 'from "protobufjs/minimal.js"'),
  );
  execFileSync(bin('pbts'), ['-o', join(out, 'patchbay.d.ts'), js]);
  writeFileSync(stampFile, stamp);
}
