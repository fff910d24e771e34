import { expect, it } from 'vitest';
import { defaultFlowIn, encodeDefaultRule } from '../../../../../runners/interfaces/nas/qos.ts';
import { decodeDnn, encodeDnn } from '../../../../../runners/interfaces/nas/values.ts';

it('finds the flow of the default rule, wherever it stands', () => {
  const special = Uint8Array.of(2, 0, 6, 0x21, 0x31, 1, 1, 10, 7);
  expect(defaultFlowIn(encodeDefaultRule(5))).toBe(5);
  expect(defaultFlowIn(Uint8Array.of(...special, ...encodeDefaultRule(63)))).toBe(63);
});

it('finds none in rules that have none, or break off', () => {
  expect(defaultFlowIn(Uint8Array.of(2, 0, 6, 0x21, 0x31, 1, 1, 10, 7))).toBeNull();
  expect(defaultFlowIn(encodeDefaultRule(5).subarray(0, 6))).toBeNull();
  expect(defaultFlowIn(new Uint8Array())).toBeNull();
});

it('reads names of data networks as it writes them, and bare ones', () => {
  for (const name of ['internet', 'ims.mnc001.mcc001.gprs']) expect(decodeDnn(encodeDnn(name))).toBe(name);
  expect(decodeDnn(new TextEncoder().encode('internet'))).toBe('internet');
  expect(() => encodeDnn('two words')).toThrow(RangeError);
});
