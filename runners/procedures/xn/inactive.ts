import { isJsonObject } from '../../../src/kernel/json.ts';
import { bitsOf } from '../../interfaces/ap/values.ts';
import { cgiOf } from '../../interfaces/xnap/node.ts';
import type { Ies } from '../../interfaces/xnap/types.ts';
import { broken, clausesOf, type Found, holds, unseen, withCause } from '../ap/judging.ts';
import { notOffered } from '../ap/preparation.ts';
import { answerTo, openingOf } from '../ap/seen-messages.ts';
import type { Procedure } from '../procedure.ts';
import { driveXn, isNamed, type XnDriver } from './driver.ts';
import { answered, begun } from './judging.ts';
import { BASIC, TRIGGERED } from './parameters.ts';
import { messagesOf, seenPdus } from './seen-messages.ts';

const NEW_ID = 5_001;

/** A UE that was left inactive, as it shows itself where it comes back. */
interface Inactive {
  /** 40 bits. */
  readonly iRnti: number;
  /** 16 bits. */
  readonly mac: number;
}

/** IXIT `xn.inactiveUe`: `{iRnti, mac}` of a UE that the product knows. @throws Blocked */
function inactiveUe({ product }: XnDriver): Inactive {
  const told = product.ixit['xn.inactiveUe'];
  const { iRnti, mac } = told !== undefined && isJsonObject(told) ? told : {};
  if (typeof iRnti === 'number' && typeof mac === 'number') return { iRnti, mac };
  throw notOffered(`${product.id}: ixit xn.inactiveUe does not name a UE that is inactive`);
}

function retrieval({ gnb }: XnDriver, { iRnti, mac }: Inactive): Ies<'RetrieveUEContextRequest'> {
  const [cell] = gnb.cells;
  if (cell === undefined) throw new TypeError('the tester has a cell');
  return {
    'newNG-RANnodeUEXnAPID': NEW_ID,
    UEContextID: {
      rRCResume: {
        'i-rnti': { 'i-RNTI-full': bitsOf(iRnti, 40) },
        'allocated-c-rnti': bitsOf(0x1234, 16),
        accessPCI: { nr: cell.pci },
      },
    },
    'MAC-I': bitsOf(mac, 16),
    'new-NG-RAN-Cell-Identity': { nr: cgiOf(cell)['nr-CI'] },
  };
}

/** TS 38.423 8.2.4: whoever shows that it is the UE gets its context moved, and nobody else. */
export const contextRetrieval: Procedure = {
  id: 'xn.gnb.retrieve-context',
  parameters: BASIC,
  clauses: ['unknown', 'wrong-mac', 'wrong-mac-cause', 'given'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      const ue = inactiveUe(driver);
      const link = await driver.ready();
      const ask = async (step: string, shown: Inactive): Promise<void> => {
        const ies = retrieval(driver, shown);
        await link.request(step, { name: 'RetrieveUEContextRequest', ies }, driver.waiting);
      };
      await ask('unknown', { ...ue, iRnti: (ue.iRnti + 0x1_0000) % 2 ** 40 });
      await ask('wrong-mac', { ...ue, mac: ue.mac ^ 1 });
      await ask('given', ue);
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const asked = openingOf(pdus, 'wrong-mac');
    const answer = asked && answerTo(pdus, asked);
    const [failed] = messagesOf(pdus, 'RetrieveUEContextFailure', 'received').filter(
      ({ n }) => n === answer?.n,
    );
    return {
      clauses: clausesOf({
        unknown: answered(pdus, 'unknown', 'RetrieveUEContextFailure'),
        'wrong-mac': answered(pdus, 'wrong-mac', 'RetrieveUEContextFailure'),
        'wrong-mac-cause':
          failed === undefined
            ? unseen('there is no failure')
            : withCause(failed, failed.message.ies.Cause, []),
        given: answered(pdus, 'given', 'RetrieveUEContextResponse'),
      }),
    };
  },
};

/** TS 38.423 8.2.5: data has come for an inactive UE, and the neighbours are asked to page it. */
export const paging: Procedure = {
  id: 'xn.gnb.paging',
  parameters: TRIGGERED,
  clauses: ['paged', 'syntax', 'area'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const inWords = 'page a UE that is inactive';
      const from = await driver.order(link, { step: 'page', order: { action: 'page' }, inWords });
      const withinMs = bench.number('triggerWithinMs');
      await link.waitFor(isNamed('RANPaging'), { signal, withinMs, from });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const [page] = messagesOf(pdus, 'RANPaging', 'received');
    const none = unseen('no RAN PAGING came');
    const [finding] = page?.comprehension.findings ?? [];
    return {
      clauses: clausesOf({
        paged: begun(seen, pdus, { name: 'RANPaging', step: 'page' }),
        syntax:
          page === undefined
            ? none
            : finding === undefined
              ? holds('all that must be there is there', page.n)
              : broken(finding.text, page.n),
        area: page === undefined ? none : judgeArea(page.n, page.message.ies.RANPagingArea),
      }),
    };
  },
};

function judgeArea(n: number, area: Partial<Ies<'RANPaging'>>['RANPagingArea']): Found {
  if (area === undefined) return broken('no paging area', n);
  const { rANPagingAreaChoice: where } = area;
  if ('cell-List' in where) return holds(`${where['cell-List'].length} cell(s)`, n);
  return 'rANAreaID-List' in where
    ? holds(`${where['rANAreaID-List'].length} area(s)`, n)
    : broken('a kind of area that came later', n);
}
