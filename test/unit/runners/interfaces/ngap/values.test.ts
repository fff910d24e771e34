import { expect, it } from 'vitest';
import { decodePdu, encodeMessage } from '../../../../../runners/interfaces/ngap/codec.ts';
import {
  flowItem,
  responseEndIn,
  responseTransfer,
  setupIesIn,
  setupTransfer,
  transportInformation,
  tunnelEndIn,
} from '../../../../../runners/interfaces/ngap/transfers.ts';
import {
  bitsOf,
  gnbId,
  nodeNameOf,
  numberIn,
  sliceIn,
  wireCapabilities,
  wireSlice,
} from '../../../../../runners/interfaces/ngap/values.ts';

it('puts numbers into bits and takes them out', () => {
  expect(bitsOf(0x155, 10)).toEqual({ bits: Uint8Array.of(0x55, 0x40), length: 10 });
  for (const [value, length] of [
    [1, 6],
    [1023, 10],
    [0x1_0000_0001, 36],
  ] as const)
    expect(numberIn(bitsOf(value, length))).toBe(value);
});

it('calls a gNB by its PLMN and number', () => {
  expect(nodeNameOf(gnbId('00101', { id: 7, bits: 22 }))).toBe('gNB 00101 7');
  expect(nodeNameOf(gnbId('310410', { id: 1, bits: 32 }))).toBe('gNB 310410 1');
});

it('leaves the null algorithms out of security capabilities', () => {
  const { nRencryptionAlgorithms, nRintegrityProtectionAlgorithms } = wireCapabilities(
    Uint8Array.of(0xf0, 0x80),
  );
  expect(nRencryptionAlgorithms).toEqual({ bits: Uint8Array.of(0xe0, 0), length: 16 });
  expect(numberIn(nRintegrityProtectionAlgorithms)).toBe(0);
});

it('keeps slices with and without a differentiator apart', () => {
  for (const slice of [{ sst: 1 }, { sst: 1, sd: 0xffffff }, { sst: 2, sd: 0 }])
    expect(sliceIn(wireSlice(slice))).toEqual(slice);
});

it('tells the ends of a tunnel within the messages of node and AMF', () => {
  const [up, down] = [
    { host: '192.0.2.1', teid: 0xffff_ffff },
    { host: '2001:db8::1', teid: 1 },
  ];
  const transfer = setupTransfer({
    'UL-NGU-UP-TNLInformation': transportInformation(up),
    PDUSessionType: 'ipv4',
    QosFlowSetupRequestList: [flowItem({ qfi: 1, fiveQi: 9 })],
  });
  const item = {
    pDUSessionID: 1,
    's-NSSAI': wireSlice({ sst: 1 }),
    pDUSessionResourceSetupRequestTransfer: transfer,
  };
  const ies = { 'AMF-UE-NGAP-ID': 1, 'RAN-UE-NGAP-ID': 1, PDUSessionResourceSetupListSUReq: [item] };
  const { message, faults } = decodePdu(encodeMessage('PDUSessionResourceSetupRequest', ies));
  expect(faults).toEqual([]);
  const [read] =
    message?.name === 'PDUSessionResourceSetupRequest'
      ? (message.ies.PDUSessionResourceSetupListSUReq ?? [])
      : [];
  const back = setupIesIn(read?.pDUSessionResourceSetupRequestTransfer ?? new Uint8Array());
  expect(tunnelEndIn(back['UL-NGU-UP-TNLInformation'])).toEqual(up);
  expect(responseEndIn(responseTransfer(down, [1]))).toEqual(down);
});

it('says of octets that it could not read that there is no tunnel in them', () => {
  expect(responseEndIn(Uint8Array.of(1, 2, 3))).toBeNull();
  expect(setupIesIn(Uint8Array.of(1))).toEqual({});
  const bits = { bits: new Uint8Array(7), length: 56 };
  expect(
    tunnelEndIn({ gTPTunnel: { transportLayerAddress: bits, 'gTP-TEID': new Uint8Array(4) } }),
  ).toBeNull();
});
