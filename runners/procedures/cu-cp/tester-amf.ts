import type { Equipment } from '../../../src/domain/equipment.ts';
import type { SliceId, Tunnel } from '../../interfaces/ap/tunnel.ts';
import { gtpTunnel, snssaiOf } from '../../interfaces/ap/tunnel.ts';
import type { EntryIn } from '../../interfaces/ap/peer.ts';
import { bitsOf, plmnOctets } from '../../interfaces/ap/values.ts';
import { outgoing, RULES } from '../../interfaces/ngap/codec.ts';
import type { AnyAccepted, Ies, NgapShape, Outgoing } from '../../interfaces/ngap/types.ts';
import { type ApDoor, openApDoor } from '../ap/door.ts';
import { NG } from '../ap/interfaces/ng.ts';
import type { ApLink } from '../ap/link.ts';
import type { PrepareKey } from '../hook.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { orderProduct, tellProduct } from '../ap/orders.ts';

/** K_gNB of every UE of the tester: the UE is the tester's, too. */
export const KGNB = new Uint8Array(32).fill(0x3c);
/** The first UE; others count on. */
const FIRST_UE = 500;
export const GUAMI_REGION = 1;
export const GUAMI_SET = 1;
export const GUAMI_POINTER = 0;
const ALL_ALGORITHMS = bitsOf(0xe000, 16);

interface Opening {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly signal: AbortSignal;
  readonly key: PrepareKey;
}

/** A core network that gives out keys of its own and carries NAS as octets. */
export class TesterAmf implements AsyncDisposable {
  readonly #opening: Opening;
  readonly #door: ApDoor<NgapShape>;
  readonly #link: ApLink<NgapShape>;
  #ue = FIRST_UE;

  private constructor(opening: Opening, door: ApDoor<NgapShape>, link: ApLink<NgapShape>) {
    this.#opening = opening;
    this.#door = door;
    this.#link = link;
  }

  static async open(opening: Opening): Promise<TesterAmf> {
    const { bench, product, signal } = opening;
    const plmn = plmnOf(product);
    const handle = (message: AnyAccepted): readonly Outgoing[] => answer(message, plmn);
    const door = await openApDoor(NG, { bench, product }, { tester: 'amf', handle });
    try {
      const { host, port, udpPort } = door;
      const order = { action: 'connectNg', host, port, ...(udpPort === undefined ? {} : { udpPort }) };
      const inWords = `connect to the AMF at ${host}, SCTP port ${port},`;
      await orderProduct(opening, { step: 'ng', order, inWords, comesByItself: true });
      const withinMs = bench.number('triggerWithinMs');
      const link = await door.arrival(0, { withinMs, signal });
      const isSetup = ({ decoded }: EntryIn<NgapShape>): boolean =>
        decoded.message?.name === 'NGSetupRequest';
      const asked = await link?.waitFor(isSetup, { withinMs, signal, from: 0 });
      if (link === null || asked === null || asked === undefined)
        throw Blocked.precondition('the product did not set NG up with the AMF of the tester');
      return new TesterAmf(opening, door, link);
    } catch (error) {
      await door[Symbol.asyncDispose]();
      throw error;
    }
  }

  get next(): number {
    return this.#link.next;
  }

  /** The first message of that name from `from` on. */
  async awaits(
    name: AnyAccepted['name'],
    from: number,
    withinMs = this.#opening.bench.number('triggerWithinMs'),
  ): Promise<EntryIn<NgapShape> | null> {
    const { signal } = this.#opening;
    return this.#link.waitFor(({ decoded }) => decoded.message?.name === name, { signal, withinMs, from });
  }

