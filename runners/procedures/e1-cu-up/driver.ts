import { HarnessError } from '../../../src/kernel/errors.ts';
import { outgoing } from '../../interfaces/e1ap/codec.ts';
import type { AnyAccepted, E1apShape, Ies, Outgoing } from '../../interfaces/e1ap/types.ts';
import { RESETS } from '../../interfaces/e1ap/resets.ts';
import { type ApDoor, openApDoor } from '../ap/door.ts';
import { E1 } from '../ap/interfaces/e1.ts';
import type { ApLink } from '../ap/link.ts';
import { RESPONSE_TIME } from '../ap/parameters.ts';
import type { ApDriver } from '../ap/suite/suite.ts';
import { type Bench, Blocked, type ParameterSpec } from '../procedure.ts';
import { orderProduct, type RanOrder, tellProduct, tryOrder } from '../ap/orders.ts';

export type E1Link = ApLink<E1apShape>;
type SetupRequest = Partial<Ies<'GNB-CU-UP-E1SetupRequest'>>;

/** How the tester, as gNB-CU-CP, answers. */
export interface CuCpManners {
  /** The answer to the set-up that the product begins; none: it is left waiting. */
  answerSetup: (request: SetupRequest) => readonly Outgoing[];
}

export interface CuUpDriver extends ApDriver<E1apShape> {
  readonly manners: CuCpManners;
  readonly door: ApDoor<E1apShape>;
  /** Has the product begin something. @throws Blocked */
  order(wanted: RanOrder): Promise<void>;
  /** A new association, on which the product sets E1 up, or waits for the tester to do it. */
  connect(step: string, initiates: boolean): Promise<E1Link | null>;
}

const CONNECT_WITHIN: ParameterSpec = {
  type: 'number',
  unit: 'ms',
  about: 'how long the product may take to connect and to set up',
};
export const BASIC: Readonly<Record<string, ParameterSpec>> = {
  connectWithinMs: CONNECT_WITHIN,
  responseTimeMs: RESPONSE_TIME,
};

export function accepted({ TransactionID = 0 }: SetupRequest): readonly Outgoing[] {
  return [outgoing('GNB-CU-UP-E1SetupResponse', { TransactionID, 'gNB-CU-CP-Name': 'tester' })];
}

/** Runs a case against the gNB-CU-UP in `subjects[0]`; the tester is the gNB-CU-CP to which it comes. */
export async function driveCuUp(
  bench: Bench,
  { signal }: { signal: AbortSignal },
  behave: (driver: CuUpDriver) => Promise<void>,
): Promise<void> {
  const [product] = bench.subjects;
  if (product === undefined) throw new HarnessError('PLAN_INVALID', 'the plan has no subject');
  const manners: CuCpManners = { answerSetup: accepted };
  const handle = (message: AnyAccepted): readonly Outgoing[] => answerAsCuCp(message, manners);
  await using door = await openApDoor(E1, { bench, product }, { tester: 'o-cu-cp', handle, most: 10_000 });
  const ordered = { bench, product, key: 'e1.prepare', signal } as const;
  const { host, port, udpPort } = door;
  const connectWithinMs = bench.number('connectWithinMs');
  const connect = async (step: string, initiates: boolean): Promise<E1Link | null> => {
    const index = door.links.length;
    const udp = udpPort === undefined ? {} : { udpPort };
    const order = { action: 'connect', host, port, ...udp, initiates };
    const inWords = `connect to the gNB-CU-CP at ${host}, SCTP port ${port},`;
    if (!(await tryOrder(ordered, { step: 'connect', order, inWords, comesByItself: true }))) return null;
    const link = await door.arrival(index, { withinMs: connectWithinMs, signal });
    link?.enter(step);
    return link;
  };
  const setUp = async (link: E1Link): Promise<boolean> => {
    const isSetup = ({ decoded }: { readonly decoded: { readonly message: { name: string } | null } }) =>
      decoded.message?.name === 'GNB-CU-UP-E1SetupRequest';
    const entry = await link.waitFor(isSetup, { withinMs: connectWithinMs, signal, from: 0 });
    return entry?.comprehension?.action === 'accept';
  };
  const driver: CuUpDriver = {
    ...{ bench, product, signal, manners, door, connect, setUp },
    waiting: { signal, withinMs: bench.number('responseTimeMs') },
    order: (wanted) => orderProduct(ordered, wanted),
    associate: (step) => connect(step, true),
    async ready(step = 'setup') {
      const link = await connect(step, true);
      if (link !== null && (await setUp(link))) return link;
      throw Blocked.precondition('the product did not set E1 up in a way that can be accepted');
    },
  };
  try {
    await behave(driver);
  } finally {
    await tellProduct(ordered, { step: 'clean-up', order: { action: 'disconnect' } });
  }
}

function answerAsCuCp(message: AnyAccepted, { answerSetup }: CuCpManners): readonly Outgoing[] {
  switch (message.name) {
    case 'GNB-CU-UP-E1SetupRequest':
      return answerSetup(message.ies);
    case 'GNB-CU-UP-ConfigurationUpdate': {
      const { TransactionID } = message.ies;
      return [outgoing('GNB-CU-UP-ConfigurationUpdateAcknowledge', { TransactionID })];
    }
    case 'Reset':
      return [outgoing('ResetAcknowledge', RESETS.acknowledge(message.ies))];
    case 'E1ReleaseRequest':
      return [outgoing('E1ReleaseResponse', { TransactionID: message.ies.TransactionID })];
    default:
      return [];
  }
}
