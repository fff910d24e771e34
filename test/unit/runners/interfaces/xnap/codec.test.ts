import { expect, it } from 'vitest';
import { comprehend, decodePdu, encodeMessage } from '../../../../../runners/interfaces/xnap/codec.ts';
import { anXnSetupRequest } from '../../../../support/ap/messages.ts';

it('names nodes by identifiers of 22 to 32 bits', () => {
  for (const length of [22, 28, 32]) {
    const { gNB } = anXnSetupRequest()['GlobalNG-RAN-node-ID'] as { gNB: { 'plmn-id': Uint8Array } };
    const bits = new Uint8Array(Math.ceil(length / 8)).fill(0xff);
    bits[bits.length - 1] = length % 8 === 0 ? 0xff : (0xff << (8 - (length % 8))) & 0xff;
    const node = { gNB: { ...gNB, 'gnb-id': { 'gnb-ID': { bits, length } } } };
    const decoded = decodePdu(
      encodeMessage('XnSetupRequest', anXnSetupRequest({ 'GlobalNG-RAN-node-ID': node })),
    );
    expect(decoded).toMatchObject({ faults: [], message: { ies: { 'GlobalNG-RAN-node-ID': node } } });
    expect(comprehend(decoded).action).toBe('accept');
  }
});

it('ends a UE context with the identifiers of both nodes', () => {
  const ies = { 'sourceNG-RANnodeUEXnAPID': 1, 'targetNG-RANnodeUEXnAPID': 2 ** 32 - 1 };
  const decoded = decodePdu(encodeMessage('UEContextRelease', ies));
  expect(decoded).toMatchObject({ faults: [], message: { name: 'UEContextRelease', ies } });
  expect(comprehend(decoded)).toMatchObject({ action: 'accept', findings: [] });
});
