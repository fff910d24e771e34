import { expect, it } from 'vitest';
import { sqnInAuts, vectorOf } from '../../../../../runners/interfaces/aka/home.ts';
import {
  functionsOf,
  newMilenageKeys,
  type SubscriberKeys,
} from '../../../../../runners/interfaces/aka/subscriber-keys.ts';
import { Usim } from '../../../../../runners/interfaces/aka/usim.ts';

const AMF = Uint8Array.of(0x80, 0x00);
const rand = new Uint8Array(16).fill(0x5a);
const SETS: readonly SubscriberKeys[] = [
  newMilenageKeys(),
  { set: 'milenage', k: new Uint8Array(16).fill(1), op: new Uint8Array(16).fill(2) },
  { set: 'tuak', k: new Uint8Array(32).fill(3), topc: new Uint8Array(32).fill(4) },
  { set: 'tuak', k: new Uint8Array(16).fill(3), top: new Uint8Array(32).fill(4) },
];

it('answers the challenge of its home network with the same keys, whichever set they are of', () => {
  for (const keys of SETS) {
    const vector = vectorOf(functionsOf(keys), { rand, sqn: 32n, amf: AMF });
    const { res, ck, ik, concealedSqn } = vector;
    expect(new Usim(functionsOf(keys)).challenge(vector)).toEqual({
      ...{ kind: 'response', res, ck, ik, concealedSqn },
    });
  }
});

it('tells a network that is not its own, and a vector that was not made for 5G', () => {
  for (const keys of SETS) {
    const usim = new Usim(functionsOf(keys));
    const foreign = vectorOf(functionsOf(newMilenageKeys()), { rand, sqn: 32n, amf: AMF });
    expect(usim.challenge(foreign)).toEqual({ kind: 'mac-failure' });
    const old = vectorOf(functionsOf(keys), { rand, sqn: 32n, amf: Uint8Array.of(0x7f, 0xff) });
    expect(usim.challenge(old)).toEqual({ kind: 'not-5g' });
  }
});

it('says which number it is at when a challenge is not new, and says it to its own network only', () => {
  for (const keys of SETS) {
    const functions = functionsOf(keys);
    const usim = new Usim(functions, 0x0102_0304_0506n);
    const answer = usim.challenge(vectorOf(functions, { rand, sqn: 33n, amf: AMF }));
    if (answer.kind !== 'synchronisation-failure') throw new Error(answer.kind);
    expect(sqnInAuts(functions, { rand, auts: answer.auts })).toBe(0x0102_0304_0506n);
    expect(sqnInAuts(functionsOf(newMilenageKeys()), { rand, auts: answer.auts })).toBeNull();
    const next = vectorOf(functions, { rand, sqn: 0x0102_0304_0507n, amf: AMF });
    expect(usim.challenge(next).kind).toBe('response');
    expect(usim.challenge(next).kind).toBe('synchronisation-failure');
  }
});
