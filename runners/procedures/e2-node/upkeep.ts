import { unwrapItems, wrapItems } from '../../interfaces/e2/messages.ts';
import type { InitiatingName, MessageName } from '../../interfaces/e2/types.ts';
import {
  answeredWith,
  broken,
  clausesOf,
  type Found,
  holds,
  shown,
  undecided,
  unseen,
} from '../ap/judging.ts';
import { openingOf, seenEvents } from '../ap/seen-messages.ts';
import { messagesOf, seenPdus, type SeenPdu } from '../e2/seen-messages.ts';
import { outgoing } from '../../interfaces/e2/answers.ts';
import type { Procedure, Seen } from '../procedure.ts';
import { componentFault } from './component-check.ts';
import { driveNode, mustSetUp, type TriggeredProcedure } from './node.ts';
import { BASIC, SETTLE, TRIGGER_WITHIN } from './parameters.ts';

/** E2TS 6.2.1.4.1 and 6.2.1.4.2: a service query is answered by a service update; with a list, by what differs from it. */
export const serviceQueries: readonly Procedure[] = [false, true].map((isListed) => ({
  id: isListed ? 'e2.node.service-query-listed' : 'e2.node.service-query',
  parameters: { ...BASIC, settleMs: SETTLE },
  clauses: ['updated', 'syntax', 'listed'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const { link, functions } = await mustSetUp(driver);
      const known = functions.map(({ ranFunctionID, ranFunctionRevision }) => ({
        ranFunctionID,
        ranFunctionRevision,
      }));
      const query = {
        TransactionID: 5,
        ...(isListed ? { RANfunctionsAccepted: wrapItems('RANfunctionID-Item', known) } : {}),
      };
      const from = link.next;
      await link.send('query', outgoing('RICserviceQuery', query));
      await link.waitFor(isNamed('RICserviceUpdate'), { ...driver.waiting, from });
    }),

  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const query = openingOf(pdus.filter(isNamedPdu('RICserviceQuery')), 'query');
    const update = query && messagesOf(pdus, 'RICserviceUpdate', 'received').find(({ n }) => n > query.n);
    if (query === undefined || update === undefined) {
      const why = query === undefined ? 'the query was not sent' : 'no RIC SERVICE UPDATE came in time';
      const updated = query === undefined ? unseen(why) : broken(why, query.n);
      return { clauses: clausesOf({ updated, syntax: unseen(why), listed: unseen(why) }) };
    }
    const [request] = messagesOf(pdus, 'E2setupRequest', 'received');
    const presented = unwrapItems('RANfunction-Item', request?.message.ies.RANfunctionsAdded).length;
    const added = unwrapItems('RANfunction-Item', update.message.ies.RANfunctionsAdded).length;
    const wanted = isListed ? 0 : presented;
    return {
      clauses: clausesOf({
        updated: holds('a RIC SERVICE UPDATE came', query.n, update.n),
        syntax: judgeSyntax(update),
        listed:
          added === wanted
            ? holds(`${added} RAN function(s) added`, update.n)
            : broken(
                `${added} RAN function(s) added instead of ${wanted}; octets: ${shown(update)}`,
                update.n,
              ),
      }),
    };
  },
}));

interface Own {
  readonly id: string;
  readonly triggered: TriggeredProcedure;
  readonly inWords: string;
  readonly message: InitiatingName;
  readonly judge: (pdu: SeenPdu) => Found;
}

const OWN: readonly Own[] = [
  {
    id: 'e2.node.own-service-update',
    triggered: 'serviceUpdate',
    inWords: 'update one of its RAN functions',
    message: 'RICserviceUpdate',
    judge: (pdu) => {
      const ies = messagesOf([pdu], 'RICserviceUpdate')[0]?.message.ies;
      const lists = [ies?.RANfunctionsAdded, ies?.RANfunctionsModified];
      const count = lists.flatMap((list) => unwrapItems('RANfunction-Item', list)).length;
      const all = count + unwrapItems('RANfunctionID-Item', ies?.RANfunctionsDeleted).length;
      return all > 0
        ? holds(`${all} RAN function(s)`, pdu.n)
        : broken(`no RAN function; octets: ${shown(pdu)}`, pdu.n);
    },
  },
  {
    id: 'e2.node.own-configuration-update',
    triggered: 'configurationUpdate',
    inWords: 'update the configuration of its components',
    message: 'E2nodeConfigurationUpdate',
    judge: judgeConfiguration,
  },
  {
    id: 'e2.node.own-removal',
    triggered: 'removal',
    inWords: 'remove its E2 interface',
    message: 'E2RemovalRequest',
    judge: (pdu) => holds('the E2 interface is removed', pdu.n),
  },
];

