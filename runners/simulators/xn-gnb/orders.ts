import { isJsonObject, type Json, type JsonObject } from '../../../src/kernel/json.ts';
import type { ConnectOptions } from '../../interfaces/sctp/types.ts';
import type { OnXn, TheGnb } from './ports.ts';
import { arrive, handOver, page, removeXn, resetXn, resume, updateConfiguration } from './own-procedures.ts';

/** Where somebody is. */
export type Target = Pick<ConnectOptions, 'host' | 'port' | 'remoteUdpPort'>;

export const INTERFACES = ['xn', 'ng'] as const;
export type InterfaceName = (typeof INTERFACES)[number];

/** What the prepare hook may ask for; see testplans/README-xn-hook.md. */
export type Order =
  | { readonly action: 'connect'; readonly interface: InterfaceName; readonly target: Target }
  | { readonly action: 'disconnect'; readonly interface: InterfaceName | null }
  | { readonly action: 'report' }
  | { readonly action: ProcedureName; readonly given: JsonObject };

/** Each says why it cannot, or null when it has begun. */
const PROCEDURES = {
  configurationUpdate: (gnb, session) => updateConfiguration(gnb, session),
  removal: (gnb, session) => removeXn(gnb, session),
  reset: (gnb, session) => resetXn(gnb, session),
  handover: (gnb, session) => handOver(gnb, session),
  arrive: (gnb) => arrive(gnb),
  page: (gnb) => page(gnb),
  resume: (gnb, session, { iRnti, mac }) =>
    typeof iRnti === 'number' && typeof mac === 'number'
      ? resume(gnb, session, { iRnti, mac })
      : 'iRnti and mac must be numbers',
} as const satisfies Readonly<
  Record<string, (gnb: TheGnb, session: OnXn, given: JsonObject) => string | null>
>;
export type ProcedureName = keyof typeof PROCEDURES;

/** Null when it is no such order. */
export function parseOrder(order: Json | undefined): Order | null {
  if (!isJsonObject(order)) return null;
  const { action } = order;
  if (action === 'report') return { action };
  if (action === 'connect' || action === 'disconnect') return parseConnection(order, action);
  return typeof action === 'string' && Object.hasOwn(PROCEDURES, action)
    ? { action: action as ProcedureName, given: order }
    : null;
}

function parseConnection(order: JsonObject, action: 'connect' | 'disconnect'): Order | null {
  const { host, port, udpPort } = order;
  const name = INTERFACES.find((each) => each === order['interface']);
  if (action === 'disconnect') return { action, interface: name ?? null };
  if (typeof host !== 'string' || typeof port !== 'number') return null;
  const target = { host, port, ...(typeof udpPort === 'number' ? { remoteUdpPort: udpPort } : {}) };
  return { action, interface: name ?? 'xn', target };
}

/** Whether the interfaces are up that a procedure goes over; null while they are not. */
export function readyFor({ upSession, amf }: TheGnb, action: ProcedureName): true | null {
  const isReady = upSession !== undefined && (action !== 'arrive' || amf?.isSetUp === true);
  return isReady || null;
}

/** Has the node begin a procedure; says why it cannot, or null when it has begun. */
export function begin(
  gnb: TheGnb,
  { action, given }: { action: ProcedureName; given: JsonObject },
): string | null {
  const session = gnb.upSession;
  return session === undefined ? 'Xn is not set up' : PROCEDURES[action](gnb, session, given);
}

export function report({ sessions, contexts, pages, amf }: TheGnb): JsonObject {
  return {
    neighbours: [...sessions].flatMap(({ neighbour }) =>
      neighbour === null ? [] : [{ node: neighbour.name, cells: [...neighbour.cells.keys()] }],
    ),
    ng: amf?.isSetUp === true,
    ues: contexts.ues.length,
    contexts: contexts.open.map(({ side, ours, theirs }) => ({ side, ours, theirs })),
    pages: { ...pages },
  };
}
