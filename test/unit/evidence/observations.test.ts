import { describe, expect, it } from 'vitest';
import { manifestOf } from '../../../src/evidence/manifest.ts';
import { inOrder, parseObservations, renderObservations } from '../../../src/evidence/observations.ts';

const observations = [
  { n: 0, t: 0.001, step: 'create', kind: 'note', data: { text: 'ä\n' } },
  { n: 1, t: 1.2, step: 'create', kind: 'note', data: null },
];
const bytes = (text: string) => new TextEncoder().encode(text);

describe('observations', () => {
  it('come back from their bytes as they were', () => {
    expect(parseObservations(renderObservations(observations))).toEqual({ ok: true, value: observations });
    expect(parseObservations(renderObservations([]))).toEqual({ ok: true, value: [] });
  });

  it('do not depend on the order of their members', () => {
    const [first] = observations;
    const { n, t, ...rest } = first!;
    expect(renderObservations([{ ...rest, t, n }])).toEqual(renderObservations([first!]));
  });

  it.each([
    ['{"n":0', 'the last observation is cut off'],
    ['{"n":1,"t":0,"step":"a","kind":"b","data":1}\n', 'line 1 is not observation 0'],
    ['{"n":0,"t":0,"step":"a","kind":"b"}\n', 'line 1 is not observation 0'],
    ['[]\n', 'line 1 is not observation 0'],
    ['nonsense\n', 'line 1 is not observation 0'],
  ])('are refused when they are %s', (text, error) => {
    expect(parseObservations(bytes(text))).toEqual({ ok: false, error });
  });

  it('are refused when they are not UTF-8', () => {
    expect(parseObservations(new Uint8Array([0xff, 0x0a]))).toMatchObject({ ok: false });
  });
});

describe('numbered items', () => {
  const all = async (numbers: number[]) => {
    const out: number[] = [];
    for await (const { n } of inOrder(numbers.map((n) => ({ n })))) out.push(n);
    return out;
  };

  it('come in order, repeats dropped', async () => {
    expect(await all([0, 1, 1, 0, 2])).toEqual([0, 1, 2]);
  });

  it('are refused when one is missing', async () => {
    await expect(all([0, 2])).rejects.toMatchObject({ code: 'EVIDENCE_GAP' });
  });
});

it('a manifest names every item once, in one order', () => {
  const item = (role: string, digest: string) => ({ role, digest, mediaType: 'x/y', bytes: 1 }) as never;
  const [a, b, c] = [item('exchange', 'sha256:b'), item('exchange', 'sha256:a'), item('capture', 'sha256:b')];
  expect(manifestOf([a, b, c, a])).toEqual([c, b, a]);
});
