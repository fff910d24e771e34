import { err, ok, type Result } from '../../../src/kernel/result.ts';
import { kgnbStarOf } from '../aka/keys.ts';
import { SignallingBearers } from './bearers.ts';
import { readRrc, type RrcContents, type RrcMessage, type RrcName, writeRrc } from './messages.ts';
import {
  type AsAlgorithms,
  asKeys,
  type AsKeys,
  CIPHERINGS,
  INTEGRITIES,
  type KeyedCell,
} from './security.ts';
import { type LostConnection, shortMacI } from './short-mac.ts';

/** A data radio bearer as a UE is told of it. */
export interface DrbForUe {
  readonly drb: number;
  readonly session: number;
  readonly qfis: readonly number[];
  readonly snBits: 12 | 18;
  readonly isIntegrityProtected: boolean;
}

/** What a gNB-CU has of the RRC of one UE: messages in and out of PDCP, and the keys. @see TS 38.331 clause 5.3 */
export class RrcNetworkSide {
  keys: AsKeys | null = null;
  algorithms: AsAlgorithms | null = null;
  #kgnb: Uint8Array | null = null;
  #bearers = new SignallingBearers('downlink');
  #transaction = 0;

  /** The next transaction identifier. */
  #next(): number {
    this.#transaction = (this.#transaction + 1) % 4;
    return this.#transaction;
  }

  /** For SRB0. */
  setup(masterCellGroup: Uint8Array): Uint8Array {
    const radioBearerConfig = { 'srb-ToAddModList': [{ 'srb-Identity': 1 }] };
    const contents = { radioBearerConfig, masterCellGroup };
    this.#bearers.ends(1);
    return writeRrc('dlCcch', 'rrcSetup', { transaction: this.#next(), contents });
  }

  /** For SRB0. @param waitS 1 to 16 seconds */
  static reject(waitS: number): Uint8Array {
    return writeRrc('dlCcch', 'rrcReject', { contents: { waitTime: waitS } });
  }

  /** From then on RRC is protected; ciphering begins when the UE has answered. */
  securityModeCommand(kgnb: Uint8Array, algorithms: AsAlgorithms): Uint8Array {
    this.#kgnb = kgnb;
    this.keys = asKeys(kgnb, algorithms);
    this.algorithms = algorithms;
    const { integrity } = this.keys.rrc;
    this.#bearers.secureSending({ integrity });
    this.#bearers.secureReceiving({ integrity });
    return this.dedicated(1, 'securityModeCommand', {
      securityConfigSMC: {
        securityAlgorithmConfig: {
          cipheringAlgorithm: CIPHERINGS[algorithms.ciphering],
          integrityProtAlgorithm: INTEGRITIES[algorithms.integrity],
        },
      },
    });
  }

  get isSecured(): boolean {
    return this.keys !== null;
  }

  /** Whether a UE that asks for its connection back is the one that had it. */
  isShortMac(mac: Uint8Array, lost: LostConnection): boolean {
    if (this.keys === null) return false;
    return shortMacI(this.keys.rrc.integrity, lost).every((octet, at) => octet === mac[at]);
  }

  /**
   * For SRB1: the connection comes back in that cell, under keys that are made for it of those that there were.
   * @throws TypeError when security had not been activated
   * @see TS 38.331 clause 5.3.7.5, TS 33.501 clause 6.9.2.3.4
   */
  reestablishment(cell: KeyedCell): Uint8Array {
    if (this.#kgnb === null || this.algorithms === null) throw new TypeError('there is no security');
    this.#kgnb = kgnbStarOf(this.#kgnb, cell);
    this.keys = asKeys(this.#kgnb, this.algorithms);
    return this.#restart(this.keys);
  }

  /** The same with the keys of before, which is wrong. @throws TypeError when security had not been activated */
  reestablishmentUnderOldKeys(): Uint8Array {
    if (this.keys === null) throw new TypeError('there is no security');
    return this.#restart(this.keys);
  }

  #restart({ rrc }: AsKeys): Uint8Array {
    this.#bearers = new SignallingBearers('downlink');
    this.#bearers.secureSending({ integrity: rrc.integrity });
    this.#bearers.secureReceiving(rrc);
    const octets = this.dedicated(1, 'rrcReestablishment', { nextHopChainingCount: 0 });
    this.#bearers.secureSending(rrc);
    return octets;
  }

  informationTransfer(nas: Uint8Array): Uint8Array {
    const contents = { 'dedicatedNAS-Message': nas };
    return this.dedicated(this.#bearers.has(2) ? 2 : 1, 'dlInformationTransfer', contents);
  }

  /** The signalling bearer that NAS travels on now. */
  get nasBearer(): 1 | 2 {
    return this.#bearers.has(2) ? 2 : 1;
  }

  /** SRB2 where it is not there yet, data bearers, and NAS with them. */
  reconfiguration(wanted: {
    readonly masterCellGroup: Uint8Array;
    readonly drbs?: readonly DrbForUe[];
    /** Bearers that go on, with the numbers and keys that there are now. */
    readonly reestablished?: readonly number[];
    readonly released?: readonly number[];
    readonly nas?: readonly Uint8Array[];
  }): Uint8Array {
    const { masterCellGroup, drbs = [], reestablished = [], released = [], nas = [] } = wanted;
    const isNew = !this.#bearers.has(2);
    const again = { reestablishPDCP: 'true' as const };
    const srb2 = { 'srb-Identity': 2, ...(reestablished.length === 0 ? {} : again) };
    const toAdd = [...drbs.map(drbToAdd), ...reestablished.map((drb) => ({ 'drb-Identity': drb, ...again }))];
    const radioBearerConfig = {
      ...(isNew ? { 'srb-ToAddModList': [srb2] } : {}),
      ...(toAdd.length === 0 ? {} : { 'drb-ToAddModList': toAdd }),
      ...(released.length === 0 ? {} : { 'drb-ToReleaseList': released }),
    };
    const octets = this.dedicated(1, 'rrcReconfiguration', {
      ...(Object.keys(radioBearerConfig).length === 0 ? {} : { radioBearerConfig }),
      nonCriticalExtension: {
        masterCellGroup,
        ...(nas.length === 0 ? {} : { 'dedicatedNAS-MessageList': nas }),
      },
    });
    this.#bearers.ends(2);
    return octets;
  }

  release(): Uint8Array {
    return this.dedicated(1, 'rrcRelease', {});
  }

  dedicated<Name extends RrcName<'dlDcch'>>(
    srb: 1 | 2,
    name: Name,
    contents: RrcContents<'dlDcch', Name>,
  ): Uint8Array {
    const octets = writeRrc('dlDcch', name, { transaction: this.#next(), contents });
    return this.#bearers.ends(srb).sender.protect(octets);
  }

  /** What the UE said on SRB1 or SRB2, or a word on what is wrong with it. */
  receive(srb: number, pdu: Uint8Array): Result<RrcMessage<'ulDcch'>, string> {
    if (!this.#bearers.has(srb)) return err(`the UE has no SRB${srb}`);
    const received = this.#bearers.ends(srb).receiver.receive(pdu);
    if (!received.ok) return err(received.error.text);
    const read = readRrc('ulDcch', received.value.sdu);
    if (read.ok && read.value.name === 'securityModeComplete' && this.keys !== null) {
      const { ciphering } = this.keys.rrc;
      this.#bearers.secureSending({ ciphering });
      this.#bearers.secureReceiving({ ciphering });
    }
    return read.ok ? ok(read.value) : read;
  }
}

/** One of 64 times: 100 ms. */
const REORDER_WITHIN_100_MS = 14;

function drbToAdd({ drb, session, qfis, snBits, isIntegrityProtected }: DrbForUe) {
  const size = snBits === 12 ? ('len12bits' as const) : ('len18bits' as const);
  return {
    cnAssociation: {
      'sdap-Config': {
        'pdu-Session': session,
        'sdap-HeaderDL': 'absent' as const,
        'sdap-HeaderUL': 'absent' as const,
        defaultDRB: true,
        'mappedQoS-FlowsToAdd': qfis,
      },
    },
    'drb-Identity': drb,
    'pdcp-Config': {
      drb: {
        discardTimer: 'infinity' as const,
        'pdcp-SN-SizeUL': size,
        'pdcp-SN-SizeDL': size,
        headerCompression: { notUsed: null },
        ...(isIntegrityProtected ? { integrityProtection: 'enabled' as const } : {}),
      },
      't-Reordering': REORDER_WITHIN_100_MS,
    },
  };
}
