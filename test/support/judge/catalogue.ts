import { join } from 'node:path';
import type { Formula, TraceProperty } from '../../../src/domain/trace-property.ts';
import { PRODUCT_ROOT } from '../../../src/app/shipped.ts';
import { readProperties } from '../../../src/plans/read-properties.ts';
import type { PropertyCatalogue } from '../../../src/plans/property-file.ts';

export async function shippedProperties(): Promise<PropertyCatalogue> {
  const catalogue = await readProperties(join(PRODUCT_ROOT, 'properties'));
  if (!catalogue.ok) throw new Error(JSON.stringify(catalogue.error));
  return catalogue.value;
}

/** A message of a made-up talk; `a` opens the interface. */
export interface Said {
  readonly by: 'a' | 'b';
  readonly name: string;
  /** What stands at paths; every other id that is asked for is 1. */
  readonly values?: Readonly<Record<string, string | number>>;
  /** After the message before; default 10 ms. */
  readonly afterMs?: number;
}

/** What keeps a rule, and what breaks it and no other. */
export interface Examples {
  readonly good: readonly Said[];
  readonly bad: readonly Said[];
}

/** A talk about one property, from what it says; what needs more than that is written out below. */
export function examplesOf({ id, when, then }: TraceProperty): Examples {
  const special = SPECIAL[id];
  if (special !== undefined) return special;
  const name = firstName(when);
  if (id.endsWith('/setup-time-to-wait')) return refusals(name, refusedIn(then));
  if (id.endsWith('/error-indication-ends')) return ERRORS;
  if ('answeredBy' in then) {
    const ask: Said = { by: 'a', name, values: { RICcontrolAckRequest: 'ack' } };
    const answer: Said = { by: 'b', name: [then.answeredBy].flat()[0] ?? '' };
    return { good: [ask, answer], bad: [ask, later('b', then.withinMs)] };
  }
  if ('answers' in then) {
    const [ask, answer] = [said('a', [then.answers].flat()[0] ?? ''), said('b', name)];
    return { good: [ask, answer], bad: [ask, answer, answer, later('a', 0)] };
  }
  if ('once' in then && 'message' in then.once) {
    const before = said(then.once.by === 'peer' ? 'b' : 'a', [then.once.message].flat()[0] ?? '');
    return { good: [before, said('a', name)], bad: [said('a', name), later('b', 0)] };
  }
  throw new Error(`${id} has no example`);
}

function said(by: Said['by'], name: string): Said {
  return { by, name };
}

/** A message of no property, which shows that nothing of that end is missing. */
function later(by: Said['by'], ms: number): Said {
  return { by, name: 'Later', afterMs: ms + 1 };
}

/** Nothing else that `a` has said can be what `b` tells of. */
const ERRORS: Examples = {
  good: [said('a', 'ErrorIndication'), later('b', 1_000)],
  bad: [{ ...said('a', 'ErrorIndication'), afterMs: 1_100 }, said('b', 'ErrorIndication'), later('a', 1_000)],
};

function refusals(failure: string, request: string): Examples {
  const refused: Said = { by: 'b', name: failure, values: { TimeToWait: 'v5s' } };
  const again = (afterMs: number): readonly Said[] => [
    said('a', request),
    refused,
    { by: 'a', name: request, afterMs },
    said('b', failure),
  ];
  return { good: [...again(5_001), later('a', 60_000)], bad: again(4_900) };
}

const SUBSCRIBED = [said('a', 'RICsubscriptionRequest'), said('b', 'RICsubscriptionResponse')];
const DELETED = [said('a', 'RICsubscriptionDeleteRequest'), said('b', 'RICsubscriptionDeleteResponse')];
const HANDED_OVER = [said('b', 'HandoverRequest'), said('a', 'HandoverRequestAcknowledge')];
const COMMANDED = [said('a', 'HandoverRequired'), said('b', 'HandoverCommand')];
const CANCELLED = [...COMMANDED, said('a', 'HandoverCancel'), said('b', 'HandoverCancelAcknowledge')];
const PREPARED = [said('a', 'HandoverRequest'), said('b', 'HandoverRequestAcknowledge')];

const SPECIAL: Readonly<Record<string, Examples>> = {
  'e2ap/indication-subscribed': {
    good: [...SUBSCRIBED, said('b', 'RICindication')],
    bad: [said('b', 'RICindication')],
  },
  'e2ap/indication-ends': {
    good: [...SUBSCRIBED, said('b', 'RICindication'), ...DELETED, later('b', 2_000), later('a', 0)],
    bad: [...SUBSCRIBED, ...DELETED, said('b', 'RICindication'), later('a', 2_000)],
  },
  'ngap/handover-notify-allocated': {
    good: [...HANDED_OVER, said('a', 'HandoverNotify')],
    bad: [said('a', 'HandoverNotify')],
  },
  'ngap/handover-cancel-answered': {
    good: CANCELLED,
    bad: [...COMMANDED, said('a', 'HandoverCancel'), later('b', 5_000)],
  },
  'ngap/handover-cancel-asked': {
    good: CANCELLED,
    bad: [...CANCELLED, said('b', 'HandoverCancelAcknowledge'), later('a', 0)],
  },
  'ngap/handover-cancel-prepared': {
    good: CANCELLED,
    bad: [said('a', 'HandoverCancel'), said('b', 'HandoverCancelAcknowledge')],
  },
  'ngap/uplink-status-commanded': {
    good: [...COMMANDED, said('a', 'UplinkRANStatusTransfer')],
    bad: [said('a', 'UplinkRANStatusTransfer'), later('b', 0)],
  },
  'ngap/downlink-status-allocated': {
    good: [...HANDED_OVER, said('b', 'DownlinkRANStatusTransfer')],
    bad: [said('b', 'DownlinkRANStatusTransfer'), later('a', 0)],
  },
  'xnap/status-transfer-prepared': {
    good: [...PREPARED, said('a', 'SNStatusTransfer')],
    bad: [said('a', 'SNStatusTransfer'), later('b', 0)],
  },
  'xnap/context-release-prepared': {
    good: [...HANDED_OVER, said('a', 'UEContextRelease')],
    bad: [said('a', 'UEContextRelease'), later('b', 0)],
  },
};

function firstName(formula: Formula): string {
  return 'message' in formula ? ([formula.message].flat()[0] ?? '') : '';
}

function refusedIn(then: Formula): string {
  const [first] = 'all' in then ? then.all : [];
  const [, never] = first !== undefined && 'any' in first ? first.any : [];
  return never !== undefined && 'never' in never ? firstName(never.never) : '';
}
