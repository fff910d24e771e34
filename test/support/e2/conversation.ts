import { outgoing } from '../../../runners/interfaces/e2/answers.ts';
import { elementsFor, encodeElements } from '../../../runners/interfaces/e2/codec.ts';
import { wrapItems } from '../../../runners/interfaces/e2/messages.ts';
import { NodeSide } from '../../../runners/interfaces/e2/node-side.ts';
import { E2Peer } from '../../../runners/interfaces/e2/peer.ts';
import { RicSide } from '../../../runners/interfaces/e2/ric-side.ts';
import { setUp } from '../../../runners/interfaces/e2/set-up.ts';
import type { MessageName } from '../../../runners/interfaces/e2/types.ts';
import { ueOfDu } from '../../../runners/interfaces/e2sm/identity.ts';
import { KPM } from '../../../runners/interfaces/e2sm/kpm/kpm.ts';
import type { RcCommand } from '../../../runners/interfaces/e2sm/rc/commands.ts';
import { encodeControl, encodeOutcome } from '../../../runners/interfaces/e2sm/rc/control.ts';
import { controlStylesFor, encodeRcDefinition } from '../../../runners/interfaces/e2sm/rc/definition.ts';
import { SERVICE_MODEL_OIDS } from '../../../runners/interfaces/e2sm/service-models.ts';
import type { SctpAssociation } from '../../../runners/interfaces/sctp/types.ts';
import { aHeader, SAMPLE_ACTIONS, SAMPLE_DEFINITION, SAMPLE_MESSAGES } from '../kpm-samples.ts';
import { AN_NG_COMPONENT, aGlobalNodeId, aGlobalRicId, aRanFunction } from './messages.ts';

const KPM_FUNCTION = aRanFunction({
  ranFunctionDefinition: KPM.v3.definition.encode(SAMPLE_DEFINITION),
  ranFunctionOID: SERVICE_MODEL_OIDS.kpmV3,
});
const RC_FUNCTION = aRanFunction({
  ranFunctionID: 3,
  ranFunctionOID: SERVICE_MODEL_OIDS.rc,
  ranFunctionDefinition: encodeRcDefinition({
    name: { shortName: 'ORAN-E2SM-RC', oid: SERVICE_MODEL_OIDS.rc, description: 'RAN Control' },
    controlStyles: controlStylesFor(['handover', 'drbQos', 'sliceQuota']),
    others: {},
  }),
});
/** NGAP: an ERROR INDICATION without elements. */
const NGAP_MESSAGE = Uint8Array.of(0x00, 9, 0x40, 3, 0, 0, 0);
const COMPONENT = {
  ...AN_NG_COMPONENT,
  e2nodeComponentConfiguration: {
    e2nodeComponentRequestPart: NGAP_MESSAGE,
    e2nodeComponentResponsePart: NGAP_MESSAGE,
  },
};
const COMMANDS: readonly RcCommand[] = [
  { kind: 'handover', target: { kind: 'nr', plmn: '00101', id: 0x123456789 } },
  { kind: 'drbQos', drb: 1, fiveQi: 9, priorityLevel: 1, maxDlBitS: 1e9 },
  {
    kind: 'sliceQuota',
    policies: [
      {
        members: [{ plmn: '00101', slice: { sst: 1, sd: 10 } }],
        ...{ minPercent: 10, maxPercent: 60, dedicatedPercent: 5 },
      },
    ],
  },
];
const AN_ADDRESS = { tnlAddress: { bits: Uint8Array.of(192, 0, 2, 9), length: 32 } };

/**
 * What there is to say on E2, by both sides over one association until it is shut down: set-up, subscriptions to KPM, indications, controls
 * of RC, updates, errors, reset and removal. @throws Error when an answer does not come
 */
export async function e2Conversation(client: SctpAssociation, server: SctpAssociation): Promise<void> {
  const ends = bothEnds(client, server);
  await setUp(ends.node, ends.nodeSide, { ...waiting(), attempts: 1 });
  await subscribeAndReport(ends);
  await controlAndQuery(ends);
  await update(ends);
  await goWrong(ends);
  await wants(ends.node, 'RICsubscriptionDeleteRequest', () =>
    ends.node.send(outgoing('RICsubscriptionDeleteRequired', deleteRequired(ends))),
  );
  const cause = { misc: 'om-intervention' } as const;
  await ends.ric.request('ResetRequest', { TransactionID: 201, Cause: cause }, waiting());
  await ends.node.request('ResetRequest', { TransactionID: 202, Cause: cause }, waiting());
  await ends.node.request('E2RemovalRequest', { TransactionID: 203 }, waiting());
  await ends.node.close();
  await ends.ric.ended;
}

type Ends = ReturnType<typeof bothEnds>;

function bothEnds(client: SctpAssociation, server: SctpAssociation) {
  let transactions = 0;
  const nodeSide: NodeSide = new NodeSide({
    identity: aGlobalNodeId(),
    functions: [KPM_FUNCTION, RC_FUNCTION],
    components: [COMPONENT],
    control: () => ({ outcome: encodeOutcome([{ id: 1, value: { valueInt: 1 } }]) }),
    newTransactionId: () => (transactions += 1),
  });
  const ricSide = new RicSide({ identity: aGlobalRicId() });
  const node = new E2Peer({ association: client, handle: (message) => nodeSide.handle(message) });
  const ric = new E2Peer({ association: server, handle: (message) => ricSide.handle(message) });
  return { node, nodeSide, ric, ricSide };
}

