import { expect, it } from 'vitest';

import { type Machine, MACHINES } from '../support/lives/machines.ts';

it('every move of every machine is the one that docs/lives.md shows', async () => {
  await expect(renderLives()).toMatchFileSnapshot('../../docs/lives.md');
});

function renderLives(): string {
  return `${[
    '# Lives: every state, every event',
    'Made from the machines in `src/domain` by `npm run golden:update`; do not edit. A cell says what an event makes of a state; a dot is an illegal move (`ILLEGAL_TRANSITION`).',
    ...MACHINES.map(renderMachine),
  ].join('\n\n')}\n`;
}

function renderMachine({ name, states, events, next }: Machine): string {
  const cell = (state: string, event: string): string => next(state, event).join(' or ') || '·';
  const rows = events.map((event) => [`\`${event}\``, ...states.map((state) => cell(state, event))]);
  const table = [
    ['event', ...states.map((state) => `**${state}**`)],
    ['', ...states].map(() => '---'),
    ...rows,
  ];
  return [`## ${name}`, table.map((row) => `| ${row.join(' | ')} |`).join('\n')].join('\n\n');
}
