import { encodeMessage, outgoing, wrapItems } from '../../interfaces/f1ap/codec.ts';
import type { F1apShape, Ies, MessageName } from '../../interfaces/f1ap/types.ts';
import { AFTER_SETUP, type FuzzTemplate } from '../ap/fuzz/inputs.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import type { ApSuite } from '../ap/suite/suite.ts';
import { bitsOf } from '../../interfaces/ap/values.ts';
import { BASIC, driveDu } from './driver.ts';

/** What every product has to stand, told of a gNB-DU. */
export const DU_SUITE: ApSuite<F1apShape> = {
  prefix: 'f1.du',
  spoken: F1,
  parameters: BASIC,
  isListening: false,
  drive: driveDu,
  update: (link) =>
    outgoing('GNBCUConfigurationUpdate', {
      TransactionID: link.peer.newTransactionId(),
      'gNB-CU-Name': 'tester',
    }),
  updateAnswer: 'GNBCUConfigurationUpdateAcknowledge',
  reset: (link) =>
    outgoing('Reset', {
      TransactionID: link.peer.newTransactionId(),
      Cause: { misc: 'unspecified' },
      ResetType: { 'f1-Interface': 'reset-all' },
    }),
  spared: ['F1RemovalRequest', 'F1SetupFailure'],
  templates: () => {
    const ids = { 'gNB-CU-UE-F1AP-ID': 1, 'gNB-DU-UE-F1AP-ID': 1 };
    const rrc = Uint8Array.of(0x28, 0x40, 0x00);
    const nRCGI = { 'pLMN-Identity': Uint8Array.of(0, 0xf1, 0x10), nRCellIdentity: bitsOf(1, 36) };
    return [
      template('GNBCUConfigurationUpdate', { TransactionID: 1, 'gNB-CU-Name': 'tester' }),
      template('ErrorIndication', { TransactionID: 2, Cause: { protocol: 'semantic-error' } }),
      template('DLRRCMessageTransfer', { ...ids, SRBID: 0, RRCContainer: rrc }),
      template('UEContextReleaseCommand', { ...ids, Cause: { radioNetwork: 'normal-release' } }),
      template('UEContextSetupRequest', {
        ...{ ...ids, 'SpCell-ID': nRCGI, ServCellIndex: 0, CUtoDURRCInformation: {} },
        'SRBs-ToBeSetup-List': wrapItems('SRBs-ToBeSetup-Item', [{ sRBID: 2 }]),
      }),
      template('Paging', {
        UEIdentityIndexValue: { indexLength10: bitsOf(1, 10) },
        PagingIdentity: { cNUEPagingIdentity: { 'fiveG-S-TMSI': bitsOf(1, 48) } },
        'PagingCell-List': wrapItems('PagingCell-Item', [{ nRCGI }]),
      }),
    ];
  },
};

function template<Name extends MessageName>(name: Name, ies: Ies<Name>): FuzzTemplate {
  return { name, states: [AFTER_SETUP], bytes: encodeMessage(name, ies) };
}
