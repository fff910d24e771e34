import { outgoing } from '../../interfaces/xnap/codec.ts';
import { withCellUpdate } from '../../interfaces/xnap/cell-updates.ts';
import { globalNodeId, servedCells } from '../../interfaces/xnap/node.ts';
import type { Ies, MessageName, Outgoing } from '../../interfaces/xnap/types.ts';
import { broken, causeText, clausesOf, type Found, holds, unseen } from '../ap/judging.ts';
import { answerTo, openingOf } from '../ap/seen-messages.ts';
import type { Procedure } from '../procedure.ts';
import { driveXn, isNamed, type XnDriver } from './driver.ts';
import { answered, begun } from './judging.ts';
import { BASIC, TRIGGERED } from './parameters.ts';
import { messagesOf, seenPdus } from './seen-messages.ts';

/** The tester changes its cells, one after the other. */
export function anUpdate({ gnb }: Pick<XnDriver, 'gnb'>): Ies<'NGRANNodeConfigurationUpdate'> {
  const [, second] = servedCells(gnb);
  const modified = second === undefined ? [] : [modification(second)];
  return {
    ConfigurationUpdateInitiatingNodeChoice: withCellUpdate({ 'served-Cells-ToModify-NR': modified }),
  };
}

function modification(cell: ReturnType<typeof servedCells>[number]) {
  const info = cell['served-cell-info-NR'];
  return { 'old-NR-CGI': info.cellID, 'served-cell-info-NR': info };
}

/** TS 38.423 8.4.2 */
export const configurationUpdate: Procedure = {
  id: 'xn.gnb.configuration-update',
  parameters: BASIC,
  clauses: ['acknowledged', 'kind'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const update = { name: 'NGRANNodeConfigurationUpdate', ies: anUpdate(driver) } as const;
      await link.request('update', update, driver.waiting);
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    const request = openingOf(pdus, 'update');
    const answer = request && answerTo(pdus, request);
    const [ack] = messagesOf(pdus, 'NGRANNodeConfigurationUpdateAcknowledge', 'received').filter(
      ({ n }) => n === answer?.n,
    );
    const kind = ack?.message.ies.RespondingNodeTypeConfigUpdateAck;
    const judgeKind = (): Found => {
      if (ack === undefined) return unseen('there is no acknowledgement');
      return kind !== undefined && 'gNB' in kind
        ? holds('it answers as a gNB', ack.n)
        : broken('it does not answer as a gNB', ack.n);
    };
    return {
      clauses: clausesOf({
        acknowledged: answered(pdus, 'update', 'NGRANNodeConfigurationUpdateAcknowledge'),
        kind: judgeKind(),
      }),
    };
  },
};

/** TS 38.423 8.4.6: afterwards Xn can be set up again. */
export const removal: Procedure = {
  id: 'xn.gnb.removal',
  parameters: BASIC,
  clauses: ['answered', 'again'],
  drive: (bench, { signal }) =>
    driveXn(bench, { signal }, async (driver) => {
      const link = await driver.ready();
      const ies = { 'GlobalNG-RAN-node-ID': globalNodeId(driver.gnb) };
      await link.request('removal', { name: 'XnRemovalRequest', ies }, driver.waiting);
      await driver.ask(link.peer.isOver ? ((await driver.associate('again')) ?? link) : link, 'again');
    }),
  judge: ({ observations }) => {
    const pdus = seenPdus(observations);
    return {
      clauses: clausesOf({
        answered: answered(pdus, 'removal', 'XnRemovalResponse'),
        again: answered(pdus, 'again', 'XnSetupResponse'),
      }),
    };
  },
};

interface Own {
  readonly id: string;
  readonly action: string;
  readonly inWords: string;
  readonly name: MessageName;
  readonly answer: (driver: XnDriver) => Outgoing;
  /** Whether the message has to have a cause. */
  readonly hasCause?: true;
}

const OWN: readonly Own[] = [
  {
    id: 'xn.gnb.own-configuration-update',
    action: 'configurationUpdate',
    inWords: 'tell its neighbour of a change of its cells',
    name: 'NGRANNodeConfigurationUpdate',
    answer: ({ gnb }) =>
      outgoing('NGRANNodeConfigurationUpdateAcknowledge', {
        RespondingNodeTypeConfigUpdateAck: { gNB: { 'served-NR-Cells': servedCells(gnb) } },
      }),
  },
  {
    id: 'xn.gnb.own-removal',
    action: 'removal',
    inWords: 'remove the Xn interface',
    name: 'XnRemovalRequest',
    answer: ({ gnb }) => outgoing('XnRemovalResponse', { 'GlobalNG-RAN-node-ID': globalNodeId(gnb) }),
  },
  {
    id: 'xn.gnb.own-reset',
    action: 'reset',
    inWords: 'reset the Xn interface',
    name: 'ResetRequest',
    answer: () => outgoing('ResetResponse', { ResetResponseTypeInfo: { fullReset: {} } }),
    hasCause: true,
  },
];

/** What the product begins by itself, as its hook makes it. */
export const ownProcedures: readonly Procedure[] = OWN.map(
  ({ id, action, inWords, name, answer, hasCause }): Procedure => ({
    id,
    parameters: TRIGGERED,
    clauses: ['requested', 'syntax', ...(hasCause === true ? ['cause'] : [])],
    drive: (bench, { signal }) =>
      driveXn(bench, { signal }, async (driver) => {
        driver.manners = (message) => (message.name === name ? [answer(driver)] : []);
        const link = await driver.ready();
        const from = await driver.order(link, { step: action, order: { action }, inWords });
        await link.waitFor(isNamed(name), { signal, withinMs: bench.number('triggerWithinMs'), from });
      }),
    judge: (seen) => {
      const pdus = seenPdus(seen.observations);
      const [request] = messagesOf(pdus, name, 'received');
      const [finding] = request?.comprehension.findings ?? [];
      const cause = (request?.message.ies as { readonly Cause?: object } | undefined)?.Cause;
      const none = unseen(`no ${name} came`);
      return {
        clauses: clausesOf({
          requested: begun(seen, pdus, { name, step: action }),
          syntax:
            request === undefined
              ? none
              : finding === undefined
                ? holds('all that must be there is there', request.n)
                : broken(finding.text, request.n),
          ...(hasCause === true
            ? {
                cause:
                  request === undefined
                    ? none
                    : cause === undefined
                      ? broken('no cause', request.n)
                      : holds(causeText(cause), request.n),
              }
            : {}),
        }),
      };
    },
  }),
);
