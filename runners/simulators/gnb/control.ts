import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { jsonOf, recordBody } from '../../interfaces/http/body.ts';
import type { Answer, Received } from '../../interfaces/http/listen.ts';
import { outgoing } from '../../interfaces/ngap/codec.ts';
import { parseTarget, type Target } from '../dialling.ts';
import type { Gnb } from './gnb.ts';
import { handOver, type HandoverTarget } from './handover-source.ts';
import { arrive } from './handover-target.ts';
import { supportedAreas } from './presentation.ts';
import type { RanUe } from './ran-ue.ts';

/** The process, as far as orders need it. */
export interface Ordered {
  readonly gnb: Gnb;
  readonly dnn: string;
  readonly connect: (target: Target) => void;
  readonly disconnect: () => void;
  readonly signal: AbortSignal;
}

type Order = Readonly<Record<string, Json>>;

const PING_WITHIN_MS = 2_000;
const DONE: Answer = { status: 204 };

/** What a tester can have the gNB do. See testplans/README-ng-hook.md. */
const ACTIONS: Readonly<Record<string, (ordered: Ordered, order: Order) => Answer | Promise<Answer>>> = {
  connect: ({ connect }, order) => {
    const target = parseTarget(order);
    if (target === null) return json(400, { cause: 'host and port are missing' });
    connect(target);
    return { status: 202 };
  },
  disconnect: ({ disconnect }) => {
    disconnect();
    return DONE;
  },
  register: forUe((ue) => {
    ue.run(ue.ue.register());
    return DONE;
  }),
  deregister: forUe((ue) => {
    ue.run(ue.ue.deregister());
    return DONE;
  }),
  session: forUe((ue, { dnn, gnb }, order) => {
    const [slice] = gnb.settings.slices;
    const wanted = { id: sessionIn(order), dnn, ...(slice === undefined ? {} : { slice }) };
    ue.run(ue.ue.establishSession(wanted));
    return DONE;
  }),
  releaseSession: forUe((ue, _ordered, order) => {
    ue.run(ue.ue.releaseSession(sessionIn(order)));
    return DONE;
  }),
  releaseContext: forUe((ue, { gnb }) => {
    gnb.askRelease(ue);
    return DONE;
  }),
  ping: forUe(async (ue, { signal }, order) => {
    const { to } = order;
    if (typeof to !== 'string') return json(400, { cause: 'to is missing' });
    const tookMs = await ue.ping(sessionIn(order), { to, withinMs: PING_WITHIN_MS, signal });
    return json(200, { tookMs });
  }),
  handover: forUe((ue, { gnb }, order) => {
    const target = targetIn(order, gnb.settings.plmn);
    if (target === null) return json(400, { cause: 'gnb, cell or tac is missing' });
    if (ue.ids === null || ue.sessions.size === 0) return json(409, { cause: 'the UE has no session' });
    void handOver(gnb, ue, target);
    return { status: 202 };
  }),
  arrive: ({ gnb }) => (arrive(gnb) ? DONE : json(409, { cause: 'no UE is expected' })),
  configurationUpdate: ({ gnb }) => {
    gnb.post(
      outgoing('RANConfigurationUpdate', {
        ...{ RANNodeName: gnb.settings.name, SupportedTAList: supportedAreas(gnb.settings) },
      }),
    );
    return DONE;
  },
  reset: ({ gnb }) => {
    for (const ue of gnb.ues) ue.released();
    gnb.post(
      outgoing('NGReset', {
        ...{ Cause: { misc: 'om-intervention' }, ResetType: { 'nG-Interface': 'reset-all' } },
      }),
    );
    return DONE;
  },
};

export async function answerHook(ordered: Ordered, received: Received): Promise<Answer> {
  const order = jsonOf(recordBody(received.body));
  if (received.method !== 'POST' || !isJsonObject(order)) return json(400, { cause: 'POST a JSON object' });
  const { action } = order;
  if (action === 'report') return json(200, reportOf(ordered.gnb));
  const known = typeof action === 'string' && Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  return known === undefined ? json(501, { cause: 'unknown action' }) : known(ordered, order);
}

/** `imsi` names it; absent: the first one. */
function forUe(
  act: (ue: RanUe, ordered: Ordered, order: Order) => Answer | Promise<Answer>,
): (ordered: Ordered, order: Order) => Answer | Promise<Answer> {
  return (ordered, order) => {
    const ue = ordered.gnb.ues.find(({ imsi }) => (order['imsi'] ?? imsi) === imsi);
    return ue === undefined ? json(404, { cause: 'there is no such UE' }) : act(ue, ordered, order);
  };
}

/** `gnb: {id, bits}`, `cell` and `tac` of the node that the UE goes to. */
function targetIn({ gnb, cell, tac }: Order, plmn: string): HandoverTarget | null {
  if (!isJsonObject(gnb) || typeof cell !== 'number' || typeof tac !== 'number') return null;
  const { id, bits } = gnb;
  if (typeof id !== 'number' || typeof bits !== 'number' || bits < 22 || bits > 32) return null;
  return { gnb: { id, bits }, cell: { plmn, tac, id: cell } };
}

function sessionIn({ session }: Order): number {
  return typeof session === 'number' && session >= 1 && session <= 15 ? session : 1;
}

function reportOf({ ues }: Gnb): Json {
  return {
    ues: ues.map(({ ue, sessions }) => ({
      ...{ state: ue.state, isConnected: ue.isConnected, sessions: [...sessions.keys()] },
    })),
  };
}

function json(status: number, body: Json): Answer {
  return { status, headers: [['Content-Type', 'application/json']], body: JSON.stringify(body) };
}
