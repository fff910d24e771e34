import { numberOfBits, plmnText } from '../../interfaces/ap/values.ts';
import { outgoing } from '../../interfaces/xnap/codec.ts';
import { statusTransfer, type UePair } from '../../interfaces/xnap/handover.ts';
import type { NrCell } from '../../interfaces/xnap/node.ts';
import type { Ies } from '../../interfaces/xnap/types.ts';
import { handoverRequest } from '../../interfaces/xnap/ue-context.ts';
import { Blocked } from '../procedure.ts';
import { cellsShown, isNamed, type XnDriver, type XnLink } from './driver.ts';
import { testerUe } from './tester.ts';

// How the tester hands UEs over to the product.

export interface Taking {
  readonly step: string;
  /** Identifier of the UE at the tester. */
  readonly source: number;
  /** Default: the first cell that the product has shown. */
  readonly cell?: Pick<NrCell, 'plmn' | 'id'>;
}

/** A HANDOVER REQUEST for a cell of the product. @throws Blocked when the product has shown none */
export function requestFor(
  { product, gnb }: Pick<XnDriver, 'product' | 'gnb'>,
  link: XnLink,
  { source, cell }: Pick<Taking, 'source' | 'cell'>,
): Ies<'HandoverRequest'> {
  const [from] = gnb.cells;
  const [shown] = cellsShown(link);
  const to = cell ?? (shown && { plmn: plmnText(shown['plmn-id']), id: numberOfBits(shown['nr-CI']) });
  if (to === undefined || from === undefined)
    throw Blocked.precondition('the product has shown no NR cell to which a UE could go');
  return handoverRequest({ ue: testerUe(product, source), sourceId: source, from, to });
}

/** What came of it: the identifiers of both, when it was acknowledged. */
export async function handOver(driver: XnDriver, link: XnLink, taking: Taking): Promise<UePair | null> {
  const ies = requestFor(driver, link, taking);
  const outcome = await link.request(taking.step, { name: 'HandoverRequest', ies }, driver.waiting);
  const target = outcome.kind === 'successful' ? outcome.message.ies['targetNG-RANnodeUEXnAPID'] : undefined;
  return target === undefined ? null : { source: taking.source, target };
}

/** As above. @throws Blocked when it was not acknowledged */
export async function mustHandOver(driver: XnDriver, link: XnLink, taking: Taking): Promise<UePair> {
  const pair = await handOver(driver, link, taking);
  if (pair === null) throw Blocked.precondition('the product did not take the UE over that the case needs');
  return pair;
}

/** Sends a message about a UE, and waits for what is said against it. */
export async function probeUe(
  { waiting, bench }: Pick<XnDriver, 'waiting' | 'bench'>,
  link: XnLink,
  { step, pair }: { readonly step: string; readonly pair: UePair },
): Promise<void> {
  const from = link.next;
  await link.send(step, outgoing('SNStatusTransfer', statusTransfer(pair)));
  await link.waitFor(isNamed('ErrorIndication'), { ...waiting, withinMs: bench.number('settleMs'), from });
}
