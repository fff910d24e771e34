import { expect, it } from 'vitest';
import {
  comprehend,
  decodePdu,
  elementsFor,
  encodeElements,
  encodeMessage,
  unwrapItems,
} from '../../../../../runners/interfaces/f1ap/codec.ts';
import { anF1SetupRequest } from '../../../../support/ap/messages.ts';

it('finds the cells of a gNB-DU in the list of elements', () => {
  const { message, faults } = decodePdu(encodeMessage('F1SetupRequest', anF1SetupRequest()));
  expect(faults).toEqual([]);
  if (message?.name !== 'F1SetupRequest') throw new Error('another message');
  const cells = unwrapItems('GNB-DU-Served-Cells-Item', message.ies['gNB-DU-Served-Cells-List']);
  expect(cells.map((cell) => cell['served-Cell-Information'].nRPCI)).toEqual([1]);
  expect(cells[0]?.['served-Cell-Information']['nR-Mode-Info']).toMatchObject({
    tDD: { nRFreqInfo: { nRARFCN: 633_334 } },
  });
});

it('does not take an item of another list for a cell', () => {
  const elements = elementsFor('F1SetupRequest', anF1SetupRequest()).map((element) =>
    Array.isArray(element.value)
      ? { ...element, value: [{ id: 60_000, criticality: 'reject', value: Uint8Array.of(0) }] }
      : element,
  );
  const decoded = decodePdu(encodeElements('F1SetupRequest', elements));
  expect(comprehend(decoded)).toMatchObject({
    action: 'reject',
    findings: [{ kind: 'notUnderstood', id: 60_000, text: 'element 60000 does not belong to this list' }],
  });
});

it('knows a kind of message that does not exist yet for what it is', () => {
  const [id, contents] = [60_000, Uint8Array.of(1)];
  // The fourth alternative of the envelope: identifier, criticality (ignore), octets.
  const bytes = Uint8Array.of(0xc0, id >> 8, id & 0xff, 0x40, contents.length, ...contents);
  const decoded = decodePdu(bytes);
  const added = { 'choice-extension': { id, criticality: 'ignore', value: contents } };
  expect(decoded).toMatchObject({ faults: [], envelope: null, message: null, pdu: added });
  expect(comprehend(decoded)).toMatchObject({
    action: 'reject',
    findings: [{ kind: 'unknownMessage', text: 'this is no kind of message that F1AP has' }],
  });
});
