import { plmnText } from '../../interfaces/ap/values.ts';
import { cellUpdateIn } from '../../interfaces/xnap/cell-updates.ts';
import { outgoing } from '../../interfaces/xnap/codec.ts';
import {
  cgiOf,
  cgiText,
  nodeText,
  type NrCgi,
  type ServedCells,
  servedCells,
  type XnGnb,
} from '../../interfaces/xnap/node.ts';
import type { AcceptedIes, Ies, Outgoing } from '../../interfaces/xnap/types.ts';
import type { Has } from './defects.ts';

/** Another node, as it showed itself. */
export interface Neighbour {
  readonly name: string;
  readonly plmns: readonly string[];
  /** By their text. */
  readonly cells: Map<string, NrCgi>;
}

type Shown = Pick<
  Ies<'XnSetupRequest'>,
  'GlobalNG-RAN-node-ID' | 'TAISupport-list' | 'List-of-served-cells-NR'
>;

export function neighbourIn(shown: Shown): Neighbour {
  const plmns = shown['TAISupport-list'].flatMap(({ broadcastPLMNs }) =>
    broadcastPLMNs.map(({ 'plmn-id': plmn }) => plmnText(plmn)),
  );
  return {
    name: nodeText(shown['GlobalNG-RAN-node-ID']),
    plmns: [...new Set(plmns)],
    cells: cellsIn(shown['List-of-served-cells-NR']),
  };
}

function cellsIn(list: ServedCells | undefined): Map<string, NrCgi> {
  const cells = (list ?? []).map(({ 'served-cell-info-NR': { cellID } }) => cellID);
  return new Map(cells.map((cell) => [cgiText(cell), cell]));
}

interface Judging {
  readonly node: XnGnb;
  readonly has: Has;
}

/** Why this node wants nothing to do with another one; null when it does. */
export function objection({ node, has }: Judging, { plmns, cells }: Neighbour): string | null {
  if (!plmns.includes(node.plmn) && !has('plmn-mismatch-accepted')) return 'no PLMN in common';
  const twice = duplicateIn(node, cells);
  return twice !== undefined && !has('duplicate-cell-accepted') ? `cell ${twice} is ours` : null;
}

function duplicateIn(node: XnGnb, cells: ReadonlyMap<string, NrCgi>): string | undefined {
  return node.cells.map((cell) => cgiText(cgiOf(cell))).find((own) => cells.has(own));
}

/** @see 3GPP TS 38.423 clause 8.4.2 */
export function answerConfigurationUpdate(
  { node, has }: Judging,
  neighbour: Neighbour,
  update: AcceptedIes<'NGRANNodeConfigurationUpdate'>,
): Outgoing {
  const { added, removed } = changesIn(update.ConfigurationUpdateInitiatingNodeChoice);
  const twice = duplicateIn(node, added);
  if (twice !== undefined && !has('duplicate-cell-accepted'))
    return outgoing('NGRANNodeConfigurationUpdateFailure', { Cause: { misc: 'unspecified' } });
  for (const name of removed) neighbour.cells.delete(name);
  for (const [name, cell] of added) neighbour.cells.set(name, cell);
  return outgoing('NGRANNodeConfigurationUpdateAcknowledge', {
    RespondingNodeTypeConfigUpdateAck: { gNB: { 'served-NR-Cells': servedCells(node) } },
  });
}

interface Changes {
  readonly added: ReadonlyMap<string, NrCgi>;
  readonly removed: readonly string[];
}

function changesIn(choice: Parameters<typeof cellUpdateIn>[0]): Changes {
  const change = cellUpdateIn(choice);
  if (change === undefined) return { added: new Map(), removed: [] };
  const modified = change['served-Cells-ToModify-NR'] ?? [];
  const deleted = change['served-Cells-ToDelete-NR'] ?? [];
  return {
    added: cellsIn([
      ...(change['served-Cells-ToAdd-NR'] ?? []),
      ...modified.map((item) => ({ 'served-cell-info-NR': item['served-cell-info-NR'] })),
    ]),
    removed: [...deleted, ...modified.map((item) => item['old-NR-CGI'])].map(cgiText),
  };
}
