import type { Equipment } from '../../../src/domain/equipment.ts';
import type { CaseId } from '../../../src/domain/ids.ts';
import { pause } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import { Teardown } from '../../../src/kernel/teardown.ts';
import { NGAP_PORT } from '../../interfaces/ngap/codec.ts';
import type { SctpTransport } from '../../interfaces/sctp/types.ts';
import { UserPlane } from '../../simulators/gnb/user-plane.ts';
import type { UeProfile } from '../../simulators/ue/types.ts';
import { type Connecting, mustConnect, tryConnect } from '../ap/connect.ts';
import { homePublicKey } from '../ng/home-keys.ts';
import { type NgIxit, ngIxit, subscriberSecrets } from '../ng/ixit.ts';
import { trigger } from '../ap/preparation.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { type DialledEndPoint, dialledEndPoint } from '../sctp-end-point.ts';
import { openTowards } from '../sctp-transport.ts';
import { TesterGnb, type UeOptions } from './tester-gnb.ts';
import type { TesterUe } from './tester-ue.ts';

/** The case that shows that a node can set up at all, and the one that shows that a UE can register. */
const SETUP_CASE = 'NG-001' as CaseId;
const REGISTRATION_CASE = 'NG-004' as CaseId;

/** What a procedure about an AMF drives with. */
export interface AmfDriver {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly signal: AbortSignal;
  readonly transport: SctpTransport;
  readonly endPoint: DialledEndPoint;
  readonly ixit: NgIxit;
  /** How long the product may take to answer. */
  readonly withinMs: number;
  /** A gNB with an association that is up. @throws Blocked */
  connect(step: string, number?: number, name?: string): Promise<TesterGnb>;
  /** As above; null when the product did not take the association. */
  tryConnect(step: string, number: number, name: string): Promise<TesterGnb | null>;
  /** A gNB that has set up. @throws Blocked */
  ready(step?: string, number?: number, name?: string): Promise<TesterGnb>;
  /** A UE in the cell of a gNB. @throws Blocked */
  ue(gnb: TesterGnb, options?: UeOptions): Promise<TesterUe>;
  /** A UE that has registered. @throws Blocked */
  registered(gnb: TesterGnb, options?: UeOptions): Promise<TesterUe>;
  /** Has the product begin something. @throws Blocked */
  trigger(step: string, order: AmfOrder): Promise<void>;
  /** Time for what should not come. */
  settle(ms: number): Promise<void>;
}

export interface AmfOrder {
  readonly action: string;
  /** Of the UE that it is about. */
  readonly imsi?: string;
  readonly inWords: string;
}

/** Runs a case against the AMF in `subjects[0]`; whatever was opened is shut down. */
export async function driveAmf(
  bench: Bench,
  { signal }: { signal: AbortSignal },
  behave: (driver: AmfDriver) => Promise<void>,
): Promise<void> {
  const [product] = bench.subjects;
  if (product === undefined) throw new HarnessError('PLAN_INVALID', 'the plan has no subject');
  const endPoint = dialledEndPoint(product, { interface: 'ng', usualPort: NGAP_PORT });
  const ixit = ngIxit(product);
  await using undo = new Teardown();
  const transport = undo.use(await openTowards(bench, endPoint));
  const userPlane = undo.use(await openUserPlane(endPoint));
  const gnbs: TesterGnb[] = [];
  undo.defer(async () => {
    await Promise.all(gnbs.map((gnb) => gnb.close()));
  });
  await behave(makeDriver({ bench, product, signal, transport, endPoint, ixit, userPlane }, gnbs));
}

/** Where the product's user plane finds the tester: its address, where the equipment file names one; else one of this machine. */
async function openUserPlane({ tester }: DialledEndPoint): Promise<UserPlane> {
  try {
    return await UserPlane.open(tester.host ?? null);
  } catch (error) {
    if (!(error instanceof HarnessError && error.code === 'GTPU_PORT_TAKEN')) throw error;
    throw new Blocked({ code: error.code, text: error.message });
  }
}

type Parts = Pick<AmfDriver, 'bench' | 'product' | 'signal' | 'transport' | 'endPoint' | 'ixit'> & {
  readonly userPlane: UserPlane;
};

function makeDriver(parts: Parts, gnbs: TesterGnb[]): AmfDriver {
  const { bench, product, signal, ixit } = parts;
  const withinMs = bench.number('responseTimeMs');
  const open = async (
    { step, number, name }: { step: string; number: number; name: string },
    connect: typeof tryConnect,
  ): Promise<TesterGnb | null> => {
    const connecting: Connecting = { ...parts, association: name, step, withinMs: withinMs * 2 };
    const association = await connect(connecting, { signal });
    if (association === null) return null;
    const gnb = new TesterGnb({ ...parts, withinMs, number, name, step }, association);
    gnbs.push(gnb);
    return gnb;
  };
  const connectOr = async (step: string, number = 1, name = nameOf(number)): Promise<TesterGnb> => {
    const opened = await open({ step, number, name }, mustConnect);
    if (opened === null) throw new HarnessError('UNEXPECTED', 'an association neither came up nor failed');
    return opened;
  };
  const ue: AmfDriver['ue'] = async (gnb, options = {}) =>
    gnb.add(options, await profileOf({ bench, ixit }, options));
  return {
    ...parts,
    ...{ withinMs, connect: connectOr, ue },
    tryConnect: (step, number, name) => open({ step, number, name }, tryConnect),
    async ready(step = 'setup', number = 1, name = nameOf(number)) {
      const gnb = await connectOr(step, number, name);
      const { kind } = await gnb.setUp(step);
      if (kind !== 'successful') throw notDone(`NG Setup (${kind})`, SETUP_CASE);
      return gnb;
    },
    async registered(gnb, options) {
      const one = await ue(gnb, options);
      if (!(await one.register('registration'))) throw notDone('registration of a UE', REGISTRATION_CASE);
      return one;
    },
    async trigger(step, { inWords, ...order }) {
      await trigger({ bench, product, key: 'ng.prepare', step, order, inWords }, { signal });
    },
    settle: (ms) => pause(ms, { signal }),
  };
}

function nameOf(number: number): string {
  return number === 1 ? 'gnb' : `gnb-${number}`;
}

function notDone(what: string, shownBy: CaseId): Blocked {
  return Blocked.precondition(`the ${what} that the case begins with was not done`, shownBy);
}

async function profileOf(
  { bench, ixit }: Pick<AmfDriver, 'bench' | 'ixit'>,
  { subscriber = 0, profile = {} }: UeOptions,
): Promise<UeProfile> {
  const { plmn, slices, subscribers } = ixit;
  const found = subscribers[subscriber];
  if (found === undefined) {
    const text = `ixit ng.subscribers names ${subscribers.length}, the case needs ${subscriber + 1}`;
    throw new Blocked({ code: 'IXIT_MISSING', text }, 'notSupportedByTestbed');
  }
  const { keys } = await subscriberSecrets(bench, found);
  const homeKey = homePublicKey(ixit.homeKeys);
  const concealing = homeKey === null ? {} : { homeKey };
  return { plmn, msin: found.imsi.slice(plmn.length), keys, slices, ...concealing, ...profile };
}
