import { expect, it } from 'vitest';

import { CODES } from '../../src/kernel/codes.ts';

it('docs/errors.md lists every code', async () => {
  await expect(renderErrors()).toMatchFileSnapshot('../../docs/errors.md');
});

function renderErrors(): string {
  const rows = Object.entries(CODES)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { fault, retry, means, remedy }]) => [`\`${code}\``, fault, retry, means, remedy]);
  const table = [
    ['code', 'fault', 'tried again', 'means', 'what to do'],
    ['---', '---', '---', '---', '---'],
    ...rows,
  ];
  return `# Reason and error codes

Made from \`src/kernel/codes.ts\` by \`npm run golden:update\`; do not edit. A wait, a refusal, a disposition and an end each carry one.

- **fault**: whose it is: the product's, the plan's, the testbed's, the harness's (ours), or the request's.
- **tried again**: \`new-run\`: once more, automatically, as a new run; \`wait\`: it clears by itself; \`never\`: somebody has to act.

${table.map((row) => `| ${row.join(' | ')} |`).join('\n')}
`;
}
