import { answeredWith, clausesOf, type Found, unseen, wellFormed } from '../ap/judging.ts';
import { RESPONSE_TIME } from '../ap/parameters.ts';
import { cameIn } from '../ng/judging.ts';
import { messagesOf, seenPdus } from '../ng/seen-messages.ts';
import { factsIn } from '../ng/ue-facts.ts';
import type { Procedure } from '../procedure.ts';
import { type AmfDriver, driveAmf } from './amf-driver.ts';
import {
  CAPABILITY,
  capabilitiesTold,
  DATA,
  dataSeen,
  idsIn,
  nextHops,
  passedOn,
  releasedAt,
} from './handover-judging.ts';
import { moveTo, type Moving, prepare, readyToMove, watch } from './handover-tester.ts';
import { pingTarget } from './sessions.ts';

// The tester is both nodes, and the UE that goes from one to the other.

const PARAMETERS = { responseTimeMs: RESPONSE_TIME };
const POLL_MS = 5;
const [PREPARATION, ARRIVAL] = ['preparation', 'arrival'] as const;
/** As the driver names the association of the first node. */
const AT_SOURCE = 'gnb';

/** TS 38.413 8.4.1 to 8.4.3, 8.4.6, 8.4.7, TS 23.502 4.9.1.3: a UE goes to another node, and its data goes after it. */
export const handover: Procedure = {
  id: 'ng.amf.handover',
  parameters: PARAMETERS,
  clauses: ['requested', 'commanded', 'status', 'released', 'data', 'end-marker', 'well-formed'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const to = pingTarget(bench);
      const moving = await readyToMove(driver);
      const { source, target, ue } = moving;
      const [before] = ue.ran.sessions.values();
      const atTarget = watch(target);
      if (!(await prepare(moving, PREPARATION))) return;
      await atTarget('DownlinkRANStatusTransfer');
      const atSource = watch(source);
      moveTo(moving, ARRIVAL);
      await atSource('UEContextReleaseCommand');
      const pingMs = await ue.ping('data', to);
      const hasEnded = (): boolean => before !== undefined && source.gnb.userPlane.hasEnded(before);
      await untilTrue(driver, hasEnded);
      bench.observe('data', DATA, { pingMs, endMarker: hasEnded() });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const required = messagesOf(pdus, 'HandoverRequired', 'sent')[0];
    const isDone = cameIn(pdus, PREPARATION, 'HandoverCommand') !== undefined;
    const ids = idsIn(pdus, 'HandoverRequired');
    const later = (found: () => Found): Found => (isDone ? found() : unseen('no handover was commanded'));
    return {
      clauses: clausesOf({
        requested: passedOn(pdus, {
          ...{ from: 'HandoverRequired', to: 'HandoverRequest' },
          element: 'SourceToTarget-TransparentContainer',
        }),
        commanded: isDone
          ? passedOn(pdus, {
              ...{ from: 'HandoverRequestAcknowledge', to: 'HandoverCommand' },
              element: 'TargetToSource-TransparentContainer',
            })
          : answeredWith(pdus, required, ['HandoverCommand']),
        status: passedOn(pdus, {
          ...{ from: 'UplinkRANStatusTransfer', to: 'DownlinkRANStatusTransfer' },
          element: 'RANStatusTransfer-TransparentContainer',
        }),
        released: later(() =>
          ids === null
            ? unseen('nothing was prepared')
            : releasedAt(pdus, { association: AT_SOURCE, step: ARRIVAL, ids }),
        ),
        data: dataSeen(seen, 'pingMs', 'no answer to a ping came where the UE has arrived'),
        'end-marker': dataSeen(seen, 'endMarker', 'no end marker came where the UE was'),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

async function untilTrue(driver: AmfDriver, check: () => boolean): Promise<void> {
  for (const end = performance.now() + driver.withinMs; !check() && performance.now() < end;)
    await driver.settle(POLL_MS);
}

/** TS 33.501 6.7.3.2, 6.9.2.3.3: there and back, with the capabilities of the UE and fresh next hops each time. */
export const handoverSecurity: Procedure = {
  id: 'ng.amf.handover-security',
  parameters: PARAMETERS,
  clauses: ['capabilities', 'next-hop', 'fresh'],
  drive: (bench, { signal }) =>
    driveAmf(bench, { signal }, async (driver) => {
      const there = await readyToMove(driver);
      const { source, target, ue } = there;
      const octets = Buffer.from(ue.ran.ue.capability).toString('hex');
      bench.observe('registration', CAPABILITY, { octets });
      for (const [step, moving] of [
        ['there', there],
        ['back', { ue, source: target, target: source }],
      ] as const satisfies readonly (readonly [string, Moving])[]) {
        if (!(await prepare(moving, step))) return;
        const atSource = watch(moving.source);
        moveTo(moving, step);
        await atSource('UEContextReleaseCommand');
      }
    }),
  judge: (seen) => {
    const facts = factsIn(seen);
    return {
      clauses: clausesOf({
        capabilities: capabilitiesTold(seenPdus(seen.observations), seen),
        'next-hop': nextHops(facts, 'isSameKey', 'the NH is not that of the UE'),
        fresh: nextHops(facts, 'isFresh', 'that one was in use already'),
      }),
    };
  },
};