  /** The UE that said something first: its number with the product, and what it said. */
  async initialUe(from: number): Promise<{ readonly ran: number; readonly amf: number } | null> {
    const entry = await this.awaits('InitialUEMessage', from);
    const ies = entry?.decoded.message?.ies as Partial<Ies<'InitialUEMessage'>> | undefined;
    const ran = ies?.['RAN-UE-NGAP-ID'];
    if (ran === undefined) return null;
    this.#ue += 1;
    return { ran, amf: this.#ue };
  }

  downlinkNas(step: string, ids: UeIds, nas: Uint8Array): Promise<void> {
    return this.#link.send(step, outgoing('DownlinkNASTransport', { ...named(ids), 'NAS-PDU': nas }));
  }

  /** True when the product has done it. */
  async setUpContext(step: string, ids: UeIds, nas: Uint8Array): Promise<boolean> {
    const plmn = plmnOf(this.#opening.product);
    const ies: Ies<'InitialContextSetupRequest'> = {
      ...named(ids),
      GUAMI: guamiOf(plmn),
      AllowedNSSAI: [{ 's-NSSAI': snssaiOf(sliceOf(this.#opening.product)) }],
      UESecurityCapabilities: {
        nRencryptionAlgorithms: ALL_ALGORITHMS,
        nRintegrityProtectionAlgorithms: ALL_ALGORITHMS,
        eUTRAencryptionAlgorithms: ALL_ALGORITHMS,
        eUTRAintegrityProtectionAlgorithms: ALL_ALGORITHMS,
      },
      SecurityKey: { bits: KGNB, length: 256 },
      'NAS-PDU': nas,
    };
    const request = { name: 'InitialContextSetupRequest', ies } as const;
    const outcome = await this.#link.request(step, request, this.#long());
    return outcome.kind === 'successful';
  }

  /** True when the product has set that session up. */
  async setUpSession(step: string, ids: UeIds, wanted: SessionFromCore): Promise<boolean> {
    const { id, uplink, nas } = wanted;
    const transfer = RULES.wrapElements('PDUSessionResourceSetupRequestTransfer-IEs', {
      'UL-NGU-UP-TNLInformation': { gTPTunnel: gtpTunnel(uplink) },
      PDUSessionType: 'ipv4',
      SecurityIndication: {
        integrityProtectionIndication: 'required',
        confidentialityProtectionIndication: 'required',
        'maximumIntegrityProtectedDataRate-UL': 'maximum-UE-rate',
      },
      QosFlowSetupRequestList: [
        {
          qosFlowIdentifier: 1,
          qosFlowLevelQosParameters: {
            qosCharacteristics: { nonDynamic5QI: { fiveQI: 9 } },
            allocationAndRetentionPriority: {
              priorityLevelARP: 8,
              'pre-emptionCapability': 'shall-not-trigger-pre-emption',
              'pre-emptionVulnerability': 'not-pre-emptable',
            },
          },
        },
      ],
    });
    const ies: Ies<'PDUSessionResourceSetupRequest'> = {
      ...named(ids),
      PDUSessionResourceSetupListSUReq: [
        {
          pDUSessionID: id,
          'pDUSessionNAS-PDU': nas,
          's-NSSAI': snssaiOf(sliceOf(this.#opening.product)),
          pDUSessionResourceSetupRequestTransfer: { protocolIEs: transfer },
        },
      ],
      UEAggregateMaximumBitRate: {
        uEAggregateMaximumBitRateDL: 1_000_000_000,
        uEAggregateMaximumBitRateUL: 1_000_000_000,
      },
    };
    const request = { name: 'PDUSessionResourceSetupRequest', ies } as const;
    const outcome = await this.#link.request(step, request, this.#long());
    return (
      outcome.kind === 'successful' && outcome.message.ies.PDUSessionResourceSetupListSURes !== undefined
    );
  }

  page(step: string): Promise<void> {
    const { product } = this.#opening;
    const tac = product.ixit['tac'];
    const tAI = {
      pLMNIdentity: plmnOctets(plmnOf(product)),
      tAC: tacOctets(typeof tac === 'number' ? tac : 7),
    };
    const identity = {
      ...{ aMFSetID: bitsOf(GUAMI_SET, 10), aMFPointer: bitsOf(GUAMI_POINTER, 6) },
      'fiveG-TMSI': Uint8Array.of(1, 2, 3, 4),
    };
    return this.#link.send(
      step,
      outgoing('Paging', { UEPagingIdentity: { 'fiveG-S-TMSI': identity }, TAIListForPaging: [{ tAI }] }),
    );
  }

  /** True when the product has said that the UE is gone. */
  async release(step: string, ids: UeIds): Promise<boolean> {
    const pair = { 'aMF-UE-NGAP-ID': ids.amf, 'rAN-UE-NGAP-ID': ids.ran };
    const ies = {
      'UE-NGAP-IDs': { 'uE-NGAP-ID-pair': pair },
      Cause: { nas: 'normal-release' },
    } as const;
    const outcome = await this.#link.request(step, { name: 'UEContextReleaseCommand', ies }, this.#long());
    return outcome.kind === 'successful';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await tellProduct(this.#opening, { step: 'clean-up', order: { action: 'disconnectNg' } });
    await this.#door[Symbol.asyncDispose]();
  }

  /** What takes several procedures of the product. */
  #long(): { readonly signal: AbortSignal; readonly withinMs: number } {
    return { signal: this.#opening.signal, withinMs: this.#opening.bench.number('triggerWithinMs') };
  }
}

export interface UeIds {
  readonly ran: number;
  readonly amf: number;
}

export interface SessionFromCore {
  readonly id: number;
  /** Where the UPF takes packets. */
  readonly uplink: Tunnel;
  readonly nas: Uint8Array;
}

function named({ ran, amf }: UeIds): { 'AMF-UE-NGAP-ID': number; 'RAN-UE-NGAP-ID': number } {
  return { 'AMF-UE-NGAP-ID': amf, 'RAN-UE-NGAP-ID': ran };
}

function answer(message: AnyAccepted, plmn: string): readonly Outgoing[] {
  if (message.name === 'NGSetupRequest')
    return [
      outgoing('NGSetupResponse', {
        AMFName: 'tester',
        ServedGUAMIList: [{ gUAMI: guamiOf(plmn) }],
        RelativeAMFCapacity: 255,
        PLMNSupportList: [
          { pLMNIdentity: plmnOctets(plmn), sliceSupportList: [{ 's-NSSAI': { sST: Uint8Array.of(1) } }] },
        ],
      }),
    ];
  if (message.name === 'UEContextReleaseRequest') {
    const { 'AMF-UE-NGAP-ID': amf, 'RAN-UE-NGAP-ID': ran } = message.ies;
    const pair = { 'aMF-UE-NGAP-ID': amf, 'rAN-UE-NGAP-ID': ran };
    const Cause = { radioNetwork: 'radio-connection-with-ue-lost' } as const;
    return [outgoing('UEContextReleaseCommand', { 'UE-NGAP-IDs': { 'uE-NGAP-ID-pair': pair }, Cause })];
  }
  return [];
}

function guamiOf(plmn: string) {
  return {
    pLMNIdentity: plmnOctets(plmn),
    aMFRegionID: bitsOf(GUAMI_REGION, 8),
    aMFSetID: bitsOf(GUAMI_SET, 10),
    aMFPointer: bitsOf(GUAMI_POINTER, 6),
  };
}

function tacOctets(tac: number): Uint8Array {
  return Uint8Array.of(tac >> 16, (tac >> 8) & 0xff, tac & 0xff);
}

/** As the IXIT has it; 00101 where it says nothing. */
export function plmnOf({ ixit }: Pick<Equipment, 'ixit'>): string {
  const { plmn } = ixit;
  return typeof plmn === 'string' ? plmn : '00101';
}

export function tacOf({ ixit }: Pick<Equipment, 'ixit'>): number {
  const { tac } = ixit;
  return typeof tac === 'number' ? tac : 7;
}

/** The first of its slices; type 1 where it says nothing. */
export function sliceOf({ ixit }: Pick<Equipment, 'ixit'>): SliceId {
  const { slices } = ixit;
  const [first] = Array.isArray(slices) ? (slices as readonly unknown[]) : [];
  const { sst, sd } = (first ?? {}) as { readonly sst?: unknown; readonly sd?: unknown };
  return { sst: typeof sst === 'number' ? sst : 1, ...(typeof sd === 'number' ? { sd } : {}) };
}
