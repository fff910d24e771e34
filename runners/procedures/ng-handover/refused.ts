import type { Program } from '../../../src/judge/program.ts';
import { outgoing } from '../../interfaces/ngap/codec.ts';
import { SETTLE } from '../ap/parameters.ts';
import { HANDOVER, releaseSession } from '../ng-gnb/handover-required.ts';
import { TIMES } from '../ng-gnb/parameters.ts';
import type { Procedure } from '../procedure.ts';
import { answered, asking, judgedPair, keptAtSource, seenPair, SPEAKING } from './findings.ts';
import { driveHandover, type HandoverPair } from './pair.ts';
import { SOURCE } from './sides.ts';

const NOT_THERE = { radioNetwork: 'ho-failure-in-target-5GC-ngran-node-or-target-system' } as const;

/** TS 38.413 8.4.1.3, 8.4.2.3: the UE is to go to a cell that the target has not. It says so, and the UE stays. */
export function refusedHandover(programs: () => readonly Program[]): Procedure {
  return {
    id: 'ng.handover.refused',
    parameters: { ...TIMES, settleMs: SETTLE, source: SOURCE },
    clauses: ['required', 'target', 'sessions', 'container', 'refused', 'kept', ...SPEAKING],
    drive: (bench, { signal }) =>
      driveHandover(bench, { signal }, async (pair) => {
        const { source, ue, strangeCell } = pair;
        if (!(await pair.begin(strangeCell))) return;
        if ((await pair.command()) !== null) await refuse(pair);
        await source.driver.settle(bench.number('settleMs'));
        if (ue.connection !== null) await releaseSession({ ...source, ue });
      }),
    judge: (seen) => {
      const pair = seenPair(seen);
      const asked = asking(pair);
      const findings = {
        ...asked,
        refused: answered(pair, asked, 'HandoverFailure'),
        kept: keptAtSource(pair),
      };
      return judgedPair(pair, findings, { programs: programs() });
    },
  };
}

/** The target has admitted the UE all the same: the source hears that nothing comes of it. */
async function refuse({ source, ue }: HandoverPair): Promise<void> {
  const { connection } = ue;
  if (connection === null) return;
  source.driver.amf.handovers.abandon(ue, NOT_THERE);
  const ids = { 'AMF-UE-NGAP-ID': connection.amfUeId, 'RAN-UE-NGAP-ID': connection.ranUeId };
  await source.link.send(HANDOVER, outgoing('HandoverPreparationFailure', { ...ids, Cause: NOT_THERE }));
}
