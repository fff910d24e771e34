import { expect, it } from 'vitest';
import { KeyChain } from '../../../../../runners/interfaces/aka/key-chain.ts';
import { nextHopOf } from '../../../../../runners/interfaces/aka/keys.ts';

const kamf = new Uint8Array(32).fill(7);
const kgnb = new Uint8Array(32).fill(9);

it('begins with the next hop of the K_gNB, under count 1', () => {
  const chain = new KeyChain(kamf, kgnb);
  expect(chain.now).toEqual({ ncc: 1, key: nextHopOf(kamf, kgnb) });
  expect(chain.next()).toEqual({ ncc: 2, key: nextHopOf(kamf, nextHopOf(kamf, kgnb)) });
});

it('brings a UE that is told a count to the next hop that the AMF has given out, also behind count 7', () => {
  const [amf, ue] = [new KeyChain(kamf, kgnb), new KeyChain(kamf, kgnb)];
  for (let handover = 0; handover < 20; handover += 1) {
    const given = amf.next();
    expect(ue.advanceTo(given.ncc)).toEqual(given);
  }
});

it('stays where it is when it is told the count that it has', () => {
  const chain = new KeyChain(kamf, kgnb);
  const before = chain.now;
  expect(chain.advanceTo(1)).toBe(before);
});
