import { cellName, type SeenCell, seenCell, servedCells } from '../../interfaces/f1ap/cells.ts';
import { unwrapItems } from '../../interfaces/f1ap/codec.ts';
import type { Ies } from '../../interfaces/f1ap/types.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import {
  broken,
  clausesOf,
  type Found,
  holds,
  undecided,
  unseen,
  wellFormed,
  worstOf,
} from '../ap/judging.ts';
import { seenOn } from '../ap/seen-messages.ts';
import type { Procedure } from '../procedure.ts';
import { BASIC, driveDu } from './driver.ts';
import { systemInformation } from './setup.ts';
import { connect } from './ue.ts';

const { seenPdus, messagesOf } = seenOn(F1);
type Pdus = ReturnType<typeof seenPdus>;
type Update = Partial<Ies<'GNBDUConfigurationUpdate'>>;

const IN_WORDS = {
  add: 'add a cell',
  modify: 'change the cell that it added',
  deactivate: 'take the cell that it added out of service',
  delete: 'delete the cell that it added',
} as const;
type Change = keyof typeof IN_WORDS;
const CHANGES = Object.keys(IN_WORDS) as readonly Change[];

/** TS 38.473 8.2.4: a cell of the gNB-DU comes, changes, is out of service and goes. */
export const duUpdate: Procedure = {
  id: 'f1.du.du-update',
  parameters: BASIC,
  clauses: ['added', 'modified', 'deactivated', 'deleted', 'used', 'well-formed'],
  drive: (bench, { signal }) =>
    driveDu(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const withinMs = bench.number('triggerWithinMs');
      for (const change of CHANGES) {
        const from = link.next;
        link.enter(change);
        const order = { action: 'duUpdate', change };
        await driver.order({ step: change, order, inWords: IN_WORDS[change] });
        await link.waitFor(({ decoded }) => decoded.message?.name === 'GNBDUConfigurationUpdate', {
          ...{ signal, withinMs, from },
        });
      }
      await connect(driver, link, 'used');
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        added: updated(pdus, 'add', added),
        modified: updated(pdus, 'modify', modified),
        deactivated: updated(pdus, 'deactivate', deactivated),
        deleted: updated(pdus, 'delete', deleted),
        used: used(pdus),
        'well-formed': wellFormed(pdus),
      }),
    };
  },
};

interface Seen {
  readonly update: Update;
  readonly n: number;
  /** Names of the cells that there were before it. */
  readonly served: readonly string[];
}

function updated(pdus: Pdus, change: Change, judge: (seen: Seen) => Found): Found {
  if (!pdus.some(({ step }) => step === 'setup')) return unseen('F1 was not set up');
  const found = messagesOf(pdus, 'GNBDUConfigurationUpdate', 'received').find(({ step }) => step === change);
  if (found === undefined) return undecided('no gNB-DU CONFIGURATION UPDATE came in time');
  return judge({ update: found.message.ies, n: found.n, served: servedBefore(pdus, found.n) });
}

/** The cells that the gNB-DU has told of, and not deleted, by then. */
function servedBefore(pdus: Pdus, n: number): readonly string[] {
  const [request] = messagesOf(pdus, 'F1SetupRequest', 'received');
  const names = new Set(
    request === undefined ? [] : servedCells(request.message.ies).map(({ name }) => name),
  );
  for (const update of messagesOf(pdus, 'GNBDUConfigurationUpdate', 'received')) {
    if (update.n >= n) break;
    const { ies } = update.message;
    for (const cell of cellsAdded(ies)) names.add(cell.name);
    for (const name of [...cellsModified(ies).map(({ old }) => old), ...cellsDeleted(ies)])
      names.delete(name);
    for (const { cell } of cellsModified(ies)) names.add(cell.name);
  }
  return [...names];
}

function cellsAdded(update: Update): readonly SeenCell[] {
  return unwrapItems('Served-Cells-To-Add-Item', update['Served-Cells-To-Add-List']).map(seenCell);
}

function cellsModified(update: Update): readonly { readonly old: string; readonly cell: SeenCell }[] {
  return unwrapItems('Served-Cells-To-Modify-Item', update['Served-Cells-To-Modify-List']).map((each) => ({
    ...{ old: cellName(each.oldNRCGI), cell: seenCell(each) },
  }));
}

function cellsDeleted(update: Update): readonly string[] {
  return unwrapItems('Served-Cells-To-Delete-Item', update['Served-Cells-To-Delete-List']).map(
    ({ oldNRCGI }) => cellName(oldNRCGI),
  );
}

/** A cell that was not there, with system information that can be read. */
function added({ update, n, served }: Seen): Found {
  const cells = cellsAdded(update);
  const twice = cells.find(({ name }) => served.includes(name));
  if (twice !== undefined) return broken(`${twice.name} is there already`, n);
  return worstOf(
    cells.map((cell) => systemInformation(cell, n)),
    'no cell is added',
  );
}

function modified({ update, n, served }: Seen): Found {
  return known(
    cellsModified(update).map(({ old }) => old),
    { n, served, none: 'no cell is modified' },
  );
}

function deleted({ update, n, served }: Seen): Found {
  return known(cellsDeleted(update), { n, served, none: 'no cell is deleted' });
}

function deactivated({ update, n, served }: Seen): Found {
  const states = unwrapItems('Cells-Status-Item', update['Cells-Status-List']);
  const isOut = states.some((each) => each['service-status']['service-state'] === 'out-of-service');
  const names = isOut ? states.map(({ nRCGI }) => cellName(nRCGI)) : [];
  return known(names, { n, served, none: 'no cell is out of service' });
}

/** All of these cells are there. */
function known(
  names: readonly string[],
  { n, served, none }: Omit<Seen, 'update'> & { readonly none: string },
): Found {
  if (names.length === 0) return broken(none, n);
  const strange = names.filter((name) => !served.includes(name));
  return strange.length === 0
    ? holds(names.join(', '), n)
    : broken(`${strange.join(', ')}, of which nothing was told`, n);
}

/** A UE comes in a cell that is there. */
function used(pdus: Pdus): Found {
  const came = messagesOf(pdus, 'InitialULRRCMessageTransfer', 'received').find(
    ({ step }) => step === 'used',
  );
  const { NRCGI: cell } = came?.message.ies ?? {};
  if (came === undefined || cell === undefined) return undecided('no UE came');
  const served = servedBefore(pdus, came.n);
  const name = cellName(cell);
  return served.includes(name)
    ? holds(`a UE came in ${name}`, came.n)
    : broken(`a UE came in ${name}; there is ${served.join(', ')}`, came.n);
}
