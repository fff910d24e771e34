import { describe, expect, it } from 'vitest';
import { parseProperties } from '../../../src/plans/property-file.ts';
import { selectProperties } from '../../../src/plans/select-properties.ts';

function aFile(then: string, when = '{ message: E2setupRequest }'): { path: string; text: string } {
  const text = `apiVersion: patchbay/v1
kind: TraceProperties
id: own
protocol: E2AP
source: { body: us, document: none, version: '1', confidence: memory }
properties:
  - id: one
    says: something
    clause: '1'
    forEvery: [TransactionID]
    when: ${when}
    then: ${then}
    blames: peer
`;
  return { path: 'own.yaml', text };
}

function problemsOf(then: string, when?: string): readonly string[] {
  const parsed = parseProperties(aFile(then, when));
  return parsed.ok ? [] : parsed.error.map(({ path, what }) => `${path}: ${what}`);
}

describe('a property', () => {
  it('is read with its id and clause', () => {
    const parsed = parseProperties(aFile('{ answeredBy: [E2setupResponse], withinMs: 2000 }'));
    expect(parsed.ok && [...parsed.value.values()].map(({ property }) => property)).toMatchObject([
      { id: 'own/one', references: [{ document: 'none', clause: '1' }] },
    ]);
  });

  it.each([
    [
      '{ eventualy: { message: A }, withinMs: 1 }',
      'properties[0].then: must have one of',
      'did you mean "eventually"?',
    ],
    ['{ eventually: { message: A } }', 'properties[0].then: the field "withinMs" is missing', ''],
    ['{ once: { message: A }, withinMs: -1 }', 'properties[0].then.withinMs: must be a number', ''],
    ['{ all: [] }', 'properties[0].then.all: must be a list', ''],
    ['{ not: { message: [A, 7] } }', 'properties[0].then.not.message: must be the name', ''],
    ['{ message: A, bye: self }', 'properties[0].then.bye: unknown field', 'did you mean "by"?'],
    ['{ since: { from: { message: A } } }', 'properties[0].then.since: must be a map with from and hold', ''],
    [
      '{ never: { eventually: { message: A }, withinMs: 1 }, withinMs: 1 }',
      'properties[0].then.never: cannot look ahead here',
      '',
    ],
  ])('%s has one clear mistake', (then, begins, ends) => {
    const problems = problemsOf(then);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(begins);
    expect(problems[0]).toContain(ends);
  });

  it('cannot begin with what is to come', () => {
    expect(problemsOf('{ message: A }', '{ eventually: { message: A }, withinMs: 1 }')).toEqual([
      'properties[0].when: cannot look ahead',
    ]);
  });
});

it('names what is not there, and what may have been meant', () => {
  const parsed = parseProperties(aFile('{ message: A }'));
  const selected = parsed.ok && selectProperties(parsed.value, ['own', 'own/onee']);
  expect(selected).toMatchObject({
    ok: false,
    error: [{ what: 'no property is called "own/onee", did you mean "own/one"?' }],
  });
});
