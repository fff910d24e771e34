import { outgoing } from '../../interfaces/ngap/codec.ts';
import { targetToSource } from '../../interfaces/ngap/containers.ts';
import { transportInformation } from '../../interfaces/ngap/transfers.ts';
import { handoverCommand as rrcCommand } from '../../interfaces/rrc/handover-messages.ts';
import type { AmfUe, Connection, HandoverDesk } from '../../simulators/amf/core.ts';
import { handoverCommand, preparationFailure, type Wanted } from '../../simulators/amf/handover-messages.ts';

/** What the node says that a UE of the product goes to. */
export type Says = 'command' | 'refuse' | 'nothing';

const NCC = 2;
const NO_ROOM = { radioNetwork: 'ho-failure-in-target-5GC-ngran-node-or-target-system' } as const;
/** What goes down is of no interest: nobody arrives there. */
const NOWHERE = transportInformation({ host: '192.0.2.1', teid: 1 });

/** The tester as AMF, and behind it as the node that a UE of the product goes to. */
export function testerDesk(says: Says): HandoverDesk {
  return {
    required: ({ connection }, ies) => {
      if (connection === null || says === 'nothing') return;
      const ids = idsOf(connection);
      connection.link.post(
        says === 'refuse'
          ? preparationFailure(ids, NO_ROOM)
          : handoverCommand(ids, ies, allocatedFor(ids['AMF-UE-NGAP-ID'], ies)),
      );
    },
    cancelled: ({ connection }: AmfUe) =>
      connection?.link.post(outgoing('HandoverCancelAcknowledge', idsOf(connection))),
    // Whoever drives the case looks for these, and releases.
    statusTold: () => undefined,
    notified: () => true,
    releaseAsked: () => false,
    abandon: () => undefined,
    sourceGone: () => undefined,
    targetGone: () => undefined,
  };
}

function idsOf({ amfUeId, ranUeId }: Connection) {
  return { 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': ranUeId };
}

/** All sessions are admitted. The command for the UE changes nothing but its keys. */
function allocatedFor(
  amfUeId: number,
  { PDUSessionResourceListHORqd: list = [] }: Wanted,
): Parameters<typeof handoverCommand>[2] {
  return {
    ...{ 'AMF-UE-NGAP-ID': amfUeId, 'RAN-UE-NGAP-ID': 1 },
    PDUSessionResourceAdmittedList: list.map(({ pDUSessionID }) => ({
      pDUSessionID,
      handoverRequestAcknowledgeTransfer: {
        'dL-NGU-UP-TNLInformation': NOWHERE,
        qosFlowSetupResponseList: [{ qosFlowIdentifier: 1 }],
      },
    })),
    'TargetToSource-TransparentContainer': targetToSource(rrcCommand(NCC)),
  };
}
