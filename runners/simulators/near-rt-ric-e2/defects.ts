import type { Outgoing } from '../../interfaces/e2/answers.ts';
import { messageRule, unwrapItems, wrapItems } from '../../interfaces/e2/messages.ts';
import type { DecodedPdu } from '../../interfaces/e2/codec.ts';
import type { AnyMessage, Ies } from '../../interfaces/e2/types.ts';
import { E2AP_PPID } from '../../interfaces/e2/codec.ts';
import type { Behaviour, Faulty } from './behaviour.ts';
import type { Session } from './session.ts';

interface Defect {
  /** What it does wrong. */
  readonly says: string;
  readonly change: (right: Behaviour) => Partial<Behaviour>;
}

const RIGHT: Behaviour = {
  ppid: E2AP_PPID,
  answers: (right) => right,
  faults: (standard) => standard,
  hears: () => true,
  keepsSubscriptions: false,
  limit: 'refuse',
  retries: false,
  checksXapps: true,
  checksIndications: true,
  limitsRate: true,
  readsShortTime: false,
};

const UPDATES: readonly AnyMessage['name'][] = [
  'RICserviceUpdate',
  'E2nodeConfigurationUpdate',
  'E2RemovalRequest',
];

export const E2_RIC_DEFECTS = {
  'setup-answered-twice': {
    says: 'answers an E2 SETUP REQUEST twice',
    change: answers((right, { name }) => (name === 'E2setupRequest' ? [...right, ...right] : right)),
  },
  'setup-without-ric-id': {
    says: 'leaves the mandatory Global RIC ID out of its E2 SETUP RESPONSE',
    change: answers((right) => right.map((each) => without(each, 'E2setupResponse', 'GlobalRIC-ID'))),
  },
  'wrong-transaction-id': {
    says: 'answers updates and removals with another transaction identifier',
    change: answers((right, { name }) => (UPDATES.includes(name) ? right.map(otherTransaction) : right)),
  },
  'ignores-criticality': {
    says: 'takes messages with unknown elements as if their criticality were no matter',
    change: faults((standard, { entry, take }) => {
      const findings = entry.comprehension?.findings ?? [];
      const isStrange = findings.some(({ kind }) => kind === 'notUnderstood');
      return isStrange && entry.decoded.message !== null ? take(entry.decoded.message) : standard;
    }),
  },
  'silent-after-function-0': {
    says: 'accepts RAN function 0 and answers nothing from then on',
    change: functionZero,
  },
  'ppid-0': {
    says: 'sends everything with payload protocol identifier 0',
    change: () => ({ ppid: 0 }),
  },
  'aborts-on-malformed': {
    says: 'aborts the association when a message cannot be decoded',
    change: faults((standard, { entry, session }) => {
      if (entry.decoded.faults.length === 0) return standard;
      session.peer.association.abort('malformed message');
      return null;
    }),
  },
  'ignores-malformed': {
    says: 'says nothing about messages that cannot be decoded',
    change: faults((standard, { entry }) => (entry.decoded.faults.length > 0 ? null : standard)),
  },
  'crashes-on-malformed': {
    says: 'crashes on a message that cannot be decoded',
    change: faults((standard, { entry }) => {
      // The product is gone, as after a fault in it: no answer, no tear-down.
      if (entry.decoded.faults.length > 0) process.exit(71);
      return standard;
    }),
  },
  'endless-retries': {
    says: 'asks again for a subscription that was refused, without end',
    change: () => ({ retries: true }),
  },
  'no-association-limit': {
    says: 'accepts any number of associations',
    change: () => ({ limit: 'none' }),
  },
  'flood-drops-oldest': {
    says: 'gives up the oldest association when there are too many',
    change: () => ({ limit: 'drop-oldest' }),
  },
  'reads-short-time': {
    says: 'reads the time stamp of KPM headers as 4 octets instead of 8 and loses what was measured',
    change: () => ({ readsShortTime: true }),
  },
  'takes-any-value': {
    says: 'takes measured values that cannot be true',
    change: () => ({ checksIndications: false }),
  },
  'no-rate-limit': {
    says: 'takes indications at any rate',
    change: () => ({ limitsRate: false }),
  },
  'reset-keeps-subscriptions': {
    says: 'answers a reset and goes on with the subscriptions',
    change: () => ({ keepsSubscriptions: true }),
  },
  'forgets-components': {
    says: 'acknowledges a configuration update without the components in it',
    change: answers((right) =>
      right.map((each) =>
        without(each, 'E2nodeConfigurationUpdateAcknowledge', 'E2nodeComponentConfigAdditionAck'),
      ),
    ),
  },
  'deaf-after-empty-element': {
    says: 'hears nothing more on an association once it got an unknown element without contents',
    change: (before) => ({
      hears: (decoded) => before.hears(decoded) && !hasEmptyStranger(decoded),
    }),
  },
  'forwards-anything': {
    says: 'subscribes for an application without looking at what it asked for',
    change: () => ({ checksXapps: false }),
  },
} as const satisfies Record<string, Defect>;

