import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type Machine, MACHINES } from '../support/lives/machines.ts';

describe.each(MACHINES.map((machine) => [machine.name, machine] as const))(
  'the life of a %s',
  (_, machine) => {
    it('has an example of every state and event, and no walk leaves the table', () => {
      const event = fc.constantFrom(...machine.events);
      fc.assert(
        fc.property(fc.array(event, { maxLength: 40 }), fc.nat(), (walk, choice) => {
          let state = machine.first;
          for (const step of walk) {
            const reached = machine.next(state, step);
            state = reached[choice % Math.max(1, reached.length)] ?? state;
            expect(machine.states).toContain(state);
          }
        }),
      );
    });

    it('can end from every state', () => {
      for (const state of machine.states) expect(canEnd(machine, state), state).toBe(true);
    });

    it('reaches every state from its beginning', () => {
      expect([...reachable(machine, machine.first)].sort()).toEqual([...machine.states].sort());
    });
  },
);

function isEnd(machine: Machine, state: string): boolean {
  return machine.events.every((event) => machine.next(state, event).length === 0);
}

function canEnd(machine: Machine, state: string): boolean {
  return [...reachable(machine, state)].some((reached) => isEnd(machine, reached));
}

function reachable(machine: Machine, from: string): ReadonlySet<string> {
  const seen = new Set([from]);
  for (const state of seen)
    for (const event of machine.events) for (const next of machine.next(state, event)) seen.add(next);
  return seen;
}
