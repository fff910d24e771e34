import { expect, it } from 'vitest';
import { comprehend, decodePdu, encodeMessage } from '../../../../../runners/interfaces/e1ap/codec.ts';
import { anE1SetupRequest } from '../../../../support/ap/messages.ts';

it('sets up from both sides with procedures of their own', () => {
  const fromUp = decodePdu(encodeMessage('GNB-CU-UP-E1SetupRequest', anE1SetupRequest()));
  expect(fromUp.envelope).toMatchObject({ code: 3, kind: 'initiating' });
  const fromCp = decodePdu(encodeMessage('GNB-CU-CP-E1SetupRequest', { TransactionID: 7 }));
  expect(fromCp).toMatchObject({
    faults: [],
    envelope: { code: 4 },
    message: { name: 'GNB-CU-CP-E1SetupRequest', ies: { TransactionID: 7 } },
  });
  expect(comprehend(fromCp).action).toBe('accept');
});

it('holds the elements of a system inside one element', () => {
  const ids = { 'gNB-CU-CP-UE-E1AP-ID': 1, 'gNB-CU-UP-UE-E1AP-ID': 2 };
  const system = { 'nG-RAN-BearerContextSetupResponse': [] };
  const ies = { ...ids, 'System-BearerContextSetupResponse': system };
  const { message, faults } = decodePdu(encodeMessage('BearerContextSetupResponse', ies));
  expect(faults).toEqual([]);
  expect(message).toMatchObject({ name: 'BearerContextSetupResponse', ies });
});
