import { pause } from '../../../src/kernel/deadline.ts';
import { cellName, nrcgiOf, servedCell } from '../../interfaces/f1ap/cells.ts';
import { unwrapItems, wrapItems } from '../../interfaces/f1ap/codec.ts';
import { F1 } from '../ap/interfaces/f1.ts';
import {
  answeredOnce,
  broken,
  clausesOf,
  type Found,
  holds,
  undecided,
  unseen,
  wellFormed,
} from '../ap/judging.ts';
import { SETTLE } from '../ap/parameters.ts';
import { seenOn } from '../ap/seen-messages.ts';
import { alive, answeredIn, refusedIn } from '../ap/suite/judging.ts';
import { probe } from '../ap/suite/suite.ts';
import { Blocked, type Procedure, type Seen } from '../procedure.ts';
import { orderProduct } from '../ap/orders.ts';
import { F1_CU_SUITE } from './suites.ts';
import { testerCell } from './tester-cell.ts';
import { type TesterDu, type TesterDuOptions } from './tester-du.ts';
import { BASIC, type CuCpWorld, driveCuCp } from './world.ts';

const { seenPdus, messagesOf } = seenOn(F1);
const KEY = 'f1.prepare';

/** A gNB-DU that has set up. @throws Blocked */
export async function mustSetUp(
  world: CuCpWorld,
  step = 'setup',
  options: Partial<TesterDuOptions> = {},
): Promise<TesterDu> {
  const du = await world.du(step, options);
  if (du !== null && (await du.setUp(step, world.waiting))) return du;
  throw Blocked.precondition('the F1 set-up that the case begins with was not done');
}

async function mustConnect(
  world: CuCpWorld,
  step: string,
  options: Partial<TesterDuOptions> = {},
): Promise<TesterDu> {
  const du = await world.du(step, options);
  if (du === null)
    throw new Blocked({ code: 'SUT_UNREACHABLE', text: 'no association with the product came up' });
  return du;
}

/** TS 38.473 8.2.3: a gNB-DU with one cell sets up. */
export const f1Setup: Procedure = {
  id: 'f1.cu.setup',
  parameters: { ...BASIC, settleMs: SETTLE },
  clauses: ['answered', 'once', 'well-formed', 'activated', 'alive'],
  drive: (bench, { signal }) =>
    driveCuCp(bench, { signal, key: KEY }, async (world) => {
      const du = await mustConnect(world, 'setup');
      await du.setUp('setup', world.waiting);
      await pause(bench.number('settleMs'), { signal });
      await probe(F1_CU_SUITE, world, { link: du.link });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    return {
      clauses: clausesOf({
        answered: answeredIn(pdus, 'setup', ['F1SetupResponse']),
        once: answeredOnce(pdus),
        'well-formed': wellFormed(pdus),
        activated: activated(seen),
        alive: alive(pdus),
      }),
    };
  },
};

/** By the response, or by an update that follows. */
function activated(seen: Seen): Found {
  const pdus = seenPdus(seen.observations);
  const [response] = messagesOf(pdus, 'F1SetupResponse', 'received');
  if (response === undefined) return unseen('there is no response');
  const updates = messagesOf(pdus, 'GNBCUConfigurationUpdate', 'received');
  const lists = [response, ...updates].map(({ message }) => message.ies['Cells-to-be-Activated-List']);
  const named = lists.flatMap((list) => unwrapItems('Cells-to-be-Activated-List-Item', list));
  const names = named.map(({ nRCGI }) => cellName(nRCGI));
  const wanted = cellName(nrcgiOf(testerCell(seen.subjects[0] ?? { ixit: {} })));
  const what = names.length === 0 ? 'no cell is activated' : `${names.join(', ')} activated`;
  return names.length === 1 && names[0] === wanted
    ? holds(what, response.n)
    : broken(`${what}; ${wanted} was offered`, response.n);
}

/** A set-up that cannot be: another PLMN, or a cell that another gNB-DU serves. */
export const f1SetupRefused: Procedure = {
  id: 'f1.cu.setup-refused',
  parameters: BASIC,
  clauses: ['plmn', 'duplicate', 'alive'],
  drive: (bench, { signal }) =>
    driveCuCp(bench, { signal, key: KEY }, async (world) => {
      const cell = testerCell(world.product);
      const foreign = { ...cell, plmn: cell.plmn === '99970' ? '99971' : '99970' };
      const stranger = await mustConnect(world, 'plmn', { id: 5, cells: [foreign] });
      await stranger.setUp('plmn', world.waiting);
      await stranger.link.close();
      const first = await mustSetUp(world);
      const second = await mustConnect(world, 'duplicate', { id: 2 });
      await second.setUp('duplicate', world.waiting);
      await probe(F1_CU_SUITE, world, { link: first.link });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        plmn: refusedIn(pdus, 'plmn', ['radioNetwork plmn-not-served-by-the-gNB-CU']),
        duplicate: refusedIn(pdus, 'duplicate', []),
        alive: alive(pdus),
      }),
    };
  },
};

