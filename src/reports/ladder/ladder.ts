import type { Role } from '../../domain/plan.ts';
import type { MessageKind, TraceMessage } from '../../domain/trace-message.ts';

/** Who spoke, and what was said, in the order and with the words in which a diagram shows it. */
export interface Ladder {
  /** A lane each, in the order in which they came up; those of a chain from the UE to the core. */
  readonly parties: readonly string[];
  readonly steps: readonly LadderStep[];
  /** Messages that have no place. */
  readonly more: number;
}

export interface LadderStep {
  /** Seconds since the trace began, with three digits. */
  readonly time: string;
  /** Places in `parties`. */
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly look: LadderLook;
  /** For whoever wants to know more. */
  readonly details: string;
}

export const LADDER_LOOKS = ['ask', 'done', 'refused', 'other', 'faulty'] as const;
export type LadderLook = (typeof LADDER_LOOKS)[number];

export interface LadderLimits {
  readonly maxMessages: number;
  /** Messages of further ones are left out and counted. */
  readonly maxParties: number;
}

export const REPORT_LIMITS: LadderLimits = { maxMessages: 60, maxParties: 6 };

const LOOKS = { initiating: 'ask', successful: 'done', unsuccessful: 'refused' } as const satisfies Record<
  MessageKind,
  LadderLook
>;

/** The diagram of a trace; its beginning, when it is too long. */
export function makeLadder(
  trace: readonly TraceMessage[],
  { maxMessages, maxParties }: LadderLimits,
): Ladder {
  const parties = inOrder([...new Set(trace.flatMap(({ from, to }) => [from, to]))]).slice(0, maxParties);
  const steps: LadderStep[] = [];
  for (const message of trace) {
    const [from, to] = [parties.indexOf(message.from), parties.indexOf(message.to)];
    if (from < 0 || to < 0 || steps.length >= maxMessages) continue;
    steps.push({ ...{ from, to }, ...wordsOf(message) });
  }
  return { parties, steps, more: trace.length - steps.length };
}

const WAY = ['ue', 'o-ru', 'o-du', 'o-cu-cp', 'o-cu-up', 'gnb', 'amf', 'upf'] as const satisfies Role[];
const FROM_UE_TO_CORE: readonly string[] = WAY;

/** Two stand as they came up. */
function inOrder(parties: readonly string[]): readonly string[] {
  const isChain = parties.length > 2 && parties.every((party) => FROM_UE_TO_CORE.includes(party));
  if (!isChain) return parties;
  return parties.toSorted((one, other) => FROM_UE_TO_CORE.indexOf(one) - FROM_UE_TO_CORE.indexOf(other));
}

function wordsOf(message: TraceMessage): Omit<LadderStep, 'from' | 'to'> {
  const { t, name, protocol, kind, faults, octets, ppid, stream } = message;
  const about = [
    ...(protocol === '' ? [] : [protocol]),
    ...(kind === undefined ? [] : [kind]),
    `${octets} octets`,
    ...(stream === undefined ? [] : [`stream ${stream}`]),
    ...(ppid === undefined ? [] : [`PPID ${ppid}`]),
  ];
  return {
    time: t.toFixed(3),
    name: name === '' ? 'not read' : name,
    look: faults.length > 0 ? 'faulty' : kind === undefined ? 'other' : LOOKS[kind],
    details: [
      `${t.toFixed(3)} s: ${message.from} → ${message.to}: ${name}`,
      about.join(', '),
      ...faults,
    ].join('\n'),
  };
}
