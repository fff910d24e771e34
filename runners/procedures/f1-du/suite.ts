import { outgoing, wrapItems } from '../../interfaces/f1ap/codec.ts';
import type { F1apShape } from '../../interfaces/f1ap/types.ts';
import { AFTER_SETUP, templatesOn } from '../ap/fuzz/inputs.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import type { ApSuite } from '../ap/suite/suite.ts';
import { bitsOf } from '../../interfaces/ap/values.ts';
import { BASIC, driveDu } from './driver.ts';

const template = templatesOn(F1);

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
      template('GNBCUConfigurationUpdate', [AFTER_SETUP], { TransactionID: 1, 'gNB-CU-Name': 'tester' }),
      template('ErrorIndication', [AFTER_SETUP], { TransactionID: 2, Cause: { protocol: 'semantic-error' } }),
      template('DLRRCMessageTransfer', [AFTER_SETUP], { ...ids, SRBID: 0, RRCContainer: rrc }),
      template('UEContextReleaseCommand', [AFTER_SETUP], {
        ...ids,
        Cause: { radioNetwork: 'normal-release' },
      }),
      template('UEContextSetupRequest', [AFTER_SETUP], {
        ...{ ...ids, 'SpCell-ID': nRCGI, ServCellIndex: 0, CUtoDURRCInformation: {} },
        'SRBs-ToBeSetup-List': wrapItems('SRBs-ToBeSetup-Item', [{ sRBID: 2 }]),
      }),
      template('Paging', [AFTER_SETUP], {
        UEIdentityIndexValue: { indexLength10: bitsOf(1, 10) },
        PagingIdentity: { cNUEPagingIdentity: { 'fiveG-S-TMSI': bitsOf(1, 48) } },
        'PagingCell-List': wrapItems('PagingCell-Item', [{ nRCGI }]),
      }),
    ];
  },
};
