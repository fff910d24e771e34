import { bitsOf, plmnOctets } from '../../interfaces/ap/values.ts';
import type { EntryIn } from '../../interfaces/ap/peer.ts';
import { outgoing } from '../../interfaces/ngap/codec.ts';
import type { AnyAccepted, Ies, NgapShape, Outgoing } from '../../interfaces/ngap/types.ts';
import { testerAmf } from './tester.ts';
import { openApDoor } from '../ap/door.ts';
import { NG } from '../ap/interfaces/ng.ts';
import type { ApLink } from '../ap/link.ts';
import { preparationIn } from '../ap/preparation.ts';
import { seenOn } from '../ap/seen-messages.ts';
import { giveOrder, hookUrl, mustGiveOrder } from '../hook.ts';
import type { Equipment } from '../../../src/domain/equipment.ts';
import { type Bench, Blocked } from '../procedure.ts';
import { PREPARE } from './driver.ts';

export type NgLink = ApLink<NgapShape>;
export const { seenPdus: seenNgPdus, messagesOf: ngMessagesOf } = seenOn(NG);

/** What a case needs of NG. */
interface NeedsAmf {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly signal: AbortSignal;
}

/** The tester as AMF of the product, as far as UEs that move need one. */
export interface TesterAmf extends AsyncDisposable {
  /** NG is set up on it. */
  readonly link: NgLink;
  /** Whether it switches paths; else it refuses. */
  switches: boolean;
}

/** @throws Blocked when the equipment file does not say how the product comes to an AMF, or it does not */
export async function openAmf({ bench, product, signal }: NeedsAmf): Promise<TesterAmf> {
  let switches = true;
  const handle = (message: AnyAccepted): readonly Outgoing[] => answer(product, message, switches);
  const door = await openApDoor(NG, { bench, product }, { tester: 'amf', handle });
  const url = hookUrl(product, PREPARE);
  const leave = async (): Promise<void> => {
    if (url !== null && !signal.aborted)
      await giveOrder(
        { bench, url, step: 'clean-up' },
        { action: 'disconnect', interface: 'ng' },
        { signal },
      );
    await door[Symbol.asyncDispose]();
  };
  try {
    const { host, port, udpPort } = door;
    const where = { host, port, ...(udpPort === undefined ? {} : { udpPort }) };
    const order = { action: 'connect', interface: 'ng', ...where };
    if (url !== null) await mustGiveOrder({ bench, url, step: 'amf' }, order, { signal });
    else if (preparationIn(product, PREPARE).kind === 'manual')
      bench.ask(`Have ${product.id} set NG up with the AMF at ${host}, SCTP port ${port}, now`);
    const withinMs = bench.number('triggerWithinMs');
    const link = await door.arrival(0, { withinMs, signal });
    const isSetup = ({ decoded }: EntryIn<NgapShape>): boolean => decoded.message?.name === 'NGSetupRequest';
    const setup = await link?.waitFor(isSetup, { withinMs, signal, from: 0 });
    if (link === null || setup?.comprehension?.action !== 'accept')
      throw Blocked.precondition('the product did not set NG up with the AMF that the tester plays');
    return {
      link,
      set switches(whether: boolean) {
        switches = whether;
      },
      get switches() {
        return switches;
      },
      [Symbol.asyncDispose]: leave,
    };
  } catch (error) {
    await leave();
    throw error;
  }
}

function answer(product: Equipment, message: AnyAccepted, switches: boolean): readonly Outgoing[] {
  switch (message.name) {
    case 'NGSetupRequest':
      return [outgoing('NGSetupResponse', setupResponse(product, message.ies))];
    case 'PathSwitchRequest':
      return [switches ? switched(message.ies) : refused(message.ies)];
    case 'UEContextReleaseRequest': {
      const { 'AMF-UE-NGAP-ID': amf, 'RAN-UE-NGAP-ID': ran } = message.ies;
      return [
        outgoing('UEContextReleaseCommand', {
          'UE-NGAP-IDs': { 'uE-NGAP-ID-pair': { 'aMF-UE-NGAP-ID': amf, 'rAN-UE-NGAP-ID': ran } },
          Cause: { nas: 'normal-release' },
        }),
      ];
    }
    default:
      return [];
  }
}

type Presented = Pick<Ies<'NGSetupRequest'>, 'SupportedTAList'>;

/** All PLMNs and slices that the product has told of, and the AMF that its UEs know. @see 3GPP TS 38.413 clause 9.2.6.2 */
function setupResponse(product: Equipment, { SupportedTAList: areas }: Presented): Ies<'NGSetupResponse'> {
  const { plmn, region, set, pointer } = testerAmf(product);
  const pLMNIdentity = plmnOctets(plmn);
  const gUAMI = {
    pLMNIdentity,
    aMFRegionID: bitsOf(region, 8),
    aMFSetID: bitsOf(set, 10),
    aMFPointer: bitsOf(pointer, 6),
  };
  const slices = areas[0]?.broadcastPLMNList[0]?.tAISliceSupportList ?? [];
  return {
    AMFName: 'tester',
    ServedGUAMIList: [{ gUAMI }],
    RelativeAMFCapacity: 255,
    PLMNSupportList: [{ pLMNIdentity, sliceSupportList: slices }],
  };
}

type Asked = Pick<
  Ies<'PathSwitchRequest'>,
  'RAN-UE-NGAP-ID' | 'SourceAMF-UE-NGAP-ID' | 'PDUSessionResourceToBeSwitchedDLList'
>;

function switched(asked: Asked): Outgoing {
  return outgoing('PathSwitchRequestAcknowledge', {
    'AMF-UE-NGAP-ID': asked['SourceAMF-UE-NGAP-ID'],
    'RAN-UE-NGAP-ID': asked['RAN-UE-NGAP-ID'],
    SecurityContext: {
      nextHopChainingCount: 2,
      nextHopNH: { bits: Uint8Array.from({ length: 32 }, (_, at) => 0xff - at), length: 256 },
    },
    PDUSessionResourceSwitchedList: asked.PDUSessionResourceToBeSwitchedDLList.map(({ pDUSessionID }) => ({
      pDUSessionID,
      pathSwitchRequestAcknowledgeTransfer: {},
    })),
    AllowedNSSAI: [{ 's-NSSAI': { sST: Uint8Array.of(1) } }],
  });
}

function refused(asked: Asked): Outgoing {
  return outgoing('PathSwitchRequestFailure', {
    'AMF-UE-NGAP-ID': asked['SourceAMF-UE-NGAP-ID'],
    'RAN-UE-NGAP-ID': asked['RAN-UE-NGAP-ID'],
    PDUSessionResourceReleasedListPSFail: asked.PDUSessionResourceToBeSwitchedDLList.map(
      ({ pDUSessionID }) => ({
        pDUSessionID,
        pathSwitchRequestUnsuccessfulTransfer: { cause: { misc: 'unspecified' as const } },
      }),
    ),
  });
}
