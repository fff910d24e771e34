import type { Equipment } from '../../../src/domain/equipment.ts';
import { isJsonObject } from '../../../src/kernel/json.ts';
import type { Item } from '../../interfaces/e2/types.ts';
import type { RcCommand } from '../../interfaces/e2sm/rc/commands.ts';
import { type ControlOctets, encodeControl } from '../../interfaces/e2sm/rc/control.ts';
import { decodeRcDefinition, type RcDefinition } from '../../interfaces/e2sm/rc/definition.ts';
import { RC_CONTROLS, type RcControl } from '../../interfaces/e2sm/rc/styles.ts';
import { serviceModel } from '../../interfaces/e2sm/service-models.ts';
import { PerError } from '../../interfaces/per/error.ts';
import { answeredWith, broken, clausesOf, type Found, unseen, withCause } from '../ap/judging.ts';
import { answerTo, openingOf } from '../ap/seen-messages.ts';
import { messagesOf, type SeenPdu, seenPdus } from '../e2/seen-messages.ts';
import { Blocked, type Procedure } from '../procedure.ts';
import { notSupported, REQUEST_ID, sliceOfProduct, ueIdOf } from './kpm.ts';
import { driveNode, mustSetUp, type NodeDriver, type Presented } from './node.ts';
import { BASIC } from './parameters.ts';
import { alive } from './alive.ts';

const RESET_AFTER = 'alive';

/** E2TS 6.2.2.5.1: a control that the product offers is done and acknowledged. */
export const controls: readonly Procedure[] = (Object.keys(RC_CONTROLS) as RcControl[]).map((kind) => ({
  id: `e2.node.control-${kind.toLowerCase()}`,
  parameters: BASIC,
  clauses: ['acknowledged'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const presented = await mustSetUp(driver);
      const functionId = mustOffer(presented, kind);
      const { product } = driver;
      const ue = ueIdOf(firstUe(product), product);
      const octets = encodeControl({ ue, command: commandFor(kind, product) });
      await sendControl(driver, presented, { functionId, octets });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const acknowledged = answeredWith(pdus, openingOf(pdus, 'control'), ['RICcontrolAcknowledge']);
    return { clauses: clausesOf({ acknowledged }) };
  },
}));

/** A control whose header and message are no E2SM-RC is refused with a cause, and does no harm. */
export const wrongControl: Procedure = {
  id: 'e2.node.control-invalid',
  parameters: BASIC,
  clauses: ['refused', 'cause', 'alive'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const presented = await mustSetUp(driver);
      const functionId = rcOf(presented)?.id;
      if (functionId === undefined) throw notSupported('the product offers no RAN function of E2SM-RC');
      const octets = { header: Uint8Array.of(0xff, 0xff, 0xff), message: Uint8Array.of(0xff, 0xff) };
      await sendControl(driver, presented, { functionId, octets });
      await alive.drive(driver, presented.link, RESET_AFTER);
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = openingOf(pdus, 'control');
    return {
      clauses: clausesOf({
        refused: answeredWith(pdus, request, ['RICcontrolFailure']),
        cause: judgeCause(pdus, request),
        alive: alive.judge(pdus, RESET_AFTER),
      }),
    };
  },
};

function judgeCause(pdus: readonly SeenPdu[], request: SeenPdu | undefined): Found {
  const answer = request && answerTo(pdus, request);
  const failure = messagesOf(pdus, 'RICcontrolFailure', 'received').find(({ n }) => n === answer?.n);
  if (failure === undefined) return unseen('no RIC CONTROL FAILURE came');
  const { Cause } = failure.message.ies;
  return Cause === undefined ? broken('no cause', failure.n) : withCause(failure, Cause, []);
}

async function sendControl(
  { waiting }: NodeDriver,
  { link }: Presented,
  { functionId, octets }: { readonly functionId: number; readonly octets: ControlOctets },
): Promise<void> {
  const ies = {
    ...{ RICrequestID: REQUEST_ID, RANfunctionID: functionId },
    ...{ RICcontrolHeader: octets.header, RICcontrolMessage: octets.message },
    RICcontrolAckRequest: 'ack',
  } as const;
  await link.request('control', { name: 'RICcontrolRequest', ies }, waiting);
}

interface RcFunction {
  readonly id: number;
  readonly definition: RcDefinition;
}

function rcOf({ functions }: Presented): RcFunction | undefined {
  return functions.flatMap((each) => readRc(each) ?? [])[0];
}

function readRc({
  ranFunctionID: id,
  ranFunctionOID,
  ranFunctionDefinition,
}: Item<'RANfunction-Item'>): RcFunction | null {
  if (serviceModel(ranFunctionOID).name !== 'E2SM-RC') return null;
  try {
    return { id, definition: decodeRcDefinition(ranFunctionDefinition) };
  } catch (error) {
    if (error instanceof PerError) return null;
    throw error;
  }
}

/** @throws Blocked notSupportedByDut */
function mustOffer(presented: Presented, kind: RcControl): number {
  const rc = rcOf(presented);
  const { style, action } = RC_CONTROLS[kind];
  const offered = rc?.definition.controlStyles.find((each) => each.style === style);
  if (rc !== undefined && offered?.actions.some((each) => each.action === action)) return rc.id;
  throw notSupported(`the product offers no E2SM-RC control style ${style}, action ${action}`);
}

function firstUe({ ixit, id }: Equipment): number {
  const told = ixit['e2.ues'];
  const ue = Array.isArray(told) ? told.find((each) => typeof each === 'number') : undefined;
  if (typeof ue === 'number') return ue;
  throw missing(`${id}: ixit e2.ues names no UE that is there`);
}

function commandFor(kind: RcControl, product: Equipment): RcCommand {
  const plmn = product.ixit['plmn'];
  switch (kind) {
    case 'drbQos':
      return { kind, drb: 1, maxDlBitS: 1_000_000, guaranteedDlBitS: 100_000 };
    case 'sliceQuota': {
      const member = { plmn: typeof plmn === 'string' ? plmn : '00101', slice: sliceOfProduct(product) };
      return { kind, policies: [{ members: [member], minPercent: 10, maxPercent: 60, dedicatedPercent: 5 }] };
    }
    case 'handover':
      return { kind, target: targetCell(product) };
  }
}

/** IXIT `e2.targetCell`: `{plmn, id}` of the NR cell to which the first UE can go. */
function targetCell({ ixit, id }: Equipment): { kind: 'nr'; plmn: string; id: number } {
  const told = ixit['e2.targetCell'];
  const { plmn, id: cell } = told !== undefined && isJsonObject(told) ? told : {};
  if (typeof plmn === 'string' && typeof cell === 'number') return { kind: 'nr', plmn, id: cell };
  throw missing(`${id}: ixit e2.targetCell does not say where a UE can be handed over to`);
}

function missing(text: string): Blocked {
  return new Blocked({ code: 'IXIT_MISSING', text }, 'notSupportedByTestbed');
}
