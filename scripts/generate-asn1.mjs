// Writes runners/interfaces/*/gen from the modules in runners/interfaces/*/asn1: for every file NAME.asn the functions
// NAME.js and the schema NAME-schema.js, with their types. What a file imports comes from the files beside it; several
// versions of a module may lie side by side. Skipped when nothing changed.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const interfaces = fileURLToPath(new URL('../runners/interfaces', import.meta.url));
const compiler = ['per', 'per/asn1', 'per/generate'].flatMap((folder) => filesIn(folder, '.ts'));

for (const name of readdirSync(interfaces)) {
  const modules = existsSync(join(interfaces, name, 'asn1')) ? filesIn(`${name}/asn1`, '.asn') : [];
  if (modules.length > 0) await generate(join(interfaces, name, 'gen'), modules);
}

async function generate(out, modules) {
  const stamp = createHash('sha256')
    .update([...modules, ...compiler, fileURLToPath(import.meta.url)].map(stamped).join('\0'))
    .digest('hex');
  const stampFile = join(out, '.stamp');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  // Loaded only now: the compiler is part of what is about to be built, so it runs from its sources.
  const { tsImport } = await import('tsx/esm/api');
  const { generateUnits } = await tsImport('../runners/interfaces/per/generate/units.ts', import.meta.url);
  const files = modules.map((path) => ({ name: path.slice(path.lastIndexOf('/') + 1), text: textOf(path) }));
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const { name, text } of generateUnits(files)) writeFileSync(join(out, name), text);
  writeFileSync(stampFile, stamp);
}

function filesIn(folder, ending) {
  const names = readdirSync(join(interfaces, folder)).filter((name) => name.endsWith(ending));
  return names.sort().map((name) => join(interfaces, folder, name));
}

function textOf(path) {
  return readFileSync(path, 'utf8');
}

function stamped(path) {
  return `${path.slice(path.lastIndexOf('/') + 1)}\0${textOf(path)}`;
}
