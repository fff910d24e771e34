import type { Program } from '../../../src/judge/program.ts';
import type { Measurement } from '../../../src/domain/case-record.ts';
import type { Outgoing } from '../../interfaces/ngap/types.ts';
import { SETTLE } from '../ap/parameters.ts';
import { releaseSession } from '../ng-gnb/handover-required.ts';
import { TIMES } from '../ng-gnb/parameters.ts';
import { aStatusTo } from '../ng-gnb/serving.ts';
import type { Procedure } from '../procedure.ts';
import { ARRIVAL, arrivalFindings, arrivedAt, COMMAND } from './arrival.ts';
import {
  answered,
  ASK,
  asking,
  judgedPair,
  releasedAt,
  seenPair,
  type SeenPair,
  SPEAKING,
} from './findings.ts';
import { forwardingRemarks, forwardingRight, lost } from './forwarding.ts';
import { driveHandover, type HandoverPair } from './pair.ts';
import { SOURCE } from './sides.ts';

const MS_PER_S = 1_000;

/** TS 38.413 8.4.1 to 8.4.3, 8.4.6, 8.4.7, 8.3.3; TS 23.502 4.9.1.3: a UE goes from one product to the other. */
export function handover(programs: () => readonly Program[]): Procedure {
  return {
    id: 'ng.handover',
    parameters: { ...TIMES, settleMs: SETTLE, source: SOURCE },
    clauses: [
      ...[
        'required',
        'target',
        'sessions',
        'container',
        'allocated',
        'tunnel',
        'forwarding',
        'command',
        'status',
      ],
      ...['notified', 'packet', 'served', 'released', 'forgotten', ...SPEAKING],
    ],
    drive: (bench, { signal }) => driveHandover(bench, { signal }, move),
    judge: (seen) => {
      const pair = seenPair(seen);
      const asked = asking(pair);
      const findings = {
        ...asked,
        allocated: answered(pair, asked, 'HandoverRequestAcknowledge'),
        forwarding: forwardingRight(pair),
        ...arrivalFindings(pair),
        ...releasedAt(pair, 'source'),
      };
      return judgedPair(pair, findings, {
        ...{ programs: programs(), remarks: forwardingRemarks(pair) },
        measurements: [...interruption(pair), ...lost(pair)],
      });
    },
  };
}

async function move(pair: HandoverPair): Promise<void> {
  const { bench, source, target, ue, cell } = pair;
  await pair.ping('before');
  const { connection: left } = ue;
  const from = { source: source.link.next, target: target.link.next };
  if (left === null || !(await pair.begin(cell))) return;
  const command = await pair.command();
  // Nobody can arrive who was not told to go.
  await source.driver.settle(bench.number('settleMs'));
  if (command === null || (await pair.arrives({ from: from.target, withinMs: 0 }))) return;
  await leave(pair, command, from.source);
  const tellOfProbe = pair.probe();
  // An arrival that the AMF cannot tell whose it is moves nobody.
  if (!(await arrive(pair, from.target)) || ue.connection === left) return;
  await source.driver.awaits(source.link, 'UEContextReleaseComplete', { from: from.source });
  await pair.ping('after');
  tellOfProbe();
  await releaseSession({ ...target, ue });
  const ids = { 'AMF-UE-NGAP-ID': left.amfUeId, 'RAN-UE-NGAP-ID': left.ranUeId };
  await source.driver.provoke(source.link, ASK, aStatusTo(ids));
}

async function leave({ source: { driver, link } }: HandoverPair, command: Outgoing, from: number) {
  driver.enter(COMMAND);
  await link.send(COMMAND, command);
  await driver.awaits(link, 'UplinkRANStatusTransfer', { from });
}

/** A UE that has come of itself need not be told; without a hook it does, or does not. @throws Blocked when the hook cannot do it */
async function arrive(pair: HandoverPair, from: number): Promise<boolean> {
  const { driver } = pair.target;
  if (await pair.arrives({ from, withinMs: 0 })) return true;
  await driver.order(ARRIVAL, { action: 'arrive' }, 'have the UE arrive that was handed over to it');
  return pair.arrives({ from, withinMs: driver.triggerMs });
}

/** From the command to the notice of the arrival: what a UE is nowhere for, and the time that its orders took. */
function interruption(pair: SeenPair): readonly Measurement[] {
  const { command, notify } = arrivedAt(pair);
  return command === undefined || notify === undefined || notify.n < command.n
    ? []
    : [{ name: 'interruption', value: Math.round((notify.t - command.t) * MS_PER_S), unit: 'ms' }];
}
