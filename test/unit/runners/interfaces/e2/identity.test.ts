import { expect, it } from 'vitest';
import {
  globalNodeId,
  globalRicId,
  nodeText,
  ricText,
} from '../../../../../runners/interfaces/e2/identity.ts';

it('names the ends as people do, and gives them the identifiers that they are sent with', () => {
  const ric = globalRicId({ plmn: '00101', id: 0xabcde });
  expect(ric).toEqual({
    'pLMN-Identity': Uint8Array.of(0, 0xf1, 0x10),
    'ric-ID': { bits: Uint8Array.of(0xab, 0xcd, 0xe0), length: 20 },
  });
  expect(ricText(ric)).toBe('ric 00101/abcde');
  const du = globalNodeId({ kind: 'gNB', plmn: '310410', id: 411, bits: 29, duId: 3 });
  expect(nodeText(du)).toBe('gNB 310410/19b du 3');
  expect(nodeText(globalNodeId({ kind: 'gNB', plmn: '00101', id: 1, bits: 22, cuUpId: 9 }))).toBe(
    'gNB 00101/1 cu-up 9',
  );
  expect(nodeText(globalNodeId({ kind: 'en-gNB', plmn: '00101', id: 2, bits: 32 }))).toBe('en-gNB 00101/2');
  const macro = { 'enb-ID-macro': { bits: Uint8Array.of(0, 0x10, 0), length: 20 } };
  const plmn = Uint8Array.of(0, 0xf1, 0x10);
  expect(nodeText({ 'ng-eNB': { 'global-ng-eNB-ID': { 'plmn-id': plmn, 'enb-id': macro } } })).toBe(
    'ng-eNB 00101/100',
  );
  const home = { 'home-eNB-ID': { bits: Uint8Array.of(0, 0, 0, 0x10), length: 28 } };
  expect(nodeText({ eNB: { 'global-eNB-ID': { 'pLMN-Identity': plmn, 'eNB-ID': home } } })).toBe(
    'eNB 00101/1',
  );
  expect(nodeText({ '...': { index: 0, bytes: new Uint8Array() } })).toBe('unknown');
  expect(() => globalRicId({ plmn: '00101', id: 2 ** 20 })).toThrow(/20 bits/u);
});
