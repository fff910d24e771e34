import { expect, it } from 'vitest';
import { targetToSource } from '../../../../../runners/interfaces/ngap/containers.ts';
import { transportInformation } from '../../../../../runners/interfaces/ngap/transfers.ts';
import {
  type Allocated,
  handoverCommand,
  type Wanted,
} from '../../../../../runners/simulators/amf/handover-messages.ts';

const IDS = { 'AMF-UE-NGAP-ID': 1, 'RAN-UE-NGAP-ID': 2 };
const [DOWN, FORWARDED] = [1, 2].map((teid) => transportInformation({ host: '192.0.2.1', teid })) as [
  ReturnType<typeof transportInformation>,
  ReturnType<typeof transportInformation>,
];

/** One session, of whose two flows the target takes the first one's data while the UE is on its way. */
function anAllocation(): Allocated {
  return {
    ...IDS,
    PDUSessionResourceAdmittedList: [
      {
        pDUSessionID: 5,
        handoverRequestAcknowledgeTransfer: {
          'dL-NGU-UP-TNLInformation': DOWN,
          'dLForwardingUP-TNLInformation': FORWARDED,
          qosFlowSetupResponseList: [
            { qosFlowIdentifier: 1, dataForwardingAccepted: 'data-forwarding-accepted' },
            { qosFlowIdentifier: 2 },
          ],
        },
      },
    ],
    'TargetToSource-TransparentContainer': targetToSource(Uint8Array.of(1)),
  };
}

function transferFor(handoverRequiredTransfer: object): unknown {
  const wanted: Wanted = { PDUSessionResourceListHORqd: [{ pDUSessionID: 5, handoverRequiredTransfer }] };
  const { ies } = handoverCommand(IDS, wanted, anAllocation());
  const [item] = (ies as { PDUSessionResourceHandoverList: { handoverCommandTransfer: unknown }[] })
    .PDUSessionResourceHandoverList;
  return item?.handoverCommandTransfer;
}

it('tells a source that has a direct path where the target takes what it sends on', () => {
  expect(transferFor({ directForwardingPathAvailability: 'direct-path-available' })).toEqual({
    'dLForwardingUP-TNLInformation': FORWARDED,
    qosFlowToBeForwardedList: [{ qosFlowIdentifier: 1 }],
  });
});

it('tells a source without one of no tunnel: the UPF has none for an indirect path', () => {
  expect(transferFor({})).toEqual({});
});
