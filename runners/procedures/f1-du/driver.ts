import { HarnessError } from '../../../src/kernel/errors.ts';
import { outgoing, unwrapItems, wrapItems } from '../../interfaces/f1ap/codec.ts';
import type { AnyAccepted, F1apShape, Ies, Outgoing } from '../../interfaces/f1ap/types.ts';
import { RESETS } from '../../interfaces/f1ap/resets.ts';
import { type ApDoor, openApDoor } from '../ap/door.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import type { ApLink } from '../ap/link.ts';
import { RESPONSE_TIME, TRIGGER_WITHIN } from '../ap/parameters.ts';
import type { ApDriver } from '../ap/suite/suite.ts';
import { type Bench, Blocked, type ParameterSpec } from '../procedure.ts';
import { orderProduct, type RanOrder, tellProduct, tryOrder } from '../ap/orders.ts';

export type F1Link = ApLink<F1apShape>;
type SetupRequest = Partial<Ies<'F1SetupRequest'>>;

/** How the tester, as gNB-CU, answers. */
export interface CuManners {
  answerSetup: (request: SetupRequest) => readonly Outgoing[];
}

export interface DuDriver extends ApDriver<F1apShape> {
  readonly manners: CuManners;
  readonly door: ApDoor<F1apShape>;
  /** Has the product begin something. @throws Blocked */
  order(wanted: RanOrder): Promise<void>;
}

export const BASIC: Readonly<Record<string, ParameterSpec>> = {
  connectWithinMs: {
    type: 'number',
    unit: 'ms',
    about: 'how long the product may take to connect and to set up',
  },
  responseTimeMs: RESPONSE_TIME,
  triggerWithinMs: TRIGGER_WITHIN,
};

/** Every cell is activated. */
export function accepted(request: SetupRequest): readonly Outgoing[] {
  const { TransactionID = 0 } = request;
  const cells = unwrapItems('GNB-DU-Served-Cells-Item', request['gNB-DU-Served-Cells-List']).map(
    ({ 'served-Cell-Information': { nRCGI, nRPCI } }) => ({ nRCGI, nRPCI }),
  );
  return [
    outgoing('F1SetupResponse', {
      ...{ TransactionID, 'gNB-CU-Name': 'tester' },
      ...(cells.length === 0
        ? {}
        : { 'Cells-to-be-Activated-List': wrapItems('Cells-to-be-Activated-List-Item', cells) }),
      'GNB-CU-RRC-Version': { 'latest-RRC-Version': { bits: Uint8Array.of(0), length: 3 } },
    }),
  ];
}

/** Runs a case against the gNB-DU in `subjects[0]`; the tester is the gNB-CU to which it comes. */
export async function driveDu(
  bench: Bench,
  { signal }: { signal: AbortSignal },
  behave: (driver: DuDriver) => Promise<void>,
): Promise<void> {
  const [product] = bench.subjects;
  if (product === undefined) throw new HarnessError('PLAN_INVALID', 'the plan has no subject');
  const manners: CuManners = { answerSetup: accepted };
  const handle = (message: AnyAccepted): readonly Outgoing[] => answerAsCu(message, manners);
  await using door = await openApDoor(F1, { bench, product }, { tester: 'o-cu-cp', handle, most: 10_000 });
  const ordered = { bench, product, key: 'f1.prepare', signal } as const;
  const { host, port, udpPort } = door;
  const withinMs = bench.number('connectWithinMs');
  const associate = async (step: string): Promise<F1Link | null> => {
    const index = door.links.length;
    const order = { action: 'connect', host, port, ...(udpPort === undefined ? {} : { udpPort }) };
    const inWords = `connect to the gNB-CU at ${host}, SCTP port ${port},`;
    if (!(await tryOrder(ordered, { step: 'connect', order, inWords, comesByItself: true }))) return null;
    const link = await door.arrival(index, { withinMs, signal });
    link?.enter(step);
    return link;
  };
  const setUp = async (link: F1Link): Promise<boolean> => {
    const isSetup = ({ decoded }: { readonly decoded: { readonly message: { name: string } | null } }) =>
      decoded.message?.name === 'F1SetupRequest';
    const entry = await link.waitFor(isSetup, { withinMs, signal, from: 0 });
    return entry?.comprehension?.action === 'accept';
  };
  const driver: DuDriver = {
    ...{ bench, product, signal, manners, door, associate, setUp },
    waiting: { signal, withinMs: bench.number('responseTimeMs') },
    order: (wanted) => orderProduct(ordered, wanted),
    async ready(step = 'setup') {
      const link = await associate(step);
      if (link !== null && (await setUp(link))) return link;
      throw Blocked.precondition('the product did not set F1 up in a way that can be accepted');
    },
  };
  try {
    await behave(driver);
  } finally {
    await tellProduct(ordered, { step: 'clean-up', order: { action: 'disconnect' } });
  }
}

function answerAsCu(message: AnyAccepted, { answerSetup }: CuManners): readonly Outgoing[] {
  switch (message.name) {
    case 'F1SetupRequest':
      return answerSetup(message.ies);
    case 'GNBDUConfigurationUpdate': {
      const { TransactionID } = message.ies;
      return [outgoing('GNBDUConfigurationUpdateAcknowledge', { TransactionID })];
    }
    case 'Reset':
      return [outgoing('ResetAcknowledge', RESETS.acknowledge(message.ies))];
    default:
      return [];
  }
}
