import type { CaseId } from '../../../src/domain/ids.ts';
import { encodeMessage as encodeE1, outgoing as e1 } from '../../interfaces/e1ap/codec.ts';
import type { E1apShape } from '../../interfaces/e1ap/types.ts';
import { encodeMessage as encodeF1, outgoing as f1, wrapItems } from '../../interfaces/f1ap/codec.ts';
import { nrcgiOf, servedCell } from '../../interfaces/f1ap/cells.ts';
import type { F1apShape } from '../../interfaces/f1ap/types.ts';
import { plmnOctets } from '../../interfaces/ap/values.ts';
import type { ApShape } from '../../interfaces/ap/types.ts';
import { cellGroupConfig } from '../../interfaces/rrc/cell-group.ts';
import { AFTER_SETUP, BEFORE_SETUP, type FuzzTemplate } from '../ap/fuzz/inputs.ts';
import { E1 } from '../ap/interfaces/e1.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import type { ApLink, LinkWaiting } from '../ap/link.ts';
import type { ApDriver, ApSuite } from '../ap/suite/suite.ts';
import { Blocked } from '../procedure.ts';
import { plmnOf } from './tester-amf.ts';
import { testerCell } from './tester-cell.ts';
import { BASIC, type CuCpWorld, driveCuCp } from './world.ts';

/** A neighbour of the tester on one association. */
interface Neighbour<S extends ApShape> {
  readonly link: ApLink<S>;
  setUp(step: string, waiting: LinkWaiting): Promise<boolean>;
}

function driverOf<S extends ApShape>(
  world: CuCpWorld,
  {
    open,
    setupCase,
  }: { readonly open: (step: string) => Promise<Neighbour<S> | null>; readonly setupCase: string },
): ApDriver<S> {
  const { bench, product, signal, waiting } = world;
  const neighbours = new Map<ApLink<S>, Neighbour<S>>();
  const associate = async (step: string): Promise<ApLink<S> | null> => {
    const neighbour = await open(step);
    if (neighbour !== null) neighbours.set(neighbour.link, neighbour);
    return neighbour?.link ?? null;
  };
  const setUp = async (link: ApLink<S>, step: string): Promise<boolean> =>
    (await neighbours.get(link)?.setUp(step, waiting)) ?? false;
  return {
    ...{ bench, product, signal, waiting, associate, setUp },
    async ready(step = 'setup') {
      const link = await associate(step);
      if (link !== null && (await setUp(link, step))) return link;
      throw Blocked.precondition('the set-up that the case begins with was not done', setupCase as CaseId);
    },
  };
}

/** What every product has to stand, told of a gNB-CU on F1. */
export const F1_CU_SUITE: ApSuite<F1apShape> = {
  prefix: 'f1.cu',
  spoken: F1,
  parameters: BASIC,
  isListening: true,
  drive: (bench, { signal }, behave) =>
    driveCuCp(bench, { signal, key: 'f1.prepare' }, (world) =>
      behave(driverOf<F1apShape>(world, { open: (step) => world.du(step), setupCase: 'F1-001-01' })),
    ),
  update: (link) =>
    f1('GNBDUConfigurationUpdate', { TransactionID: link.peer.newTransactionId(), 'gNB-DU-Name': 'tester' }),
  updateAnswer: 'GNBDUConfigurationUpdateAcknowledge',
  reset: (link) =>
    f1('Reset', {
      TransactionID: link.peer.newTransactionId(),
      Cause: { misc: 'unspecified' },
      ResetType: { 'f1-Interface': 'reset-all' },
    }),
  spared: ['F1RemovalRequest'],
  templates: (product) => {
    const cell = testerCell(product);
    const version = { 'latest-RRC-Version': { bits: Uint8Array.of(0), length: 3 } };
    const ids = { 'gNB-CU-UE-F1AP-ID': 1, 'gNB-DU-UE-F1AP-ID': 1 };
    const rrc = Uint8Array.of(0x1d, 0xec, 0x89, 0xd0, 0x57, 0x66);
    const template = (name: string, bytes: Uint8Array, state = AFTER_SETUP): FuzzTemplate => ({
      ...{ name, bytes },
      states: [state],
    });
    const cells = wrapItems('GNB-DU-Served-Cells-Item', [servedCell(cell)]);
    return [
      template(
        'F1SetupRequest',
        encodeF1('F1SetupRequest', {
          ...{ TransactionID: 1, 'gNB-DU-ID': 1, 'gNB-DU-Served-Cells-List': cells },
          'GNB-DU-RRC-Version': version,
        }),
        BEFORE_SETUP,
      ),
      template(
        'GNBDUConfigurationUpdate',
        encodeF1('GNBDUConfigurationUpdate', { TransactionID: 2, 'gNB-DU-Name': 'tester' }),
      ),
      template(
        'InitialULRRCMessageTransfer',
        encodeF1('InitialULRRCMessageTransfer', {
          ...{
            'gNB-DU-UE-F1AP-ID': 1,
            NRCGI: nrcgiOf(cell),
            'C-RNTI': 1,
            RRCContainer: rrc,
            TransactionID: 3,
          },
          DUtoCURRCContainer: cellGroupConfig([{ srb: 1 }]),
        }),
      ),
      template(
        'ULRRCMessageTransfer',
        encodeF1('ULRRCMessageTransfer', { ...ids, SRBID: 1, RRCContainer: rrc }),
      ),
      template(
        'UEContextReleaseRequest',
        encodeF1('UEContextReleaseRequest', { ...ids, Cause: { radioNetwork: 'unspecified' } }),
      ),
      template(
        'ErrorIndication',
        encodeF1('ErrorIndication', { TransactionID: 4, Cause: { protocol: 'semantic-error' } }),
      ),
    ];
  },
};

