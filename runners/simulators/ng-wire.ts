import type { EntryIn } from '../interfaces/ap/peer.ts';
import { NGAP_PPID } from '../interfaces/ngap/codec.ts';
import type { Ies, NgapShape, Outgoing } from '../interfaces/ngap/types.ts';

// What AMF and gNB do alike on NG, whatever their messages mean: the right way, or with defects.

export interface FaultyMessage {
  readonly entry: EntryIn<NgapShape>;
  /** Acts on it as if it were right. */
  readonly take: () => void;
}

export interface NgWire {
  readonly ppid: number;
  /** What goes out instead of a message; none: it is kept back. */
  readonly sends: (message: Outgoing) => readonly Outgoing[];
  /** What goes out because a message breaks the rules. */
  readonly faults: (standard: Outgoing | null, faulty: FaultyMessage) => Outgoing | null;
}

export const RIGHT_NG_WIRE: NgWire = {
  ppid: NGAP_PPID,
  sends: (message) => [message],
  faults: (standard) => standard,
};

type Change = (before: NgWire) => Partial<NgWire>;

export const NG_WIRE_DEFECTS = {
  'ignores-criticality': {
    says: 'takes messages with unknown elements as if their criticality were no matter',
    change: faults((standard, { entry, take }) => {
      const isStrange = (entry.comprehension?.findings ?? []).some(({ kind }) => kind === 'notUnderstood');
      if (!isStrange || entry.decoded.message === null) return standard;
      take();
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
  'ppid-0': {
    says: 'sends everything with payload protocol identifier 0',
    change: (): Partial<NgWire> => ({ ppid: 0 }),
  },
} as const;

/** The defect that changes, or keeps back, what goes out. */
export function sends(alter: (message: Outgoing) => readonly Outgoing[]): Change {
  return (before) => ({ sends: (message) => before.sends(message).flatMap(alter) });
}

/** The defect that keeps back messages of that name. */
export function keepsBack(name: Outgoing['name']): Change {
  return sends((message) => (message.name === name ? [] : [message]));
}

/** The defect that changes elements of messages of that name. */
export function changes<Name extends Outgoing['name']>(
  name: Name,
  change: (ies: Ies<Name>) => Partial<Ies<Name>>,
): Change {
  return sends((message) => {
    if (message.name !== name) return [message];
    const ies = message.ies as Ies<Name>;
    return [{ name, ies: { ...ies, ...change(ies) } } as unknown as Outgoing];
  });
}

function faults(alter: (standard: Outgoing | null, faulty: FaultyMessage) => Outgoing | null): Change {
  return (before) => ({ faults: (standard, faulty) => alter(before.faults(standard, faulty), faulty) });
}

/** Of a message of that name, all but one element; others as they are. */
export function without(message: Outgoing, name: Outgoing['name'], element: string): Outgoing {
  return message.name === name
    ? ({ name, ies: { ...message.ies, [element]: undefined } } as unknown as Outgoing)
    : message;
}
