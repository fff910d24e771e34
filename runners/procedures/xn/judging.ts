import { numberOfBits, plmnText } from '../../interfaces/ap/values.ts';
import { cgiText, nodeText, type GlobalNodeId, type ServedCells } from '../../interfaces/xnap/node.ts';
import type { Ies } from '../../interfaces/xnap/types.ts';
import {
  answeredWith,
  broken,
  causeText,
  type Found,
  holds,
  shown,
  undecided,
  unseen,
} from '../ap/judging.ts';
import { openingOf, receivedAfter } from '../ap/seen-messages.ts';
import type { Seen } from '../procedure.ts';
import { HOOK } from '../hook.ts';
import { messagesOf, type SeenMessage, type SeenPdu } from './seen-messages.ts';
import type { MessageName } from '../../interfaces/xnap/types.ts';

/** What came first of those messages in that step or later. */
export function came<Name extends MessageName>(
  pdus: readonly SeenPdu[],
  name: Name,
  since: Pick<SeenPdu, 'n'> | undefined,
): SeenMessage<Name> | undefined {
  return messagesOf(pdus, name, 'received').find(({ n }) => since !== undefined && n > since.n);
}

/** What was sent in a step was answered by that message. */
export function answered(pdus: readonly SeenPdu[], step: string, name: MessageName): Found {
  return answeredWith(pdus, openingOf(pdus, step), [name]);
}

/** The product began what it was made to begin. A hook that says so and a product that does not is the product's fault. */
export function begun(seen: Seen, pdus: readonly SeenPdu[], wanted: Begun): Found {
  const { name, step } = wanted;
  const [first] = messagesOf(pdus, name, 'received').filter((pdu) => pdu.step === step);
  if (first !== undefined) return holds(name, first.n);
  const order = seen.observations.find((each) => each.kind === HOOK && each.step === step);
  return order === undefined
    ? undecided(`no ${name} came in time, and nobody knows whether it was triggered`)
    : broken(`no ${name} came in time although the hook had said that it would`, order.n);
}

export interface Begun {
  readonly name: MessageName;
  readonly step: string;
}

/** A message with identifiers of a UE was objected to: the product has no such context. @see 3GPP TS 38.423 clause 10.6 */
export function unknownUe(pdus: readonly SeenPdu[], step: string): Found {
  const probe = openingOf(pdus, step);
  if (probe === undefined) return unseen('the case did not get there');
  const [error] = messagesOf(receivedAfter(pdus, probe), 'ErrorIndication');
  if (error === undefined) return broken('the product took a message of a UE that it must not know', probe.n);
  const text = causeText(error.message.ies.Cause);
  return text.startsWith('radioNetwork ')
    ? holds(text, probe.n, error.n)
    : broken(`cause ${text}; octets: ${shown(error)}`, probe.n, error.n);
}

/** The same was taken: the product has that context. */
export function knownUe(pdus: readonly SeenPdu[], step: string): Found {
  const probe = openingOf(pdus, step);
  if (probe === undefined) return unseen('the case did not get there');
  const [error] = messagesOf(receivedAfter(pdus, probe), 'ErrorIndication').filter(
    (pdu) => pdu.step === step,
  );
  return error === undefined
    ? holds('it was taken', probe.n)
    : broken(`it was objected to; octets: ${shown(error)}`, probe.n, error.n);
}

export type ShownNode = Pick<
  Ies<'XnSetupResponse'>,
  'GlobalNG-RAN-node-ID' | 'TAISupport-list' | 'List-of-served-cells-NR'
>;

/** The node names itself, under the PLMN that is known. */
export function judgeIdentity({ n }: SeenPdu, id: GlobalNodeId | undefined, plmn: unknown): Found {
  if (id === undefined) return broken('no Global NG-RAN Node ID', n);
  const text = nodeText(id);
  return typeof plmn !== 'string' || text.split(' ')[1] === plmn
    ? holds(text, n)
    : broken(`${text}, but its PLMN is ${plmn}`, n);
}

/** Every cell lies in a tracking area of the list, and broadcasts a PLMN that is supported there. */
export function judgeAreas({ n }: SeenPdu, { 'TAISupport-list': list, ...shownNode }: ShownNode): Found {
  const supported = new Set(
    list.flatMap(({ tac, broadcastPLMNs }) =>
      broadcastPLMNs.map(({ 'plmn-id': plmn }) => areaText(plmn, tac)),
    ),
  );
  const lost = cellsOf(shownNode).filter(
    ({ tac, broadcastPLMN }) => !broadcastPLMN.some((plmn) => supported.has(areaText(plmn, tac))),
  );
  const [first] = lost;
  const what = `tracking areas ${[...supported].join(', ')}`;
  return first === undefined
    ? holds(what, n)
    : broken(`${what}; cell ${cgiText(first.cellID)} is in none of them`, n);
}

function areaText(plmn: Uint8Array, tac: Uint8Array): string {
  return `${plmnText(plmn)}/${Buffer.from(tac).toString('hex')}`;
}

/** No cell is there twice, and each is one of this gNB. */
export function judgeCells({ n }: SeenPdu, shownNode: ShownNode): Found {
  const names = cellsOf(shownNode).map(({ cellID }) => cgiText(cellID));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return broken(`cell ${twice} is there twice`, n);
  const stranger = cellsOf(shownNode).find(({ cellID }) => !isOf(shownNode['GlobalNG-RAN-node-ID'], cellID));
  if (stranger !== undefined)
    return broken(`cell ${cgiText(stranger.cellID)} does not begin with the number of the gNB`, n);
  return names.length === 0
    ? holds('it shows no NR cell', n)
    : holds(`${names.length} cell(s): ${names.slice(0, 4).join(', ')}`, n);
}

type Cell = ServedCells[number]['served-cell-info-NR'];

function cellsOf({ 'List-of-served-cells-NR': list = [] }: Partial<ShownNode>): readonly Cell[] {
  return list.map((item) => item['served-cell-info-NR']);
}

/** The first bits of an NR cell identity are those of its gNB. @see 3GPP TS 38.413 clause 9.3.1.7 */
function isOf(id: GlobalNodeId, { 'nr-CI': cell }: Cell['cellID']): boolean {
  if (!('gNB' in id) || !('gnb-ID' in id.gNB['gnb-id'])) return true;
  const gnb = id.gNB['gnb-id']['gnb-ID'];
  return Math.floor(numberOfBits(cell) / 2 ** (cell.length - gnb.length)) === numberOfBits(gnb);
}
