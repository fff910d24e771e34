import { isIPv4 } from 'node:net';
import type { Json, JsonObject } from '../../../src/kernel/json.ts';
import { outgoing } from '../../interfaces/f1ap/codec.ts';
import { DONE, namedUes, NO_UES, type OrderOutcome, unable } from '../ap/hook.ts';
import { parseTarget } from '../dialling.ts';
import { whenUp } from '../when-up.ts';
import type { Du } from './du.ts';
import type { DuUe } from './du-ue.ts';

/** The process, as far as orders need it. */
export interface Ordered {
  readonly du: Du;
  /** What the sessions of its UEs are for. */
  readonly dnn: string;
  readonly sst: number;
}

type Obey = (order: JsonObject, ordered: Ordered) => Promise<OrderOutcome>;

const PING_WITHIN_MS = 2_000;

/** What a tester can have the gNB-DU and its UEs do. See testplans/README-f1-hook.md and README-ue-hook.md. */
const ACTIONS: Readonly<Record<string, Obey>> = {
  report: (_order, { du }) => Promise.resolve({ done: reportOf(du) }),
  connect: (order, { du }) => {
    const target = parseTarget(order);
    if (target !== null) du.connect(target);
    return Promise.resolve(
      target === null ? { refused: 'invalid', cause: 'connect needs host and port' } : DONE,
    );
  },
  disconnect: (_order, { du }) => {
    du.disconnect();
    return Promise.resolve(DONE);
  },
  attachUe: onF1(async (_order, { du }) => {
    await du.attach();
    return DONE;
  }),
  reset: onF1(async (order, { du }) => {
    const ues = namedUes(order);
    if (ues === null) return NO_UES;
    const meant = ues && du.ues.filter(({ duId, rrc }) => ues.includes(duId) && rrc.state !== 'idle');
    if (meant?.length === 0) return unable('there is no such UE');
    await du.beginReset(meant);
    return DONE;
  }),
  duUpdate: onF1(async (_order, { du }) => {
    const TransactionID = du.peer?.newTransactionId() ?? 0;
    await du.peer?.send(outgoing('GNBDUConfigurationUpdate', { TransactionID, 'gNB-DU-Name': 'du-renamed' }));
    return DONE;
  }),
  register: onF1(async (order, { du }) => {
    const known = ueIn(order, du);
    if (known === null && order['imsi'] !== undefined) return unable('there is no such UE');
    const ue = known ?? du.add();
    await du.say(ue, ue.nas.register());
    return DONE;
  }),
  session: forUe(async (ue, { du, dnn, sst }, order) => {
    const isRegistered = await whenUp(() => (ue.nas.state === 'registered' ? true : null));
    if (isRegistered === null) return unable('the UE is not registered');
    await du.say(ue, ue.nas.establishSession({ id: sessionIn(order), dnn, slice: { sst } }));
    return DONE;
  }),
  ping: forUe(async (ue, _ordered, order) => {
    const { to } = order;
    if (typeof to !== 'string' || !isIPv4(to))
      return { refused: 'invalid', cause: 'ping needs an address of IPv4 in to' };
    const session = sessionIn(order);
    await whenUp(() => (ue.isUp(session) ? true : null));
    const tookMs = await ue.ping(session, { to, withinMs: PING_WITHIN_MS, signal: FOREVER });
    return { done: { tookMs } };
  }),
  deregister: forUe(async (ue, { du }) => {
    if (ue.nas.state !== 'registered') return unable('the UE is not registered');
    await du.say(ue, ue.nas.deregister());
    return DONE;
  }),
};

const FOREVER = new AbortController().signal;

export async function obey(order: JsonObject, ordered: Ordered): Promise<OrderOutcome> {
  const { action } = order;
  const known = typeof action === 'string' && Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  return known === undefined ? { refused: 'unknown', cause: 'unknown action' } : known(order, ordered);
}

function onF1(act: Obey): Obey {
  return async (order, ordered) => {
    const { du } = ordered;
    const isUp = await whenUp(() => (du.isSetUp ? true : null));
    return isUp === null ? unable('there is no F1 interface') : act(order, ordered);
  };
}

function forUe(act: (ue: DuUe, ordered: Ordered, order: JsonObject) => Promise<OrderOutcome>): Obey {
  return (order, ordered) => {
    const ue = ueIn(order, ordered.du);
    return ue === null ? Promise.resolve(unable('there is no such UE')) : act(ue, ordered, order);
  };
}

/** `imsi` names it; absent: the first one. */
function ueIn({ imsi }: JsonObject, { ues }: Du): DuUe | null {
  return ues.find((ue) => imsi === undefined || ue.imsi === imsi) ?? null;
}

function sessionIn({ session }: JsonObject): number {
  return typeof session === 'number' && session >= 1 && session <= 15 ? session : 1;
}

function reportOf(du: Du): Json {
  return {
    isSetUp: du.isSetUp,
    ues: du.ues.map(({ duId, rrc, nas, bearers }) => ({
      ...{ duId, rrc: rrc.state, nas: nas.state },
      bearers: [...bearers],
    })),
  };
}
