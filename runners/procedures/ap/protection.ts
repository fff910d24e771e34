import { pause } from '../../../src/kernel/deadline.ts';
import { HarnessError } from '../../../src/kernel/errors.ts';
import type { Json } from '../../../src/kernel/json.ts';
import type { SctpAssociation } from '../../interfaces/sctp/types.ts';
import type { EspSeen, SegmentSeen } from '../../interfaces/trace/segment-reader.ts';
import type { Bench, ParameterSpec, Procedure, Seen } from '../procedure.ts';
import { broken, clausesOf, type Found, holds, unseen } from './judging.ts';
import { SETTLE } from './parameters.ts';
import { nothingTakenAgain, sayAgain } from './segment-replay.ts';
import { openTap } from './segment-tap.ts';

const STEP = 'segment';
/** Kind of an observation of what passed on a segment: {@link SegmentSeen}. */
const SEGMENT = 'segment';

export interface Speaking {
  readonly signal: AbortSignal;
  /** To be called with the association while that is up, once everything was said. */
  readonly whileUp: (association: SctpAssociation) => Promise<void>;
}

export interface ProtectionCase {
  readonly id: string;
  /** As the equipment file calls the interface. */
  readonly interface: string;
  readonly parameters: Readonly<Record<string, ParameterSpec>>;
  /** Has the product say something on that interface. */
  readonly speak: (bench: Bench, options: Speaking) => Promise<void>;
}

/**
 * TS 33.523, TS 33.511: what leaves a site is protected, so nobody between the sites can read it or say it again. Looked at from outside,
 * by a tap between the security gateways; where packets can be put onto the segment, what was said is said again.
 */
export function transportProtection({ id, interface: name, parameters, speak }: ProtectionCase): Procedure {
  return {
    id,
    parameters: { ...parameters, settleMs: SETTLE },
    clauses: ['protected', 'no-clear-text', 'sequence', 'replay'],
    drive: async (bench, { signal }) => {
      const [product] = bench.subjects;
      if (product === undefined) throw new HarnessError('PLAN_INVALID', 'the plan has no subject');
      await using tap = await openTap(product, name, { signal });
      const whileUp = (association: SctpAssociation): Promise<void> =>
        sayAgain({ bench, step: STEP, interface: name, tap, association }, { signal });
      await speak(bench, { signal, whileUp });
      await pause(bench.number('settleMs'), { signal });
      bench.observe(STEP, SEGMENT, { ...(await tap.end()) } as unknown as Json);
    },
    judge: (seen) => ({ clauses: clausesOf(found(seen)) }),
  };
}

function found(seen: Seen): Readonly<Record<string, Found>> {
  const observation = seen.observations.find(({ kind }) => kind === SEGMENT);
  if (observation === undefined) {
    const none = unseen('the segment was not tapped');
    return { protected: none, 'no-clear-text': none, sequence: none, replay: none };
  }
  const segment = observation.data as unknown as SegmentSeen;
  const { n } = observation;
  return {
    protected: isProtected(segment, n),
    'no-clear-text': nothingReadable(segment, n),
    sequence: countedOn(segment.esp, n),
    replay: nothingTakenAgain(seen, segment),
  };
}

function isProtected({ esp, dtls }: SegmentSeen, n: number): Found {
  const packets = sum(esp.map((association) => association.packets - association.readable));
  if (packets + dtls > 0) return holds(`${packets} packet(s) of ESP, ${dtls} message(s) in DTLS`, n);
  return broken('nothing that passed was protected', n);
}

function nothingReadable({ frames, clear, esp }: SegmentSeen, n: number): Found {
  if (frames === 0) return unseen('nothing passed at the tap');
  const shown = Object.entries(clear).map(([protocol, count]) => `${count} of ${protocol}`);
  const readable = sum(esp.map((association) => association.readable));
  if (readable > 0) shown.push(`${readable} packet(s) of ESP that ciphers nothing`);
  return shown.length === 0
    ? holds(`${frames} frame(s), no message can be read`, n)
    : broken(`can be read: ${shown.join(', ')}`, n);
}

/** RFC 4303 3.3.3: a receiver can only tell what is said again when the sender counts on. */
function countedOn(esp: readonly EspSeen[], n: number): Found {
  if (esp.length === 0) return unseen('there was no ESP');
  const stuck = esp.filter(({ repeated }) => repeated > 0);
  if (stuck.length === 0) return holds(`${esp.length} security association(s), each counting on`, n);
  const [{ spi, to, repeated }] = stuck as [EspSeen];
  return broken(`SPI ${spi} to ${to}: ${repeated} packet(s) with a sequence number that was used before`, n);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