/** A gNB-DU that was gone without a word comes back while its old association still looks alive. */
export const f1Reconnect: Procedure = {
  id: 'f1.cu.reconnect',
  parameters: BASIC,
  clauses: ['accepted', 'alive'],
  drive: (bench, { signal }) =>
    driveCuCp(bench, { signal, key: KEY }, async (world) => {
      await mustSetUp(world);
      const again = await mustConnect(world, 'again');
      await again.setUp('again', world.waiting);
      await probe(F1_CU_SUITE, world, { link: again.link });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({ accepted: answeredIn(pdus, 'again', ['F1SetupResponse']), alive: alive(pdus) }),
    };
  },
};

/** TS 38.473 8.2.4: cells come, change and go; pages name those that are there. */
export const f1DuUpdate: Procedure = {
  id: 'f1.cu.du-update',
  parameters: BASIC,
  clauses: ['added', 'modified', 'deleted', 'well-formed', 'used'],
  drive: (bench, { signal }) =>
    driveCuCp(bench, { signal, key: KEY }, async (world) => {
      const du = await mustSetUp(world);
      const [first, second] = [testerCell(world.product), testerCell(world.product, 2)];
      const add = wrapItems('Served-Cells-To-Add-Item', [servedCell(second)]);
      const ask = async (step: string, change: object): Promise<void> => {
        const TransactionID = du.link.peer.newTransactionId();
        const ies = { TransactionID, ...change };
        await du.link.request(step, { name: 'GNBDUConfigurationUpdate', ies }, world.waiting);
      };
      await ask('add', { 'Served-Cells-To-Add-List': add });
      const changed = { oldNRCGI: nrcgiOf(second), ...servedCell({ ...second, pci: 77 }) };
      await ask('modify', {
        'Served-Cells-To-Modify-List': wrapItems('Served-Cells-To-Modify-Item', [changed]),
      });
      const gone = [{ oldNRCGI: nrcgiOf(first) }];
      await ask('delete', { 'Served-Cells-To-Delete-List': wrapItems('Served-Cells-To-Delete-Item', gone) });
      const amf = await world.amf();
      const from = du.link.next;
      du.enter('page');
      await amf.page('page');
      const isPage = ({ decoded }: { readonly decoded: { readonly message: { name: string } | null } }) =>
        decoded.message?.name === 'Paging';
      await du.link.waitFor(isPage, { ...world.waiting, from });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const answers = ['GNBDUConfigurationUpdateAcknowledge'];
    return {
      clauses: clausesOf({
        added: answeredIn(pdus, 'add', answers),
        modified: answeredIn(pdus, 'modify', answers),
        deleted: answeredIn(pdus, 'delete', answers),
        'well-formed': wellFormed(pdus),
        used: used(seen),
      }),
    };
  },
};

function used(seen: Seen): Found {
  const pages = messagesOf(seenPdus(seen.observations), 'Paging', 'received');
  const [page] = pages;
  const product = seen.subjects[0] ?? { ixit: {} };
  const wanted = cellName(nrcgiOf(testerCell(product, 2)));
  if (page === undefined) return broken(`no page came, though ${wanted} is there to be paged in`);
  const cells = unwrapItems('PagingCell-Item', page.message.ies['PagingCell-List']);
  const names = cells.map(({ nRCGI }) => cellName(nRCGI));
  const what = `paged in ${names.join(', ')}`;
  return names.length === 1 && names[0] === wanted
    ? holds(what, page.n)
    : broken(`${what} instead of ${wanted}`, page.n);
}

/** TS 38.473 8.2.5: the gNB-CU updates its configuration. */
export const f1CuUpdate: Procedure = {
  id: 'f1.cu.cu-update',
  parameters: BASIC,
  clauses: ['requested', 'well-formed', 'alive'],
  drive: (bench, { signal }) =>
    driveCuCp(bench, { signal, key: KEY }, async (world) => {
      const du = await mustSetUp(world);
      du.enter('update');
      const from = du.link.next;
      const order = { action: 'cuUpdate' };
      const inWords = 'send a gNB-CU CONFIGURATION UPDATE';
      await orderProduct(
        { bench, product: world.product, key: KEY, signal },
        { step: 'update', order, inWords },
      );
      const isUpdate = ({ decoded }: { readonly decoded: { readonly message: { name: string } | null } }) =>
        decoded.message?.name === 'GNBCUConfigurationUpdate';
      await du.link.waitFor(isUpdate, { signal, withinMs: bench.number('triggerWithinMs'), from });
      await probe(F1_CU_SUITE, world, { link: du.link });
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const [update] = messagesOf(pdus, 'GNBCUConfigurationUpdate', 'received');
    return {
      clauses: clausesOf({
        requested:
          update === undefined
            ? undecided('no gNB-CU CONFIGURATION UPDATE came in time')
            : holds('gNB-CU CONFIGURATION UPDATE', update.n),
        'well-formed': wellFormed(pdus),
        alive: alive(pdus),
      }),
    };
  },
};
