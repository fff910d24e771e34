import type { Procedure } from '../../runners/procedures/procedure.ts';
import { SELF_PROCEDURES } from '../../runners/procedures/self/procedures.ts';
import type { Simulator } from '../../runners/simulators/simulator.ts';

/** Every procedure of this release, by its id: what plans may name. */
export const PROCEDURES: ReadonlyMap<string, Procedure> = new Map(
  [...SELF_PROCEDURES].map((procedure) => [procedure.id, procedure]),
);

const OWN_SIMULATORS: readonly Simulator[] = [];

/** Every simulator of this release, by its name: what may stand for equipment or fill a peer. */
export const SIMULATORS: ReadonlyMap<string, Simulator> = new Map(
  OWN_SIMULATORS.map((simulator) => [simulator.name, simulator]),
);

export const CATALOGUE = { procedures: PROCEDURES, simulators: SIMULATORS } as const;