export type E2RicDefect = keyof typeof E2_RIC_DEFECTS;

/** The right behaviour with these defects. */
export function behaviourWith(defects: readonly string[]): Behaviour {
  const chosen = Object.entries<Defect>(E2_RIC_DEFECTS).filter(([name]) => defects.includes(name));
  return chosen.reduce<Behaviour>((right, [, { change }]) => ({ ...right, ...change(right) }), RIGHT);
}

type Change = (right: Behaviour) => Partial<Behaviour>;

function answers(
  alter: (right: readonly Outgoing[], message: AnyMessage, session: Session) => readonly Outgoing[],
): Change {
  return (before) => ({
    answers: (right, message, session) => alter(before.answers(right, message, session), message, session),
  });
}

function faults(alter: (standard: Outgoing | null, faulty: Faulty) => Outgoing | null): Change {
  return (before) => ({ faults: (standard, faulty) => alter(before.faults(standard, faulty), faulty) });
}

/** Whatever the messages are called, the elements are known by their names. */
function altered({ name, ies }: Outgoing, change: Readonly<Record<string, unknown>>): Outgoing {
  return { name, ies: { ...ies, ...change } } as unknown as Outgoing;
}

function without(message: Outgoing, name: Outgoing['name'], element: string): Outgoing {
  return message.name === name ? altered(message, { [element]: undefined }) : message;
}

function otherTransaction(message: Outgoing): Outgoing {
  const { TransactionID } = message.ies as { readonly TransactionID?: number };
  return TransactionID === undefined
    ? message
    : altered(message, { TransactionID: (TransactionID + 7) % 256 });
}

function functionZero(before: Behaviour): Partial<Behaviour> {
  const silent = new WeakSet<Session>();
  return {
    faults: (standard, faulty) => (silent.has(faulty.session) ? null : before.faults(standard, faulty)),
    answers: (right, message, session) => {
      if (silent.has(session)) return [];
      const all = before.answers(right, message, session);
      if (message.name !== 'E2setupRequest' || !offersZero(message.ies)) return all;
      silent.add(session);
      return all.map((each) => (each.name === 'E2setupResponse' ? acceptingZero(each) : each));
    },
  };
}

function offersZero({ RANfunctionsAdded }: Partial<Ies<'E2setupRequest'>>): boolean {
  return unwrapItems('RANfunction-Item', RANfunctionsAdded).some(({ ranFunctionID }) => ranFunctionID === 0);
}

function acceptingZero(response: Extract<Outgoing, { readonly name: 'E2setupResponse' }>): Outgoing {
  const { RANfunctionsAccepted, RANfunctionsRejected } = response.ies;
  const accepted = unwrapItems('RANfunctionID-Item', RANfunctionsAccepted);
  const rejected = unwrapItems('RANfunctionIEcause-Item', RANfunctionsRejected).filter(
    ({ ranFunctionID }) => ranFunctionID !== 0,
  );
  const zero = { ranFunctionID: 0, ranFunctionRevision: 1 };
  return altered(response, {
    RANfunctionsAccepted: wrapItems('RANfunctionID-Item', [zero, ...accepted]),
    RANfunctionsRejected: rejected.length === 0 ? undefined : wrapItems('RANfunctionIEcause-Item', rejected),
  });
}

/** A reader that goes back to where the element began, for it took no octet, and never comes out of there. */
function hasEmptyStranger({ message }: DecodedPdu): boolean {
  if (message === null) return false;
  const { places } = messageRule(message.name);
  return message.elements.some(
    ({ id, value }) => !places.has(id) && value instanceof Uint8Array && value.length === 0,
  );
}
