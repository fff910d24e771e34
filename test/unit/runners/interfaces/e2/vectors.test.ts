import { expect, it } from 'vitest';
import { decodePdu, encodePdu } from '../../../../../runners/interfaces/e2/codec.ts';
import { comprehend } from '../../../../../runners/interfaces/e2/comprehension.ts';
import { criticalityDeviations } from '../../../../../runners/interfaces/e2/deviations.ts';
import { nodeText } from '../../../../../runners/interfaces/e2/identity.ts';
import { unwrapItems } from '../../../../../runners/interfaces/e2/messages.ts';
import { CONNECTION_UPDATE_ACKNOWLEDGE, SETUP_REQUEST_OF_A_GNB } from '../../../../support/e2/vectors.ts';

function again(hex: string) {
  const decoded = decodePdu(new Uint8Array(Buffer.from(hex, 'hex')));
  expect(decoded.faults).toEqual([]);
  expect(comprehend(decoded)).toEqual({ action: 'accept', cause: null, findings: [] });
  expect(Buffer.from(encodePdu(decoded.pdu)).toString('hex')).toBe(hex);
  return decoded.message;
}

it('reads the set-up that a gNB of another vendor sent, and writes the same octets', () => {
  const message = again(SETUP_REQUEST_OF_A_GNB);
  if (message?.name !== 'E2setupRequest') throw new Error('another message');
  const node = message.ies['GlobalE2node-ID'];
  expect(node === undefined ? null : nodeText(node)).toBe('gNB 31148/0');
  expect(
    unwrapItems('RANfunction-Item', message.ies.RANfunctionsAdded).map(
      ({ ranFunctionID, ranFunctionOID }) => [ranFunctionID, ranFunctionOID],
    ),
  ).toEqual([
    [1, '1.3.6.1.4.1.53148.1.2.2.2'],
    [2, '1.3.6.1.4.1.53148.1.1.2.3'],
  ]);
  expect(
    unwrapItems('E2nodeComponentConfigAddition-Item', message.ies.E2nodeComponentConfigAddition).map(
      ({ e2nodeComponentID }) => e2nodeComponentID,
    ),
  ).toEqual([
    { e2nodeComponentInterfaceTypeF1: { 'gNB-DU-ID': 4_294_967_297 } },
    { e2nodeComponentInterfaceTypeNG: { 'amf-name': 'RadisysAMF' } },
  ]);
  const item = { id: 51, name: 'E2nodeComponentConfigAddition-Item', expected: 'reject', got: 'ignore' };
  expect(criticalityDeviations(message)).toEqual([item, item]);
});

it('reads an answer that another codec wrote, and writes the same octets', () => {
  const message = again(CONNECTION_UPDATE_ACKNOWLEDGE);
  if (message?.name !== 'E2connectionUpdateAcknowledge') throw new Error('another message');
  const [first] = unwrapItems('E2connectionUpdate-Item', message.ies.E2connectionSetup);
  expect(first).toEqual({
    tnlInformation: {
      tnlAddress: { bits: Uint8Array.of(0x0a, 0xf4, 0x00, 0xa1), length: 32 },
      tnlPort: { bits: Uint8Array.of(0x8e, 0x45), length: 16 },
    },
    tnlUsage: 'both',
  });
});
