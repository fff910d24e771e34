import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from '../../../src/kernel/json.ts';
import type { ReportInput } from '../../../src/reports/input.ts';
import { anInput, aStatement } from '../../support/reports.ts';

// Two labs that build a report from the same records get the same bytes, or they could not compare what they hold.
it('order, white space and regeneration change no byte of the statement', () => {
  const { bytes, digest, disclosures } = aStatement();
  fc.assert(
    fc.property(fc.infiniteStream(fc.nat()), fc.nat({ max: 8 }), (turns, indent) => {
      const input = JSON.parse(JSON.stringify(anInput(), null, indent)) as Json;
      const again = aStatement(turned(input, turns) as unknown as ReportInput);
      expect([again.bytes, again.digest, again.disclosures]).toEqual([bytes, digest, disclosures]);
    }),
    { numRuns: 20 },
  );
});

/** The same value with the members of every object written in another order. */
function turned(value: Json, turns: Iterator<number>): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => turned(item, turns));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, turned(member, turns)] as const);
  const by = (turns.next().value ?? 0) % Math.max(1, members.length);
  return Object.fromEntries([...members.slice(by), ...members.slice(0, by)].reverse());
}

it('the order in which the store gives back the runs changes no byte', () => {
  expect(aStatement({ runs: [...anInput().runs].reverse() }).bytes).toEqual(aStatement().bytes);
});

it('the order in which the store gives back the records of a run changes no byte', () => {
  const runs = anInput().runs.map((one) => ({ ...one, records: [...one.records].reverse() }));
  expect(aStatement({ runs }).bytes).toEqual(aStatement().bytes);
});
