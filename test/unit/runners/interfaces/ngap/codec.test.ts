import { expect, it } from 'vitest';
import {
  comprehend,
  decodePdu,
  elementsFor,
  encodeElements,
  encodeMessage,
} from '../../../../../runners/interfaces/ngap/codec.ts';
import { anNgSetupRequest } from '../../../../support/ap/messages.ts';

it('reads what it wrote, by the names of the elements', () => {
  const ies = anNgSetupRequest();
  const { message, faults, envelope } = decodePdu(encodeMessage('NGSetupRequest', ies));
  expect(faults).toEqual([]);
  expect(envelope).toEqual({ kind: 'initiating', code: 21, criticality: 'reject' });
  expect(message).toMatchObject({ name: 'NGSetupRequest', procedure: 'NGSetup', ies });
});

it('reads the transfer between SMF and node where it stands', () => {
  const transfer = { cause: { nas: 'normal-release' } } as const;
  const item = { pDUSessionID: 5, pDUSessionResourceReleaseCommandTransfer: transfer };
  const ids = { 'AMF-UE-NGAP-ID': 2 ** 40 - 1, 'RAN-UE-NGAP-ID': 2 ** 32 - 1 };
  const ies = { ...ids, PDUSessionResourceToReleaseListRelCmd: [item] };
  const { message, faults } = decodePdu(encodeMessage('PDUSessionResourceReleaseCommand', ies));
  expect(faults).toEqual([]);
  expect(message?.ies).toMatchObject(ies);
});

it('says what a receiver makes of missing, repeated and unknown elements', () => {
  const [node, name, ...rest] = elementsFor('NGSetupRequest', anNgSetupRequest());
  if (node === undefined || name === undefined) throw new Error('there are four');
  const comprehended = (elements: readonly (typeof node)[]) =>
    comprehend(decodePdu(encodeElements('NGSetupRequest', elements)));
  expect(comprehended([name, ...rest])).toMatchObject({
    action: 'reject',
    cause: 'abstract-syntax-error-reject',
    findings: [{ kind: 'missing', id: 27, text: 'GlobalRANNodeID is missing' }],
  });
  expect(comprehended([node, name, name, ...rest])).toMatchObject({
    cause: 'abstract-syntax-error-falsely-constructed-message',
    findings: [{ kind: 'repeated' }],
  });
  const stranger = (criticality: 'reject' | 'ignore' | 'notify') =>
    comprehended([node, name, ...rest, { id: 60_000, criticality, value: Uint8Array.of(1) }]);
  expect(stranger('reject')).toMatchObject({ action: 'reject' });
  expect(stranger('ignore')).toMatchObject({ action: 'accept', cause: null });
  expect(stranger('notify')).toMatchObject({
    action: 'accept',
    cause: 'abstract-syntax-error-ignore-and-notify',
  });
});

it('weighs elements that extend structures by what they say of themselves', () => {
  const ies = anNgSetupRequest();
  const extended = (criticality: 'reject' | 'ignore') => {
    const element = { id: 60_000, criticality, value: Uint8Array.of(1) };
    const areas = ies.SupportedTAList.map((area) => ({ ...area, 'iE-Extensions': [element] }));
    return decodePdu(encodeMessage('NGSetupRequest', { ...ies, SupportedTAList: areas }));
  };
  expect(comprehend(extended('ignore'))).toMatchObject({ action: 'accept', findings: [{ id: 60_000 }] });
  expect(comprehend(extended('reject'))).toMatchObject({ action: 'reject', findings: [{ id: 60_000 }] });
});