function judgeConfiguration(pdu: SeenPdu): Found {
  const ies = messagesOf([pdu], 'E2nodeConfigurationUpdate')[0]?.message.ies;
  const added = unwrapItems('E2nodeComponentConfigAddition-Item', ies?.E2nodeComponentConfigAddition);
  const updated = unwrapItems('E2nodeComponentConfigUpdate-Item', ies?.E2nodeComponentConfigUpdate);
  const removed = unwrapItems('E2nodeComponentConfigRemoval-Item', ies?.E2nodeComponentConfigRemoval);
  const fault = [...added, ...updated].map(componentFault).find((each) => each !== null);
  if (fault !== undefined) return broken(`${fault}; octets: ${shown(pdu)}`, pdu.n);
  const count = added.length + updated.length + removed.length;
  return count > 0
    ? holds(`${count} component(s)`, pdu.n)
    : broken(`no component; octets: ${shown(pdu)}`, pdu.n);
}

/** What the E2 node begins by itself, once it is made to. */
export const ownProcedures: readonly Procedure[] = OWN.map(({ id, triggered, inWords, message, judge }) => ({
  id,
  parameters: { ...BASIC, triggerWithinMs: TRIGGER_WITHIN, settleMs: SETTLE },
  clauses: ['requested', 'syntax', 'content'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const { link } = await mustSetUp(driver);
      const from = link.next;
      await driver.trigger(triggered, inWords);
      await link.waitFor(isNamed(message), { signal, withinMs: bench.number('triggerWithinMs'), from });
    }),
  judge: (seen) => {
    const pdu = seenPdus(seen.observations).find(
      (each) => each.direction === 'received' && isNamedPdu(message)(each),
    );
    if (pdu !== undefined)
      return {
        clauses: clausesOf({
          requested: holds(`${message} came`, pdu.n),
          syntax: judgeSyntax(pdu),
          content: judge(pdu),
        }),
      };
    const why = `no ${message} came within ${seen.number('triggerWithinMs')} ms`;
    return {
      clauses: clausesOf({ requested: undecided(why), syntax: unseen(why), content: unseen(why) }),
    };
  },
}));

/** E2TS 6.2.1.7.2: the near-RT RIC removes the E2 interface; nothing is set up on it again. */
export const removalByRic: Procedure = {
  id: 'e2.node.removal',
  parameters: { ...BASIC, settleMs: SETTLE },
  clauses: ['answered', 'quiet'],
  drive: (bench, { signal }) =>
    driveNode(bench, { signal }, async (driver) => {
      const { link } = await mustSetUp(driver);
      await link.request('remove', { name: 'E2RemovalRequest', ies: { TransactionID: 6 } }, driver.waiting);
      await link.waitFor(isNamed('E2setupRequest'), { signal, withinMs: bench.number('settleMs') });
    }),
  judge: (seen) => {
    const pdus = seenPdus(seen.observations);
    const request = openingOf(pdus, 'remove');
    return {
      clauses: clausesOf({
        answered: answeredWith(pdus, request, ['E2RemovalResponse']),
        quiet: judgeQuiet(seen, pdus, request),
      }),
    };
  },
};

function judgeQuiet({ observations }: Seen, pdus: readonly SeenPdu[], request: SeenPdu | undefined): Found {
  if (request === undefined) return unseen('the E2 interface was not removed');
  const [after] = messagesOf(pdus, 'E2setupRequest', 'received').filter(
    ({ n, association }) => n > request.n && association === request.association,
  );
  if (after !== undefined)
    return broken(`E2 is set up again on the same association; octets: ${shown(after)}`, request.n, after.n);
  const ended = seenEvents(observations).find(({ n, type }) => n > request.n && type !== 'arrived');
  return holds(ended === undefined ? 'nothing came any more' : 'the association ended', request.n);
}

function judgeSyntax(pdu: SeenPdu): Found {
  const [finding] = pdu.comprehension.findings;
  return finding === undefined
    ? holds('all that must be there is there', pdu.n)
    : broken(`${finding.text}; octets: ${shown(pdu)}`, pdu.n);
}

function isNamed(name: MessageName) {
  return ({ decoded }: { readonly decoded: SeenPdu['decoded'] }): boolean => decoded.message?.name === name;
}

function isNamedPdu(name: MessageName) {
  return (pdu: SeenPdu): boolean => pdu.decoded.message?.name === name;
}