function waiting() {
  return { signal: AbortSignal.timeout(60_000), timeoutMs: 30_000 };
}

/** What is done makes the other end send that message. */
async function wants(peer: E2Peer, name: MessageName, act: () => Promise<unknown>): Promise<void> {
  const from = peer.journal.next;
  await act();
  const found = await peer.waitFor(({ decoded }) => decoded.message?.name === name, { ...waiting(), from });
  if (found === null) throw new Error(`no ${name} has come`);
}

/** A report of cells, of a UE and of several UEs: styles 1, 2 and 5. */
async function subscribeAndReport({ node, nodeSide, ric, ricSide }: Ends): Promise<void> {
  for (const [instance, action] of SAMPLE_ACTIONS.entries()) {
    if (action.format === 3 || action.format === 4) continue;
    const RICrequestID = { ricRequestorID: 7, ricInstanceID: instance };
    const wanted = {
      ricActionID: 1,
      ricActionType: 'report',
      ricActionDefinition: KPM.v3.action.encode(action),
    } as const;
    const RICsubscriptionDetails = {
      ricEventTriggerDefinition: KPM.v3.periodMs.encode(1_000),
      'ricAction-ToBeSetup-List': wrapItems('RICaction-ToBeSetup-Item', [wanted]),
    };
    const request = { RICrequestID, RANfunctionID: KPM_FUNCTION.ranFunctionID, RICsubscriptionDetails };
    await ric.request('RICsubscriptionRequest', request, waiting());
    ricSide.subscribed(RICrequestID, KPM_FUNCTION.ranFunctionID);
  }
  for (const subscription of nodeSide.subscriptions.kept.values())
    for (const message of SAMPLE_MESSAGES) {
      const report = {
        RICactionID: 1,
        RICindicationHeader: KPM.v3.header.encode(aHeader(8, { vendorName: 'Patchbay' })),
        RICindicationMessage: KPM.v3.message.encode(message),
      };
      await wants(ric, 'RICindication', () => node.send(nodeSide.indication(subscription, report)));
    }
}

async function controlAndQuery({ ric }: Ends): Promise<void> {
  const about = { RICrequestID: { ricRequestorID: 8, ricInstanceID: 1 }, RANfunctionID: 3 };
  for (const command of COMMANDS) {
    const { header, message } = encodeControl({ ue: ueOfDu(17), command });
    const request = { ...about, RICcontrolHeader: header, RICcontrolMessage: message };
    await ric.request('RICcontrolRequest', request, waiting());
  }
  const nothing = { RICqueryHeader: new Uint8Array(), RICqueryDefinition: new Uint8Array() };
  await ric.request('RICQueryRequest', { ...about, ...nothing }, waiting());
}

async function update({ node, nodeSide, ric, ricSide }: Ends): Promise<void> {
  const changed = { ...RC_FUNCTION, ranFunctionRevision: 2 };
  await node.request('RICserviceUpdate', nodeSide.updateRequest({ modified: [changed] }), waiting());
  await wants(node, 'RICserviceUpdateAcknowledge', () =>
    ric.send(outgoing('RICserviceQuery', ricSide.serviceQuery(101))),
  );
  const components = wrapItems('E2nodeComponentConfigUpdate-Item', [COMPONENT]);
  const configuration = { TransactionID: 102, E2nodeComponentConfigUpdate: components };
  await node.request('E2nodeConfigurationUpdate', configuration, waiting());
  const added = wrapItems('E2connectionUpdate-Item', [{ tnlInformation: AN_ADDRESS, tnlUsage: 'both' }]);
  await ric.request('E2connectionUpdate', { TransactionID: 103, E2connectionUpdateAdd: added }, waiting());
}

/** A function that is not there, an element that nobody knows, and a message that does not belong there. */
async function goWrong({ ric }: Ends): Promise<void> {
  const octets = { RICcontrolHeader: Uint8Array.of(1), RICcontrolMessage: Uint8Array.of(2) };
  const request = { RICrequestID: { ricRequestorID: 9, ricInstanceID: 1 }, RANfunctionID: 99, ...octets };
  await ric.request('RICcontrolRequest', request, waiting());
  const elements = elementsFor('ResetRequest', { TransactionID: 104, Cause: { misc: 'unspecified' } });
  const foreign = { id: 9_999, criticality: 'reject', value: Uint8Array.of(1) } as const;
  await wants(ric, 'ErrorIndication', () =>
    ric.sendBytes(encodeElements('ResetRequest', [...elements, foreign])),
  );
  const { RICcontrolHeader: RICindicationHeader, RICcontrolMessage: RICindicationMessage } = octets;
  const misplaced = { RICactionID: 1, RICindicationType: 'report', RICindicationHeader } as const;
  const { RICrequestID, RANfunctionID } = request;
  await wants(ric, 'ErrorIndication', () =>
    ric.send(outgoing('RICindication', { RICrequestID, RANfunctionID, ...misplaced, RICindicationMessage })),
  );
}

function deleteRequired({ ricSide }: Ends) {
  const items = ricSide.subscriptions.slice(0, 1).map(({ requestId, functionId }) => ({
    ...{ ricRequestID: requestId, ranFunctionID: functionId },
    cause: { ricRequest: 'unspecified' } as const,
  }));
  return { RICsubscriptionToBeRemoved: wrapItems('RICsubscription-withCause-Item', items) };
}
