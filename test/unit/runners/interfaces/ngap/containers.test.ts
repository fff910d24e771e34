import { expect, it } from 'vitest';
import {
  sourceToTarget,
  sourceToTargetIn,
  targetToSource,
  targetToSourceIn,
} from '../../../../../runners/interfaces/ngap/containers.ts';
import { numberIn } from '../../../../../runners/interfaces/ngap/values.ts';
import {
  handoverCommand,
  handoverPreparation,
} from '../../../../../runners/interfaces/rrc/handover-messages.ts';

const leaving = {
  rrc: handoverPreparation(),
  from: { plmn: '00101', id: 0x1001 },
  to: { plmn: '00101', id: 0x2001 },
  stayedS: 99_999.5,
  sessions: [{ id: 5, flows: [1, 2] }],
};

it('hands the target what the source knows, with a time in the cell that fits in', () => {
  const read = sourceToTargetIn(sourceToTarget(leaving));
  expect(read?.rRCContainer).toEqual(leaving.rrc);
  const to = read?.['targetCell-ID'];
  expect(to !== undefined && 'nR-CGI' in to ? numberIn(to['nR-CGI'].nRCellIdentity) : null).toBe(0x2001);
  const [stay] = read?.uEHistoryInformation ?? [];
  expect(stay?.lastVisitedCellInformation).toMatchObject({ nGRANCell: { timeUEStayedInCell: 4_095 } });
  expect(read?.pDUSessionResourceInformationList).toMatchObject([
    { pDUSessionID: 5, qosFlowInformationList: [{ qosFlowIdentifier: 1 }, { qosFlowIdentifier: 2 }] },
  ]);
});

it('hands the source the command for the UE', () => {
  expect(targetToSourceIn(targetToSource(handoverCommand(2)))?.rRCContainer).toEqual(handoverCommand(2));
});

it('takes octets that are no container for none', () => {
  expect(sourceToTargetIn(Uint8Array.of(0xff, 0xff))).toBeNull();
  expect(targetToSourceIn(sourceToTarget(leaving).subarray(0, 2))).toBeNull();
});
