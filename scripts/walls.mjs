// Enforces the house plan (.dependency-cruiser.cjs), and fails when it looked at fewer modules than there are files.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

const root = new URL('..', import.meta.url).pathname;
const files = ['src', 'runners'].flatMap((folder) =>
  readdirSync(`${root}${folder}`, { recursive: true }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.d.ts'),
  ),
);
let report;
try {
  report = execFileSync(`${root}node_modules/.bin/depcruise`, ['src', 'runners', '--output-type', 'json'], {
    cwd: root,
    maxBuffer: 1 << 28,
  });
} catch (error) {
  if (!error.stdout?.length) throw error;
  report = error.stdout;
}
const { summary, modules } = JSON.parse(report);
const own = modules.filter(
  ({ source }) => /^(src|runners)\/.*\.ts$/u.test(source) && !source.endsWith('.d.ts'),
);
for (const { rule, from, to } of summary.violations)
  console.error(`${rule.severity}: ${rule.name}\n    ${from} → ${to}`);
if (own.length < files.length) {
  console.error(`walls looked at ${own.length} of ${files.length} files: a blind check is a failing check`);
  process.exitCode = 1;
} else if (summary.error > 0) process.exitCode = 1;
else console.log(`walls: ${own.length} modules, none breaks the house plan`);
