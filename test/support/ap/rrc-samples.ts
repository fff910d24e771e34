import { cellGroupConfig, handoverCellGroup } from '../../../runners/interfaces/rrc/cell-group.ts';
import {
  type Channel,
  type RrcContents,
  type RrcName,
  writeRrc,
} from '../../../runners/interfaces/rrc/messages.ts';

export interface RrcSample {
  readonly channel: Channel;
  readonly name: string;
  /** Which alternative of its channel it is. */
  readonly number: number;
  readonly octets: Uint8Array;
}

const NAS = Uint8Array.of(0x7e, 0x00, 0x41, 0x79, 0x00, 0x01, 0x00);
const PDCP = { 't-Reordering': 10 };
const ALGORITHMS = { cipheringAlgorithm: 'nea2', integrityProtAlgorithm: 'nia2' } as const;

function measured(physCellId: number, rsrp: number) {
  return { physCellId, measResult: { cellResults: { 'resultsSSB-Cell': { rsrp } } } };
}

/** Every message of RRC that travels on F1, with what we put into it. */
export function rrcSamples(): readonly RrcSample[] {
  return [
    sample('ulCcch', 'rrcSetupRequest', 0, {
      'ue-Identity': { randomValue: { bits: Uint8Array.of(1, 2, 3, 4, 2), length: 39 } },
      establishmentCause: 'mo-Signalling',
      spare: { bits: Uint8Array.of(0), length: 1 },
    }),
    sample('ulCcch', 'rrcReestablishmentRequest', 2, {
      'ue-Identity': { 'c-RNTI': 1, physCellId: 1, 'shortMAC-I': { bits: Uint8Array.of(1, 2), length: 16 } },
      reestablishmentCause: 'otherFailure',
      spare: { bits: Uint8Array.of(0), length: 1 },
    }),
    sample('dlCcch', 'rrcReject', 0, { waitTime: 3 }),
    sample('dlCcch', 'rrcSetup', 1, {
      radioBearerConfig: { 'srb-ToAddModList': [{ 'srb-Identity': 1 }] },
      masterCellGroup: cellGroupConfig([{ srb: 1 }]),
    }),
    sample('ulDcch', 'rrcSetupComplete', 2, { 'selectedPLMN-Identity': 1, 'dedicatedNAS-Message': NAS }),
    sample('ulDcch', 'measurementReport', 0, {
      measResults: {
        measId: 1,
        measResultServingMOList: [{ servCellId: 0, measResultServingCell: measured(1, 50) }],
        measResultNeighCells: { measResultListNR: [measured(2, 60)] },
      },
    }),
    sample('ulDcch', 'rrcReconfigurationComplete', 1, {}),
    sample('ulDcch', 'rrcReestablishmentComplete', 3, {}),
    sample('ulDcch', 'securityModeComplete', 5, {}),
    sample('ulDcch', 'ulInformationTransfer', 7, { 'dedicatedNAS-Message': NAS }),
    sample('ulDcch', 'ueCapabilityInformation', 9, { 'ue-CapabilityRAT-ContainerList': [] }),
    sample('dlDcch', 'rrcReconfiguration', 0, {
      radioBearerConfig: {
        'srb-ToAddModList': [{ 'srb-Identity': 2 }],
        'drb-ToAddModList': [
          {
            cnAssociation: {
              'sdap-Config': {
                'pdu-Session': 1,
                'sdap-HeaderDL': 'absent',
                'sdap-HeaderUL': 'absent',
                defaultDRB: true,
                'mappedQoS-FlowsToAdd': [9],
              },
            },
            'drb-Identity': 1,
            'pdcp-Config': {
              drb: {
                discardTimer: 'infinity',
                'pdcp-SN-SizeUL': 'len18bits',
                'pdcp-SN-SizeDL': 'len18bits',
                headerCompression: { notUsed: null },
                integrityProtection: 'enabled',
              },
              ...PDCP,
            },
          },
        ],
        securityConfig: { securityAlgorithmConfig: ALGORITHMS, keyToUse: 'master' },
      },
      nonCriticalExtension: {
        masterCellGroup: handoverCellGroup([{ srb: 2 }, { drb: 1 }], { pci: 5, rnti: 17 }),
        'dedicatedNAS-MessageList': [NAS],
        masterKeyUpdate: { keySetChangeIndicator: false, nextHopChainingCount: 1 },
      },
    }),
    sample('dlDcch', 'rrcRelease', 2, {}),
    sample('dlDcch', 'rrcReestablishment', 3, { nextHopChainingCount: 1 }),
    sample('dlDcch', 'securityModeCommand', 4, {
      securityConfigSMC: { securityAlgorithmConfig: ALGORITHMS },
    }),
    sample('dlDcch', 'dlInformationTransfer', 5, { 'dedicatedNAS-Message': NAS }),
    sample('dlDcch', 'ueCapabilityEnquiry', 6, { 'ue-CapabilityRAT-RequestList': [{ 'rat-Type': 'nr' }] }),
  ];
}

function sample<C extends Channel, Name extends RrcName<C>>(
  channel: C,
  name: Name,
  ...[number, contents]: readonly [number, RrcContents<C, Name>]
): RrcSample {
  return { channel, name, number, octets: writeRrc(channel, name, { transaction: 1, contents }) };
}
