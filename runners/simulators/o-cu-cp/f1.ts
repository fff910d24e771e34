import type { EntryIn } from '../../interfaces/ap/peer.ts';
import {
  errorIndication,
  failure,
  outgoing,
  PROTOCOL,
  unwrapItems,
  wrapItems,
} from '../../interfaces/f1ap/codec.ts';
import { cellName, type SeenCell, seenCell, servedCells } from '../../interfaces/f1ap/cells.ts';
import type { UeConnection } from '../../interfaces/ap/resets.ts';
import { RESETS } from '../../interfaces/f1ap/resets.ts';
import type { AcceptedMessage, AnyAccepted, F1apShape, Outgoing } from '../../interfaces/f1ap/types.ts';
import type { ApMessage } from '../../interfaces/ap/types.ts';
import type { CuCpHas } from './defects.ts';
import { type Session, Sessions } from './sessions.ts';

/** A gNB-DU that has set up. */
export interface Du {
  readonly id: number;
  readonly cells: Map<string, SeenCell>;
}
export type F1Session = Session<F1apShape, Du>;

export interface F1Deps {
  readonly has: CuCpHas;
  readonly plmn: string;
  /** Whether a gNB-DU may come. */
  readonly isServing: () => boolean;
  readonly maxAssociations: number;
  readonly answerWithinMs: number;
  readonly say: (text: string) => void;
  /** UE-associated messages, and whatever is about UEs. */
  ue(session: F1Session, message: AnyAccepted, entry: EntryIn<F1apShape>): readonly Outgoing[];
  /** The UEs of a gNB-DU are gone, all of them or those of these connections. */
  readonly lost: (session: F1Session, connections?: readonly UeConnection[]) => void;
}

const RRC_VERSION = { 'latest-RRC-Version': { bits: Uint8Array.of(0), length: 3 } };

/** F1 of a gNB-CU, as far as it is not about UEs. @see TS 38.473 clause 8.2 */
export class F1Server {
  readonly sessions: Sessions<F1apShape, Du>;
  readonly #deps: F1Deps;

  constructor(deps: F1Deps) {
    const { has, say, answerWithinMs, maxAssociations: most } = deps;
    this.#deps = deps;
    this.sessions = new Sessions<F1apShape, Du>({
      ...{ protocol: PROTOCOL, has, most, answerWithinMs, say },
      answer: (session, message, entry) => this.#answer(session, message, entry),
      ended: (session) => deps.lost(session),
    });
  }

