import { RULES } from './codec.ts';
import type {
  NGAP$PDUSessionResourceSetupRequestTransfer as SetupTransfer,
  NGAP$PDUSessionResourceSetupResponseTransfer as ResponseTransfer,
  NGAP$QosFlowSetupRequestItem as FlowItem,
  NGAP$UPTransportLayerInformation as TransportInformation,
  Sets,
} from './gen/ngap.js';
import { isRead } from '../ap/rules.ts';
import type { Element, IesOf } from '../ap/types.ts';
import { ipBytes, ipText } from '../capture/ip-address.ts';
import { isObject } from '../per/values.ts';

/** What node and SMF tell each other of a session inside of the messages of node and AMF. @see TS 38.413 clause 9.3.4 */

/** One end of a tunnel of GTP-U. */
export interface TunnelEnd {
  /** An address, not a name. */
  readonly host: string;
  readonly teid: number;
}

export function transportInformation({ host, teid }: TunnelEnd): TransportInformation {
  const id = new Uint8Array(4);
  new DataView(id.buffer).setUint32(0, teid);
  const bits = ipBytes(host);
  return {
    gTPTunnel: { transportLayerAddress: { bits, length: bits.length * 8 }, 'gTP-TEID': id },
  };
}

/** Where there are an address of IPv4 and one of IPv6, that of IPv4 is taken; `null` of what is no tunnel. */
export function tunnelEndIn(information: TransportInformation | undefined): TunnelEnd | null {
  if (information === undefined || !('gTPTunnel' in information)) return null;
  const { transportLayerAddress, 'gTP-TEID': id } = information.gTPTunnel;
  const octets = transportLayerAddress.bits;
  const address = octets.length === 20 ? octets.subarray(0, 4) : octets;
  if ((address.length !== 4 && address.length !== 16) || id.length !== 4) return null;
  return { host: ipText(address), teid: new DataView(id.buffer, id.byteOffset, 4).getUint32(0) };
}

const SETUP = 'NGAP.PDUSessionResourceSetupRequestTransfer-IEs';
export type SetupIes = IesOf<Sets[typeof SETUP]>;

/** Elements in their order, with what the specification says of each. */
export function setupTransfer(ies: SetupIes): SetupTransfer {
  const values = ies as Readonly<Record<string, unknown>>;
  const protocolIEs = RULES.elementsOf(SETUP).flatMap(({ id, criticality, name }): Element[] =>
    values[name] === undefined ? [] : [{ id, criticality, value: values[name] }],
  );
  return { protocolIEs };
}

/** What could be read of it. */
export function setupIesIn(transfer: SetupTransfer | Uint8Array): Partial<SetupIes> {
  if (transfer instanceof Uint8Array || !isObject(transfer)) return {};
  const names = new Map(RULES.elementsOf(SETUP).map(({ id, name }) => [id, name]));
  return Object.fromEntries(
    transfer.protocolIEs.flatMap(({ id, value }) => {
      const name = names.get(id);
      return name === undefined || !isRead(value) ? [] : [[name, value] as const];
    }),
  );
}

/** Retention priority of what is nothing special: 8 of 15. */
const PRIORITY = {
  priorityLevelARP: 8,
  'pre-emptionCapability': 'shall-not-trigger-pre-emption',
  'pre-emptionVulnerability': 'not-pre-emptable',
} as const;

/** A flow without a guaranteed rate. */
export function flowItem({ qfi, fiveQi }: { readonly qfi: number; readonly fiveQi: number }): FlowItem {
  return {
    qosFlowIdentifier: qfi,
    qosFlowLevelQosParameters: {
      qosCharacteristics: { nonDynamic5QI: { fiveQI: fiveQi } },
      allocationAndRetentionPriority: PRIORITY,
    },
  };
}

export function responseTransfer(end: TunnelEnd, flows: readonly number[]): ResponseTransfer {
  return {
    dLQosFlowPerTNLInformation: {
      uPTransportLayerInformation: transportInformation(end),
      associatedQosFlowList: flows.map((qosFlowIdentifier) => ({ qosFlowIdentifier })),
    },
  };
}

/** Where the node takes what goes down; `null` where that cannot be read. */
export function responseEndIn(transfer: ResponseTransfer | Uint8Array): TunnelEnd | null {
  return transfer instanceof Uint8Array
    ? null
    : tunnelEndIn(transfer.dLQosFlowPerTNLInformation.uPTransportLayerInformation);
}
