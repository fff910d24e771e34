import { outgoing } from '../../interfaces/xnap/codec.ts';
import { statusTransfer } from '../../interfaces/xnap/handover.ts';
import { cellOfGnb, setupRequest } from '../../interfaces/xnap/node.ts';
import type { XnapShape } from '../../interfaces/xnap/types.ts';
import { handoverRequest } from '../../interfaces/xnap/ue-context.ts';
import type { Equipment } from '../../../src/domain/equipment.ts';
import { AFTER_SETUP, BEFORE_SETUP, type FuzzTemplate, templatesOn } from '../ap/fuzz/inputs.ts';
import { XN } from '../ap/interfaces/xn.ts';
import { errorProcedures } from '../ap/suite/errors.ts';
import { fuzzing, protection, sctpSecurity } from '../ap/suite/security.ts';
import type { ApSuite } from '../ap/suite/suite.ts';
import type { Procedure } from '../procedure.ts';
import { driveXn } from './driver.ts';
import { BASIC } from './parameters.ts';
import { testerGnb, testerUe } from './tester.ts';
import { anUpdate } from './upkeep.ts';

const template = templatesOn(XN);

const RESET = { ResetRequestTypeInfo: { fullReset: {} }, Cause: { misc: 'unspecified' } } as const;

/** What every product has to stand on every application protocol, on Xn. The cells that change are the same for every product. */
const XN_SUITE: ApSuite<XnapShape> = {
  ...{ prefix: 'xn.gnb', spoken: XN, parameters: BASIC, isListening: true },
  drive: driveXn,
  update: () => outgoing('NGRANNodeConfigurationUpdate', anUpdate({ gnb: testerGnb({ ixit: {} }) })),
  updateAnswer: 'NGRANNodeConfigurationUpdateAcknowledge',
  reset: () => outgoing('ResetRequest', RESET),
  templates,
  spared: ['XnRemovalRequest'],
};

/** Messages that a neighbour may send, by the states in which it may. */
function templates(product: Equipment): readonly FuzzTemplate[] {
  const gnb = testerGnb(product);
  const [from] = gnb.cells;
  if (from === undefined) throw new TypeError('the tester has a cell');
  const to = cellOfGnb({ plmn: gnb.plmn, id: 1, tac: from.tac }, 0);
  const handover = handoverRequest({ ue: testerUe(product), sourceId: 7, from, to });
  return [
    template('XnSetupRequest', [BEFORE_SETUP], setupRequest(gnb)),
    template('NGRANNodeConfigurationUpdate', [AFTER_SETUP], anUpdate({ gnb })),
    template('ResetRequest', [AFTER_SETUP], RESET),
    template('ErrorIndication', [AFTER_SETUP], { Cause: { protocol: 'semantic-error' } }),
    template('HandoverRequest', [AFTER_SETUP], handover),
    template('SNStatusTransfer', [AFTER_SETUP], statusTransfer({ source: 7, target: 1 })),
    template('UEContextRelease', [AFTER_SETUP], {
      'sourceNG-RANnodeUEXnAPID': 7,
      'targetNG-RANnodeUEXnAPID': 1,
    }),
  ];
}

export const xnSuite: readonly Procedure[] = [
  ...errorProcedures(XN_SUITE),
  protection(XN_SUITE),
  sctpSecurity(XN_SUITE),
  fuzzing(XN_SUITE),
];
