import { isJsonObject } from '../../../src/kernel/json.ts';
import { broken, type Found, holds, undecided, unseen } from '../ap/judging.ts';
import { orderIn } from '../ap-pair/steps.ts';
import { messagesOf, type SeenMessage } from '../ng/seen-messages.ts';
import { SESSION, statusTold } from '../ng-gnb/handover-required.ts';
import { type Acknowledge, hasContainer, tunnelIn } from '../ng-gnb/handover-target.ts';
import type { Seen } from '../procedure.ts';
import { acknowledgeIn, type Findings, of, type SeenPair, servedAt } from './findings.ts';
import { PING } from './pair.ts';

/** Steps: the source is told to let the UE go; the UE is told to arrive. */
export const [COMMAND, ARRIVAL] = ['command', 'arrival'] as const;

interface Arrival {
  readonly command: SeenMessage<'HandoverCommand'> | undefined;
  readonly notify: SeenMessage<'HandoverNotify'> | undefined;
}

export function arrivedAt({ source, target }: SeenPair): Arrival {
  return {
    command: messagesOf(source, 'HandoverCommand', 'sent')[0],
    notify: messagesOf(target, 'HandoverNotify', 'received')[0],
  };
}

/** What came of what the target had admitted. */
export function arrivalFindings(pair: SeenPair): Findings {
  const { seen, sides } = pair;
  const acknowledge = acknowledgeIn(pair);
  const { command } = arrivedAt(pair);
  const about = (isRight: (ies: Acknowledge) => boolean, right: string, wrong: string): Found => {
    if (acknowledge === undefined) return unseen('nothing was allocated');
    return isRight(acknowledge.message.ies) ? holds(right, acknowledge.n) : broken(wrong, acknowledge.n);
  };
  const tunnel = about(
    (ies) => tunnelIn(ies, SESSION) !== null,
    'a downlink tunnel',
    'no downlink tunnel for the session',
  );
  const container = about(
    hasContainer,
    'a container with a command for the UE',
    'its container cannot be decoded',
  );
  const status =
    command === undefined
      ? unseen('there was no HANDOVER COMMAND')
      : statusTold(seen.subjects[sides.source], pair.source);
  return {
    tunnel: of(pair, 'target', tunnel),
    command: of(pair, 'target', container),
    status: of(pair, 'source', status),
    notified: of(pair, 'target', notified(pair)),
    packet: of(pair, 'target', packet(pair)),
    served: servedAt(pair, 'target'),
  };
}

/** Once the UE can be there, and with the identifiers that were allocated for it. */
function notified(pair: SeenPair): Found {
  const { command, notify } = arrivedAt(pair);
  const allocated = acknowledgeIn(pair);
  if (allocated === undefined) return unseen('nothing was allocated');
  if (notify === undefined)
    return command === undefined ? unseen('there was no HANDOVER COMMAND') : missing(pair.seen);
  if (command === undefined || notify.n < command.n)
    return broken('HANDOVER NOTIFY of a UE that nobody has told to go', allocated.n, notify.n);
  const ids = (ies: Acknowledge): string => `${ies['AMF-UE-NGAP-ID']}/${ies['RAN-UE-NGAP-ID']}`;
  const [told, wanted] = [ids(notify.message.ies), ids(allocated.message.ies)];
  return told === wanted
    ? holds('HANDOVER NOTIFY', notify.n)
    : broken(`HANDOVER NOTIFY of UE ${told} instead of ${wanted}`, allocated.n, notify.n);
}

/** Whether a UE was there that nobody has had arrive, nobody knows. */
function missing(seen: Seen): Found {
  const order = orderIn(seen, ARRIVAL);
  return order === undefined
    ? undecided('no HANDOVER NOTIFY came in time, and nobody knows whether the UE was there')
    : broken('no HANDOVER NOTIFY came in time although the hook had said that the UE was there', order);
}

/** A UE that has answered before, and does not now, has lost its session on the way. */
function packet({ seen }: SeenPair): Found {
  const [before, after] = [pinged(seen, 'before'), pinged(seen, 'after')];
  if (after === null) return unseen('the UE did not arrive');
  if (after.echoMs === null) return broken('the new end of the tunnel answers no ECHO REQUEST', after.n);
  if (before?.pingMs === undefined || before.pingMs === null)
    return unseen('the UE had answered no ping at the source');
  return after.pingMs === null
    ? broken('no packet goes to the UE and back through the new tunnel', before.n, after.n)
    : holds(`the UE has answered a ping within ${Math.ceil(after.pingMs)} ms`, before.n, after.n);
}

interface Pinged {
  readonly n: number;
  /** Until the end of the tunnel, and the UE, had answered; null when they had not. */
  readonly echoMs: number | null;
  readonly pingMs: number | null;
}

function pinged({ observations }: Seen, wanted: string): Pinged | null {
  const found = observations.find(({ kind, step }) => kind === PING && step === wanted);
  if (found === undefined || !isJsonObject(found.data)) return null;
  const { echoMs, pingMs } = found.data;
  const msIn = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return { n: found.n, echoMs: msIn(echoMs), pingMs: msIn(pingMs) };
}
