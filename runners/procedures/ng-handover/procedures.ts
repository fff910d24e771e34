import type { Program } from '../../../src/judge/program.ts';
import type { Procedure } from '../procedure.ts';
import { cancelledHandover } from './cancelled.ts';
import { handover } from './moving.ts';
import { refusedHandover } from './refused.ts';

/** A UE goes from the gNB of one vendor to that of another over their AMF. @param programs the properties of NGAP; read when they are needed first */
export function ngHandoverProcedures(programs: () => readonly Program[]): readonly Procedure[] {
  return [handover(programs), refusedHandover(programs), cancelledHandover(programs)];
}
