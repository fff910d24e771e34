import type { UeConnection } from '../../interfaces/ap/resets.ts';
import { broken, type Found, holds, undecided } from './judging.ts';
import type { SeenPdu } from './seen-messages.ts';
import { answeredIn } from './suite/judging.ts';

/** Who begins a reset, and whether it is of the whole interface. */
export interface ResetKind {
  readonly id: string;
  readonly by: 'tester' | 'product';
  readonly isPartial: boolean;
}

/** All four, told by the beginning of their ids. */
export function resetKinds(prefix: string): readonly ResetKind[] {
  return [
    { id: `${prefix}.reset`, by: 'tester', isPartial: false },
    { id: `${prefix}.reset-part`, by: 'tester', isPartial: true },
    { id: `${prefix}.own-reset`, by: 'product', isPartial: false },
    { id: `${prefix}.own-reset-part`, by: 'product', isPartial: true },
  ];
}

interface ReadsResets {
  connectionsIn(type: object): readonly UeConnection[] | undefined;
  acknowledgedIn(ies: object): readonly UeConnection[];
}

/** What a reset of the product, or its acknowledgement, has to name; null: nothing, for the whole interface. */
export interface Reset {
  readonly pdus: readonly SeenPdu[];
  readonly resets: ReadsResets;
  readonly wanted: UeConnection | null;
}

/** RESET in step `reset` was acknowledged, for this connection. */
export function acknowledgedReset({ pdus, resets, wanted }: Reset): Found {
  const found = answeredIn(pdus, 'reset', ['ResetAcknowledge']);
  const answer = received(pdus, 'ResetAcknowledge');
  if (wanted === null || found.verdict !== 'pass' || answer === undefined) return found;
  return exactly(resets.acknowledgedIn(answer.decoded.message?.ies ?? {}), wanted, answer.n);
}

/** The product sent RESET, for this connection. */
export function requestedReset({ pdus, resets, wanted }: Reset): Found {
  const request = received(pdus, 'Reset');
  if (request === undefined) return undecided('no RESET came in time');
  const { ResetType: type = {} } = (request.decoded.message?.ies ?? {}) as { readonly ResetType?: object };
  const connections = resets.connectionsIn(type);
  if (wanted !== null) return exactly(connections, wanted, request.n);
  return connections === undefined
    ? holds('RESET of the whole interface', request.n)
    : broken('RESET of some UEs, though the whole interface was to be reset', request.n);
}

function received(pdus: readonly SeenPdu[], name: string): SeenPdu | undefined {
  return pdus.find(({ direction, decoded }) => direction === 'received' && decoded.message?.name === name);
}

/** This connection, and no other. */
function exactly(connections: readonly UeConnection[] | undefined, wanted: UeConnection, n: number): Found {
  const what =
    connections === undefined
      ? 'the whole interface'
      : `${connections.length} connection(s): ${connections.map(shown).join(', ')}`;
  const [only, ...others] = connections ?? [];
  const isRight =
    only !== undefined &&
    others.length === 0 &&
    (only.upper ?? wanted.upper) === wanted.upper &&
    (only.lower ?? wanted.lower) === wanted.lower;
  return isRight ? holds(what, n) : broken(`${what} instead of ${shown(wanted)}`, n);
}

function shown({ upper, lower }: UeConnection): string {
  return `${upper ?? 'none'}/${lower ?? 'none'}`;
}
