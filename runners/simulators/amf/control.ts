import { isJsonObject, type Json } from '../../../src/kernel/json.ts';
import { jsonOf, recordBody } from '../../interfaces/http/body.ts';
import type { Answer, Received } from '../../interfaces/http/listen.ts';
import { outgoing } from '../../interfaces/ngap/codec.ts';
import type { Amf } from './amf.ts';
import { servedBy } from './node-procedures.ts';
import type { AmfUe } from './core.ts';

type Order = Readonly<Record<string, Json>>;
type Done = 'done' | 'unknown-ue' | 'unable';

const STATUS = { 'unknown-ue': 404, unable: 409 } as const;

/** What a tester can have the AMF do. See testplans/README-ng-hook.md. */
const ACTIONS: Readonly<Record<string, (amf: Amf, order: Order) => Done>> = {
  page: forUe((ue, { amf }) => amf.page(ue)),
  release: forAwake((ue) => ue.release({ nas: 'normal-release' })),
  deregister: forAwake((ue, { order }) => ue.perform(ue.nas.deregister(order['comesBack'] === true))),
  releaseSession: forAwake((ue, { order }) => ue.perform(ue.nas.releaseSession(Number(order['session'])))),
  newName: forAwake((ue) => ue.perform(ue.nas.updateConfiguration())),
  configurationUpdate: (amf) =>
    forLinks(amf, (link) =>
      link.ask('AMFConfigurationUpdate', { AMFName: amf.settings.name, ...servedBy(amf.settings) }),
    ),
  reset: (amf) =>
    forLinks(amf, (link) => {
      amf.forgetUesOf(link);
      link.ask('NGReset', { Cause: { misc: 'om-intervention' }, ResetType: { 'nG-Interface': 'reset-all' } });
    }),
  overloadStart: (amf) =>
    forLinks(amf, (link) =>
      link.post(
        outgoing('OverloadStart', {
          AMFOverloadResponse: { overloadAction: 'reject-rrc-cr-signalling' },
        }),
      ),
    ),
  overloadStop: (amf) => forLinks(amf, (link) => link.post(outgoing('OverloadStop', {}))),
};

export function answerHook(amf: Amf, received: Received): Answer {
  const order = jsonOf(recordBody(received.body));
  if (received.method !== 'POST' || !isJsonObject(order)) return json(400, { cause: 'POST a JSON object' });
  const { action } = order;
  if (action === 'report') return json(200, reportOf(amf));
  const known = typeof action === 'string' && Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
  if (known === undefined) return json(501, { cause: 'unknown action' });
  const done = known(amf, order);
  return done === 'done' ? { status: 204 } : json(STATUS[done], { cause: done });
}

interface Ordered {
  readonly amf: Amf;
  readonly order: Order;
}

/** `imsi` names it; absent: the one that came last. */
function forUe(act: (ue: AmfUe, ordered: Ordered) => boolean): (amf: Amf, order: Order) => Done {
  return (amf, order) => {
    const ue = amf.ues.findLast(({ imsi }) => imsi !== null && (order['imsi'] ?? imsi) === imsi);
    if (ue === undefined) return 'unknown-ue';
    return act(ue, { amf, order }) ? 'done' : 'unable';
  };
}

/** What has to be said to it: one that sleeps would have to be paged first. */
function forAwake(act: (ue: AmfUe, ordered: Ordered) => void): (amf: Amf, order: Order) => Done {
  return forUe((ue, ordered) => {
    if (ue.connection === null) return false;
    act(ue, ordered);
    return true;
  });
}

function forLinks(amf: Amf, act: (link: Amf['links'][number]) => void): Done {
  const links = amf.links.filter(({ node }) => node !== null);
  for (const link of links) act(link);
  return links.length === 0 ? 'unable' : 'done';
}

function reportOf({ links, ues, upf }: Amf): Json {
  return {
    nodes: links.flatMap(({ node }) => (node === null ? [] : [node.name])),
    ues: ues.map(({ nas, connection, userPlanes }) => ({
      ...{ state: nas.ue.state, isConnected: connection !== null, sessions: [...userPlanes.keys()] },
    })),
    packets: upf.packets,
  };
}

function json(status: number, body: Json): Answer {
  return { status, headers: [['Content-Type', 'application/json']], body: JSON.stringify(body) };
}
