import { outgoing } from '../../interfaces/e1ap/codec.ts';
import type { E1apShape, Ies } from '../../interfaces/e1ap/types.ts';
import { asKeys } from '../../interfaces/rrc/security.ts';
import { bearerContextSetup, downlinkTunnels } from '../../interfaces/e1ap/bearers.ts';
import { AFTER_SETUP, templatesOn } from '../ap/fuzz/inputs.ts';
import { E1 } from '../ap/interfaces/e1.ts';
import type { ApSuite } from '../ap/suite/suite.ts';
import { BASIC, driveCuUp } from './driver.ts';

const template = templatesOn(E1);

const TUNNEL = { host: '127.0.0.1', teid: 1 } as const;

/** What every product has to stand, told of a gNB-CU-UP. */
export const CU_UP_SUITE: ApSuite<E1apShape> = {
  prefix: 'e1.cu-up',
  spoken: E1,
  parameters: BASIC,
  isListening: false,
  drive: driveCuUp,
  update: (link) =>
    outgoing('GNB-CU-CP-ConfigurationUpdate', {
      TransactionID: link.peer.newTransactionId(),
      'gNB-CU-CP-Name': 'tester',
    }),
  updateAnswer: 'GNB-CU-CP-ConfigurationUpdateAcknowledge',
  reset: (link) =>
    outgoing('Reset', {
      TransactionID: link.peer.newTransactionId(),
      Cause: { misc: 'unspecified' },
      ResetType: { 'e1-Interface': 'reset-all' },
    }),
  spared: ['E1ReleaseRequest', 'GNB-CU-UP-E1SetupFailure'],
  templates: () => [
    template('GNB-CU-CP-ConfigurationUpdate', [AFTER_SETUP], {
      TransactionID: 1,
      'gNB-CU-CP-Name': 'tester',
    }),
    template('Reset', [AFTER_SETUP], {
      TransactionID: 2,
      Cause: { misc: 'unspecified' },
      ResetType: { 'e1-Interface': 'reset-all' },
    }),
    template('ErrorIndication', [AFTER_SETUP], { TransactionID: 3, Cause: { protocol: 'semantic-error' } }),
    template('BearerContextSetupRequest', [AFTER_SETUP], fuzzedContext()),
    template(
      'BearerContextModificationRequest',
      [AFTER_SETUP],
      downlinkTunnels({ cuCp: 1, cuUp: 1 }, [{ id: 1, drbs: [{ drb: 1, downlink: TUNNEL }] }]),
    ),
    template('BearerContextReleaseCommand', [AFTER_SETUP], {
      ...{ 'gNB-CU-CP-UE-E1AP-ID': 1, 'gNB-CU-UP-UE-E1AP-ID': 1 },
      Cause: { radioNetwork: 'normal-release' },
    }),
  ],
};

function fuzzedContext(): Ies<'BearerContextSetupRequest'> {
  const algorithms = { ciphering: 2, integrity: 2 } as const;
  const drbs = [{ drb: 1, snBits: 18, flows: [{ qfi: 1, fiveQi: 9 }] }] as const;
  const session = { id: 1, slice: { sst: 1 }, isIntegrityProtected: true, uplink: TUNNEL, drbs } as const;
  const keys = asKeys(new Uint8Array(32), algorithms).userPlane;
  return bearerContextSetup({ cuCpUeId: 1, plmn: '00101', algorithms, keys, sessions: [session] });
}