  #answer(session: F1Session, message: AnyAccepted, entry: EntryIn<F1apShape>): readonly Outgoing[] {
    if (message.name === 'F1SetupRequest') return [this.#setUp(session, message)];
    if (message.name === 'ErrorIndication') return [];
    const { known: du } = session;
    if (du === null) return [early(message, entry)];
    switch (message.name) {
      case 'GNBDUConfigurationUpdate':
        return [this.#update(session, du, message)];
      case 'Reset':
        return [this.#reset(session, message)];
      case 'F1RemovalRequest':
        session.known = null;
        this.#deps.lost(session);
        return [outgoing('F1RemovalResponse', { TransactionID: message.ies.TransactionID })];
      default:
        return this.#deps.ue(session, message, entry);
    }
  }

  #setUp(session: F1Session, message: AcceptedMessage<'F1SetupRequest'>): Outgoing {
    const { has, plmn, isServing } = this.#deps;
    const { TransactionID, 'gNB-DU-ID': id } = message.ies;
    if (!isServing()) return refused(message, { radioNetwork: 'plmn-not-served-by-the-gNB-CU' });
    const cells = servedCells(message.ies);
    const others = this.sessions.known.filter((each) => each !== session);
    const before = others.find(({ known }) => known.id === id);
    if (before !== undefined && has('reconnect-refused')) return refused(message, { misc: 'unspecified' });
    if (!cells.every(({ plmns }) => plmns.includes(plmn)) && !has('plmn-mismatch-accepted'))
      return refused(message, { radioNetwork: 'plmn-not-served-by-the-gNB-CU' });
    const taken = others.filter((each) => each !== before).flatMap(({ known }) => [...known.cells.keys()]);
    if (cells.some(({ name }) => taken.includes(name)) && !has('duplicate-cell-accepted'))
      return refused(message, { radioNetwork: 'cell-not-available' });
    // The gNB-DU has come back: its old association is dead, whatever it looks like.
    if (before !== undefined) {
      (before as F1Session).known = null;
      this.#deps.lost(before);
      before.peer.association.abort('replaced');
    }
    session.known = { id, cells: new Map(cells.map((cell) => [cell.name, cell])) };
    this.#deps.say(`F1 setup by gNB-DU ${id}`);
    return outgoing('F1SetupResponse', {
      ...{ TransactionID, 'gNB-CU-Name': 'cu-1', 'GNB-CU-RRC-Version': RRC_VERSION },
      ...(cells.length === 0 ? {} : { 'Cells-to-be-Activated-List': toActivate(cells) }),
    });
  }

  #update(session: F1Session, du: Du, { ies }: AcceptedMessage<'GNBDUConfigurationUpdate'>): Outgoing {
    const added = unwrapItems('Served-Cells-To-Add-Item', ies['Served-Cells-To-Add-List']).map(seenCell);
    const modified = unwrapItems('Served-Cells-To-Modify-Item', ies['Served-Cells-To-Modify-List']);
    const deleted = unwrapItems('Served-Cells-To-Delete-Item', ies['Served-Cells-To-Delete-List']);
    if (!this.#deps.has('forgets-update')) {
      for (const cell of added) du.cells.set(cell.name, cell);
      for (const each of modified) {
        du.cells.delete(cellName(each.oldNRCGI));
        const cell = seenCell(each);
        du.cells.set(cell.name, cell);
      }
      for (const { oldNRCGI } of deleted) du.cells.delete(cellName(oldNRCGI));
    }
    session.known = du;
    return outgoing('GNBDUConfigurationUpdateAcknowledge', {
      TransactionID: ies.TransactionID,
      ...(added.length === 0 ? {} : { 'Cells-to-be-Activated-List': toActivate(added) }),
    });
  }

  #reset(session: F1Session, { ies }: AcceptedMessage<'Reset'>): Outgoing {
    const { has, lost } = this.#deps;
    const named = RESETS.connectionsIn(ies.ResetType);
    if (!has('reset-half-done')) lost(session, has('partial-reset-as-full') ? undefined : named);
    return outgoing('ResetAcknowledge', RESETS.acknowledge(ies));
  }

  /** It resets the interface, or the connections of some UEs: they are gone for both. @see clause 8.2.1.2.2 */
  async beginReset(session: F1Session, connections?: readonly UeConnection[]): Promise<void> {
    const { has, lost } = this.#deps;
    const named = has('partial-reset-as-full') ? undefined : connections;
    if (!has('own-reset-half-done')) lost(session, named);
    await session.send(outgoing('Reset', RESETS.request(session.peer.newTransactionId(), named)));
  }
}

function toActivate(cells: readonly SeenCell[]) {
  return wrapItems(
    'Cells-to-be-Activated-List-Item',
    cells.map(({ nrcgi, pci }) => ({ nRCGI: nrcgi, nRPCI: pci })),
  );
}

type Cause = Parameters<typeof failure>[1];

function refused(message: ApMessage, cause: Cause): Outgoing {
  const answer = failure(message, cause);
  if (answer === null) throw new TypeError(`${message.name} has no failure`);
  return answer;
}

/** Nothing can be done before F1 is set up. */
function early(message: ApMessage, entry: EntryIn<F1apShape>): Outgoing {
  const cause = 'message-not-compatible-with-receiver-state';
  return failure(message, { protocol: cause }) ?? errorIndication(entry.decoded, cause);
}

/** Cells of one tracking area. */
export function cellsOf(
  dus: readonly Du[],
  { plmn, tac }: { plmn: string; tac: number | null },
): readonly SeenCell[] {
  return dus.flatMap(({ cells }) =>
    [...cells.values()].filter((cell) => cell.plmns.includes(plmn) && (tac === null || cell.tac === tac)),
  );
}
