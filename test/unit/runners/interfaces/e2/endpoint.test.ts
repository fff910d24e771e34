import { expect, it } from 'vitest';
import { readE2Endpoint } from '../../../../../runners/interfaces/e2/endpoint.ts';
import {
  globalNodeId,
  globalRicId,
  nodeText,
  ricText,
} from '../../../../../runners/interfaces/e2/identity.ts';
import type { EndPoint } from '../../../../../src/domain/equipment.ts';
import type { Role } from '../../../../../src/domain/plan.ts';

const read = (role: Role, endpoint?: EndPoint) =>
  readE2Endpoint({ role, interfaces: endpoint === undefined ? {} : { e2: { endpoint } } });

it('reads where a near-RT RIC listens, and from where we come', () => {
  const endpoint = {
    ...{ host: '192.0.2.10', port: 36_422, transport: 'ts-udp' },
    udpEncapsulation: { local: 9_900, remote: 9_899 },
    tester: { host: '192.0.2.1', port: 40_000 },
  };
  expect(read('near-rt-ric', endpoint)).toEqual({
    ok: true,
    value: {
      side: 'ric',
      transport: 'ts-udp',
      open: { host: '192.0.2.1', udpPort: 9_900 },
      connect: { host: '192.0.2.10', port: 36_422, localPort: 40_000, remoteUdpPort: 9_899 },
    },
  });
  expect(read('near-rt-ric', { host: 'ric', port: 1 })).toMatchObject({
    value: { transport: undefined, open: {}, connect: { host: 'ric', port: 1 } },
  });
});

it('reads where an E2 node finds us', () => {
  expect(read('o-du', { host: '192.0.2.20', tester: { port: 36_500 } })).toMatchObject({
    value: { side: 'node', listen: { port: 36_500 }, from: '192.0.2.20' },
  });
  expect(read('gnb', {})).toMatchObject({
    value: { side: 'node', listen: { port: 36_421 }, from: undefined },
  });
});

it('says what is missing', () => {
  for (const found of [read('near-rt-ric', { host: 'ric' }), read('near-rt-ric'), read('amf', {})])
    expect(found).toMatchObject({ ok: false, error: { code: 'INTERFACE_MISSING' } });
});

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
