import type { Equipment } from '../../../src/domain/equipment.ts';
import { gtpTunnel } from '../../interfaces/ap/tunnel.ts';
import { plmnOctets } from '../../interfaces/ap/values.ts';
import { modificationsIn, sessionsToSetup } from '../../interfaces/e1ap/bearers.ts';
import { outgoing, wrapElements } from '../../interfaces/e1ap/codec.ts';
import { RESETS } from '../../interfaces/e1ap/resets.ts';
import type { AcceptedMessage, AnyAccepted, E1apShape, Ies, Outgoing } from '../../interfaces/e1ap/types.ts';
import type { SctpAssociation } from '../../interfaces/sctp/types.ts';
import { E1 } from '../ap/interfaces/e1.ts';
import { ApLink, type LinkWaiting } from '../ap/link.ts';
import type { Bench } from '../procedure.ts';
import { plmnOf, sliceOf } from './tester-amf.ts';

export interface TesterParts {
  readonly bench: Bench;
  readonly product: Equipment;
  readonly association: SctpAssociation;
  readonly name: string;
  readonly step: string;
}

/** Of the tester's gNB-CU-UP: nobody sends packets there. */
export const CU_UP_HOST = '127.0.0.1';
const N3_TEID = 0x7000;
export const F1U_TEID = 0x7100;

/** The gNB-CU-UP that the tester plays: it says yes to every bearer. */
export class TesterCuUp {
  readonly link: ApLink<E1apShape>;
  readonly #product: Equipment;
  /** The bearer contexts that were set up, in their order, with their identifiers. */
  readonly contexts: { readonly upper: number; readonly lower: number }[] = [];
  #nextUe = 40;

  constructor({ bench, product, association, name, step }: TesterParts) {
    this.#product = product;
    this.link = new ApLink(E1, {
      ...{ bench, association, step },
      parties: { association: name, tester: 'o-cu-up', product: product.role },
      handle: (message) => this.#answer(message),
    });
  }

  presentation(plmn = plmnOf(this.#product)): Omit<Ies<'GNB-CU-UP-E1SetupRequest'>, 'TransactionID'> {
    const { sst } = sliceOf(this.#product);
    return {
      ...{ 'gNB-CU-UP-ID': 9, 'gNB-CU-UP-Name': 'tester', CNSupport: 'c-5gc' },
      SupportedPLMNs: [
        {
          'pLMN-Identity': plmnOctets(plmn),
          'slice-Support-List': [{ sNSSAI: { sST: Uint8Array.of(sst) } }],
        },
      ],
    };
  }

  /** Whether it was accepted. */
  async setUp(step: string, waiting: LinkWaiting, plmn?: string): Promise<boolean> {
    const ies = { TransactionID: this.link.peer.newTransactionId(), ...this.presentation(plmn) };
    const outcome = await this.link.request(step, { name: 'GNB-CU-UP-E1SetupRequest', ies }, waiting);
    return outcome.kind === 'successful';
  }

  #answer(message: AnyAccepted): readonly Outgoing[] {
    switch (message.name) {
      case 'GNB-CU-CP-E1SetupRequest': {
        const { TransactionID } = message.ies;
        return [outgoing('GNB-CU-CP-E1SetupResponse', { TransactionID, ...this.presentation() })];
      }
      case 'BearerContextSetupRequest':
        return [this.#setUpBearers(message)];
      case 'BearerContextModificationRequest':
        return [modified(message)];
      case 'BearerContextReleaseCommand': {
        const { 'gNB-CU-CP-UE-E1AP-ID': cp, 'gNB-CU-UP-UE-E1AP-ID': up } = message.ies;
        return [
          outgoing('BearerContextReleaseComplete', {
            'gNB-CU-CP-UE-E1AP-ID': cp,
            'gNB-CU-UP-UE-E1AP-ID': up,
          }),
        ];
      }
      case 'Reset':
        return [outgoing('ResetAcknowledge', RESETS.acknowledge(message.ies))];
      default:
        return [];
    }
  }

  #setUpBearers({ ies }: AcceptedMessage<'BearerContextSetupRequest'>): Outgoing {
    this.#nextUe += 1;
    this.contexts.push({ upper: ies['gNB-CU-CP-UE-E1AP-ID'], lower: this.#nextUe });
    const sessions = sessionsToSetup(ies['System-BearerContextSetupRequest']) ?? [];
    const list = sessions.map((session) => ({
      'pDU-Session-ID': session['pDU-Session-ID'],
      'nG-DL-UP-TNL-Information': { gTPTunnel: gtpTunnel({ host: CU_UP_HOST, teid: N3_TEID }) },
      'dRB-Setup-List-NG-RAN': session['dRB-To-Setup-List-NG-RAN'].map((drb) => ({
        'dRB-ID': drb['dRB-ID'],
        'uL-UP-Transport-Parameters': [
          {
            'uP-TNL-Information': {
              gTPTunnel: gtpTunnel({ host: CU_UP_HOST, teid: F1U_TEID + Number(drb['dRB-ID']) }),
            },
            'cell-Group-ID': 0,
          },
        ],
        'flow-Setup-List': drb['qos-flow-Information-To-Be-Setup'].map((flow) => ({
          'qoS-Flow-Identifier': flow['qoS-Flow-Identifier'],
        })),
      })),
    }));
    return outgoing('BearerContextSetupResponse', {
      'gNB-CU-CP-UE-E1AP-ID': ies['gNB-CU-CP-UE-E1AP-ID'],
      'gNB-CU-UP-UE-E1AP-ID': this.#nextUe,
      'System-BearerContextSetupResponse': {
        'nG-RAN-BearerContextSetupResponse': wrapElements('NG-RAN-BearerContextSetupResponse', {
          'PDU-Session-Resource-Setup-List': list,
        }),
      },
    });
  }
}

function modified({ ies }: AcceptedMessage<'BearerContextModificationRequest'>): Outgoing {
  const wanted = modificationsIn(ies['System-BearerContextModificationRequest']);
  const list = (wanted['PDU-Session-Resource-To-Modify-List'] ?? []).map((session) => ({
    'pDU-Session-ID': session['pDU-Session-ID'],
    'dRB-Modified-List-NG-RAN': (session['dRB-To-Modify-List-NG-RAN'] ?? []).map((drb) => ({
      'dRB-ID': drb['dRB-ID'],
    })),
  }));
  const set = list.length === 0 ? {} : { 'PDU-Session-Resource-Modified-List': list };
  return outgoing('BearerContextModificationResponse', {
    'gNB-CU-CP-UE-E1AP-ID': ies['gNB-CU-CP-UE-E1AP-ID'],
    'gNB-CU-UP-UE-E1AP-ID': ies['gNB-CU-UP-UE-E1AP-ID'],
    'System-BearerContextModificationResponse': {
      'nG-RAN-BearerContextModificationResponse': wrapElements(
        'NG-RAN-BearerContextModificationResponse',
        set,
      ),
    },
  });
}
