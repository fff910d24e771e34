import type { Program } from '../../../src/judge/program.ts';
import { broken, holds, unseen } from '../ap/judging.ts';
import { SETTLE } from '../ap/parameters.ts';
import { came } from '../ng/judging.ts';
import { HANDOVER, releaseSession } from '../ng-gnb/handover-required.ts';
import { TIMES } from '../ng-gnb/parameters.ts';
import { aStatusTo, type UeIds } from '../ng-gnb/serving.ts';
import type { Finding } from '../ap-pair/findings.ts';
import type { Procedure } from '../procedure.ts';
import { arrivedAt } from './arrival.ts';
import {
  acknowledgeIn,
  answered,
  ASK,
  asking,
  judgedPair,
  keptAtSource,
  of,
  releasedAt,
  seenPair,
  type SeenPair,
  SPEAKING,
} from './findings.ts';
import { driveHandover, type HandoverPair } from './pair.ts';
import { SOURCE } from './sides.ts';

/** TS 38.413 8.4.1.4, 8.4.5: the command does not come in time. The source cancels, the target forgets, and the UE stays. */
export function cancelledHandover(programs: () => readonly Program[]): Procedure {
  return {
    id: 'ng.handover.cancelled',
    parameters: { ...TIMES, settleMs: SETTLE, source: SOURCE },
    clauses: [
      ...[
        'required',
        'target',
        'sessions',
        'container',
        'allocated',
        'waiting',
        'cancelled',
        'released',
        'forgotten',
      ],
      ...['kept', ...SPEAKING],
    ],
    drive: (bench, { signal }) => driveHandover(bench, { signal }, untilCancelled),
    judge: (seen) => {
      const pair = seenPair(seen);
      const asked = asking(pair);
      const findings = {
        ...asked,
        allocated: answered(pair, asked, 'HandoverRequestAcknowledge'),
        waiting: waiting(pair),
        cancelled: cancelled(pair),
        ...releasedAt(pair, 'target'),
        kept: keptAtSource(pair),
      };
      return judgedPair(pair, findings, { programs: programs() });
    },
  };
}

async function untilCancelled(pair: HandoverPair): Promise<void> {
  const { bench, source, target, ue, cell } = pair;
  const from = { source: source.link.next, target: target.link.next };
  if (!(await pair.begin(cell)) || (await pair.command()) === null) return;
  const { driver } = source;
  await driver.settle(bench.number('settleMs'));
  if (await pair.arrives({ from: from.target, withinMs: 0 })) return;
  const cancel = await driver.awaits(source.link, 'HandoverCancel', {
    ...{ from: from.source, withinMs: driver.triggerMs },
  });
  if (cancel !== null) await driver.awaits(target.link, 'UEContextReleaseComplete', { from: from.target });
  await driver.settle(bench.number('settleMs'));
  if (ue.connection !== null) await releaseSession({ ...source, ue });
  if (cancel !== null) await askAbout(pair, from.target);
}

/** Whether the target still knows the UE for which it had admitted all. */
async function askAbout({ target: { driver, link } }: HandoverPair, from: number): Promise<void> {
  const admitted = await driver.awaits(link, 'HandoverRequestAcknowledge', { from });
  const ids = (admitted?.decoded.message?.ies ?? {}) as Partial<UeIds>;
  const { 'AMF-UE-NGAP-ID': amf, 'RAN-UE-NGAP-ID': ran } = ids;
  if (amf === undefined || ran === undefined) return;
  await driver.provoke(link, ASK, aStatusTo({ 'AMF-UE-NGAP-ID': amf, 'RAN-UE-NGAP-ID': ran }));
}

/** No UE comes that nobody has told to go. */
function waiting(pair: SeenPair): Finding {
  const allocated = acknowledgeIn(pair);
  if (allocated === undefined) return unseen('nothing was prepared');
  const { notify } = arrivedAt(pair);
  const found =
    notify === undefined
      ? holds('nobody has arrived', allocated.n)
      : broken('HANDOVER NOTIFY of a UE that nobody has told to go', allocated.n, notify.n);
  return of(pair, 'target', found);
}

function cancelled(pair: SeenPair): Finding {
  if (waiting(pair).verdict !== 'pass') return unseen('there was nothing to cancel');
  return of(pair, 'source', came(pair.source, HANDOVER, 'HandoverCancel'));
}