/** What every product has to stand, told of a gNB-CU-CP on E1. */
export const E1_CU_CP_SUITE: ApSuite<E1apShape> = {
  prefix: 'e1.cu-cp',
  spoken: E1,
  parameters: BASIC,
  isListening: true,
  drive: (bench, { signal }, behave) =>
    driveCuCp(bench, { signal, key: 'e1.prepare' }, (world) =>
      behave(driverOf<E1apShape>(world, { open: (step) => world.cuUp(step), setupCase: 'E1-001-01' })),
    ),
  update: (link) =>
    e1('GNB-CU-UP-ConfigurationUpdate', {
      ...{ TransactionID: link.peer.newTransactionId(), 'gNB-CU-UP-ID': 9, 'gNB-CU-UP-Name': 'tester' },
    }),
  updateAnswer: 'GNB-CU-UP-ConfigurationUpdateAcknowledge',
  reset: (link) =>
    e1('Reset', {
      TransactionID: link.peer.newTransactionId(),
      Cause: { misc: 'unspecified' },
      ResetType: { 'e1-Interface': 'reset-all' },
    }),
  spared: ['E1ReleaseRequest'],
  templates: (product) => {
    const SupportedPLMNs = [{ 'pLMN-Identity': plmnOctets(plmnOf(product)) }];
    const who = { 'gNB-CU-UP-ID': 9, 'gNB-CU-UP-Name': 'tester' };
    const ids = { 'gNB-CU-CP-UE-E1AP-ID': 1, 'gNB-CU-UP-UE-E1AP-ID': 1 };
    const later = [AFTER_SETUP];
    return [
      {
        ...{ name: 'GNB-CU-UP-E1SetupRequest', states: [BEFORE_SETUP] },
        bytes: encodeE1('GNB-CU-UP-E1SetupRequest', {
          TransactionID: 1,
          ...who,
          CNSupport: 'c-5gc',
          SupportedPLMNs,
        }),
      },
      {
        ...{ name: 'GNB-CU-UP-ConfigurationUpdate', states: later },
        bytes: encodeE1('GNB-CU-UP-ConfigurationUpdate', { TransactionID: 2, ...who, SupportedPLMNs }),
      },
      {
        ...{ name: 'BearerContextReleaseRequest', states: later },
        bytes: encodeE1('BearerContextReleaseRequest', { ...ids, Cause: { misc: 'unspecified' } }),
      },
      {
        ...{ name: 'ErrorIndication', states: later },
        bytes: encodeE1('ErrorIndication', { TransactionID: 4, Cause: { protocol: 'semantic-error' } }),
      },
    ];
  },
};
